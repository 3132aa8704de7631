package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.RawConnection.RawChannel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that are logged in and send more at a time than they may: their connection ends, and
 * nobody else's.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class OversizedIT {

    /** What the bastion announces for one packet of a channel, and for what may be on the way. */
    private static final int PACKET = 32 << 10;

    private static final int WINDOW = 2 << 20;

    /** RFC 4253 section 6.1 asks for 35,000 bytes; OpenSSH and MINA take this much. */
    private static final int LONGEST = 256 << 10;

    private final RunningBastion bastion;
    private final RawConnection beside;
    private final RawChannel besideShell;
    private int endsBefore;

    OversizedIT(@TempDir Path folder) throws Exception {
        bastion = RunningBastion.start(folder);
        beside = connect();
        besideShell = start(beside, "shell", new byte[0]);
    }

    @BeforeEach
    void countRecords() {
        endsBefore = bastion.records(SessionEnded.class).size();
    }

    @AfterEach
    void othersGoOn() throws Exception {
        besideShell.send("echo here\n");
        besideShell.awaitOutput();
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
    }

    @AfterAll
    void close() {
        beside.close();
        bastion.close();
    }

    @Test
    void asMuchAsAPacketMayBe() throws Exception {
        try (RawConnection client = connect()) {
            RawChannel counted =
                    start(client, "exec", exec("head -c %d >&2; echo".formatted(PACKET)));
            counted.send("x".repeat(PACKET));

            counted.awaitOutput();
            assertThat(client.isOpen()).isTrue();
        }
    }

    @Test
    void aByteMoreThanAPacketMayBe() throws Exception {
        try (RawConnection client = connect()) {
            running(client, "cat").send("x".repeat(PACKET + 1));

            isEnded(client);
        }
    }

    @Test
    void moreThanTheWindow() throws Exception {
        try (RawConnection client = connect()) {
            sendUntilEnded(client, running(client, "sleep 100"));

            isEnded(client);
        }
    }

    @Test
    void aPacketLongerThanAny() throws Exception {
        try (RawConnection client = connect()) {
            running(client, "cat");
            client.globalWithoutWaiting("x".repeat(LONGEST));

            isEnded(client);
        }
    }

    /** At a host that takes a window of its own. */
    private static void sendUntilEnded(RawConnection client, RawChannel channel) {
        try {
            for (int sent = 0; client.isOpen(); sent += PACKET) {
                assertThat(sent).isLessThan(32 * WINDOW);
                channel.send("x".repeat(PACKET));
            }
        } catch (IOException e) {
            assertThat(client.isOpen()).isFalse();
        }
    }

    private void isEnded(RawConnection client) throws Exception {
        client.awaitFarewell();
        assertThat(client.isOpen()).isFalse();
        await().atMost(LIMIT).until(() -> bastion.records(SessionEnded.class).size() > endsBefore);
        assertThat(bastion.records(SessionEnded.class).get(endsBefore).reason())
                .isEqualTo("closed-by-client");
        await().atMost(LIMIT).until(() -> bastion.liveSessions() == 1);
    }

    private RawConnection connect() throws Exception {
        return new RawConnection("alice+web1", bastion.port(), bastion.key("alice"));
    }

    private static RawChannel start(RawConnection client, String request, byte[] data)
            throws Exception {
        RawChannel channel = client.open("session", new byte[0]);
        assertThat(channel.outcome()).isEqualTo("open");
        assertThat(channel.ask(request, data)).isEqualTo("success");
        return channel;
    }

    /** Of a client that leaves before the host runs its command there is no session to end. */
    private static RawChannel running(RawConnection client, String command) throws Exception {
        RawChannel channel = start(client, "exec", exec("echo here; " + command));
        channel.awaitOutput();
        return channel;
    }

    private static byte[] exec(String command) {
        byte[] words = new byte[Integer.BYTES + command.length()];
        words[3] = (byte) command.length();
        for (int i = 0; i < command.length(); i++) {
            words[Integer.BYTES + i] = (byte) command.charAt(i);
        }
        return words;
    }
}
