package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.ConnectionEnded;
import dev.bastion.server.RawConnection.RawChannel;
import dev.bastion.server.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.buffer.Buffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that talks on, little, while a key exchange that the bastion has begun waits for it: it
 * has four times as long as one that says nothing, and no longer.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class LateKeyExchangeIT {

    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final Duration ANSWER = SILENCE.multipliedBy(4);
    private static final Duration WORD = Duration.ofMillis(100);

    /** From which on the bastion wants other keys, with room for what it counts differently. */
    private static final int MUCH = 3 << 19;

    private final RunningBastion bastion;

    LateKeyExchangeIT(@TempDir Path folder) throws IOException {
        Path limits =
                Files.writeString(
                        folder.resolve("bastion.yaml"),
                        "rekeyBytes: 1048576\nsilenceSeconds: " + SILENCE.toSeconds() + "\n");
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void isDisconnectedWhenItHasNotAnsweredInTime() throws Exception {
        Hearing never = new Hearing(LIMIT.multipliedBy(2));
        try (RawConnection client = connect(never)) {
            var _ = startedExchange(client, never);
            long begun = System.nanoTime();
            while (client.isOpen()) {
                talk(client);
            }

            assertThat(client.awaitFarewell()).isEqualTo("a key exchange was not answered in time");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(ANSWER.minus(SILENCE), ANSWER.plus(LIMIT));
        }
        bastion.awaitRecord(ConnectionEnded.class, ended -> ended.reason().equals("silent"));
    }

    @Test
    void goesOnWhenItAnswersBeforeThat() throws Exception {
        Hearing late = new Hearing(ANSWER.dividedBy(2));
        try (RawConnection client = connect(late)) {
            RawChannel shell = startedExchange(client, late);
            while (!late.heard.await(WORD.toMillis(), TimeUnit.MILLISECONDS)) {
                talk(client);
            }

            // It goes to the host, whose answer comes back with the new keys.
            assertThat(shell.ask("signal", new byte[] {0, 0, 0, 4, 'N', 'O', 'N', 'E'}))
                    .isEqualTo("failure");
            assertThat(client.isOpen()).isTrue();
        }
    }

    private RawConnection connect(Hearing hearing) throws Exception {
        return new RawConnection(
                "alice+web1",
                bastion.port(),
                bastion.key("alice"),
                settings -> settings.setSessionFactory(new Clients(settings, hearing)));
    }

    private static RawChannel startedExchange(RawConnection client, Hearing hearing)
            throws Exception {
        RawChannel shell = client.open("session", new byte[0]);
        assertThat(shell.outcome()).isEqualTo("open");
        assertThat(shell.ask("shell", new byte[0])).isEqualTo("success");
        for (int sent = 0; sent < MUCH; sent += 30_000) {
            shell.send(":".repeat(29_999) + "\n");
        }
        assertThat(hearing.begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return shell;
    }

    /** It is there, and wants no answer, which would have to wait. */
    private static void talk(RawConnection client) throws InterruptedException {
        try {
            client.globalWithoutReply("keepalive@openssh.com");
        } catch (IOException e) {
            // It was disconnected.
        }
        Thread.sleep(WORD);
    }

    /** When a client hears of the first exchange after its login. */
    private static final class Hearing {

        private final Duration after;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch heard = new CountDownLatch(1);

        Hearing(Duration after) {
            this.after = after;
        }
    }

    /** Makes clients that take no packet for some time when the bastion begins an exchange. */
    private static final class Clients extends org.apache.sshd.client.session.SessionFactory {

        private final Hearing hearing;

        Clients(ClientFactoryManager client, Hearing hearing) {
            super(client);
            this.hearing = hearing;
        }

        @Override
        protected ClientSessionImpl doCreateSession(IoSession socket) throws Exception {
            return new ClientSessionImpl(getClient(), socket) {
                @Override
                protected void handleKexInit(Buffer buffer) throws Exception {
                    if (isAuthenticated() && hearing.heard.getCount() > 0) {
                        hearing.begun.countDown();
                        if (hearing.after.compareTo(ANSWER) > 0) {
                            return;
                        }
                        Thread.sleep(hearing.after);
                        super.handleKexInit(buffer);
                        hearing.heard.countDown();
                    } else {
                        super.handleKexInit(buffer);
                    }
                }
            };
        }
    }
}
