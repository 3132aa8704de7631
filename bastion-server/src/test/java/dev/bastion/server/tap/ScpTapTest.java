package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.rig.InMemoryAuditLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Hashes by their first eight digits: {@code ba7816bf} is that of abc, {@code e3b0c442} of nothing.
 */
final class ScpTapTest {

    private final InMemoryAuditLog log = new InMemoryAuditLog();
    private final StringBuilder host = new StringBuilder();
    private final StringBuilder client = new StringBuilder();

    private ScpTap tap(boolean toHost) {
        SessionContext context =
                new SessionContext(
                        new ConnectionId("c"), new SessionId("s"), "olga", "::1", "web1", "root");
        return new ScpTap(
                new FileRecorder(log, context, () -> Instant.EPOCH), new ScpCommand(toHost, "dir"));
    }

    private void fromClient(ScpTap tap, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        tap.toHost(bytes, 0, bytes.length, passage(bytes, host));
    }

    private void fromHost(ScpTap tap, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        tap.toOperator(ChannelEnd.DATA, bytes, 0, bytes.length, passage(bytes, client));
    }

    private static RelayTap.Passage passage(byte[] bytes, StringBuilder to) {
        return TappedShell.passage((offset, length, barrier) ->
                to.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1)));
    }

    private List<String> records() {
        return log.records.stream().map(record -> line((FileOperated) record)).toList();
    }

    private static String line(FileOperated file) {
        String sha256 = file.sha256();
        return String.join(
                "|",
                file.operation(),
                file.path(),
                file.target(),
                String.valueOf(file.bytes()),
                sha256 == null ? "-" : sha256.substring(0, 8),
                file.result());
    }

    @Test
    void filesOfATreeAreRecordedAndEveryBytePasses() {
        ScpTap tap = tap(true);
        fromHost(tap, "\0");
        for (String said : List.of("D0755 0 t\n", "T1 0 1 0\n", "C0644 3 a b\n")) {
            fromClient(tap, said);
            fromHost(tap, "\0");
        }
        fromClient(tap, "ab");
        fromClient(tap, "c\0");
        fromHost(tap, "\0");
        fromClient(tap, "E\n");
        fromHost(tap, "\0");
        fromClient(tap, "C0644 0 empty\n");
        fromHost(tap, "\0");
        fromClient(tap, "\0");
        fromHost(tap, "\0");
        assertThat(records())
                .containsExactly(
                        "mkdir|t|dir|null|-|ok",
                        "write|t/a b|dir|3|ba7816bf|ok",
                        "write|empty|dir|0|e3b0c442|ok");
        assertThat(host.toString())
                .isEqualTo("D0755 0 t\nT1 0 1 0\nC0644 3 a b\nabc\0E\nC0644 0 empty\n\0");
        assertThat(client.toString()).isEqualTo("\0".repeat(8));
    }

    @Test
    void aFileThatTheHostDoesNotTakeIsAFailureAndTheNextIsRecorded() {
        ScpTap tap = tap(true);
        fromClient(tap, "C0644 3 no\n");
        fromHost(tap, "\1scp: no: Permission denied\n");
        fromClient(tap, "C0644 3 yes\n");
        fromHost(tap, "\0");
        fromClient(tap, "abc\0");
        fromHost(tap, "\1scp: yes: No space left on device\n");
        assertThat(records())
                .containsExactly("write|no|dir|0|-|failure", "write|yes|dir|3|-|failure");
    }

    @Test
    void whatComesFromTheHostIsRead() {
        ScpTap tap = tap(false);
        fromClient(tap, "\0");
        fromHost(tap, "\1scp: absent: No such file or directory\n");
        fromHost(tap, "C0644 3 not\u00ffutf8\n");
        fromClient(tap, "\0");
        fromHost(tap, "abc\0");
        fromClient(tap, "\0");
        assertThat(records()).containsExactly("read|not\\xffutf8|dir|3|ba7816bf|ok");
    }

    @Test
    void aFileInTheMiddleIsUnfinished() {
        ScpTap tap = tap(true);
        fromClient(tap, "C0644 3 a\n");
        fromHost(tap, "\0");
        fromClient(tap, "ab");
        assertThat(tap.ended()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(records()).containsExactly("write|a|dir|2|-|unfinished");
    }

    @Test
    void aSinkThatAnswersBeforeTheSourcesLastWordHidesNothing() {
        ScpTap tap = tap(false);
        fromClient(tap, "\0");
        fromHost(tap, "C0644 3 a\n");
        fromClient(tap, "\0");
        fromHost(tap, "abc");
        fromClient(tap, "\0");
        fromHost(tap, "\0");
        fromHost(tap, "C0644 0 b\n");
        fromClient(tap, "\0");
        fromClient(tap, "\0");
        fromHost(tap, "\0");
        assertThat(tap.ended()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(records())
                .containsExactly("read|a|dir|3|ba7816bf|ok", "read|b|dir|0|e3b0c442|ok");
    }

    @Test
    void anyBytesPass() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            ScpTap tap = tap(random.nextBoolean());
            StringBuilder said = new StringBuilder();
            host.setLength(0);
            for (int i = 0; i < 20; i++) {
                String text =
                        switch (random.nextInt(4)) {
                            case 0 -> "C0644 " + random.nextInt(9) + " f\n";
                            case 1 -> "\0";
                            case 2 -> "x".repeat(random.nextInt(20_000));
                            default -> Character.toString(random.nextInt(256));
                        };
                said.append(text);
                fromClient(tap, text);
                fromHost(tap, random.nextBoolean() ? "\0" : "\1no\n");
            }
            assertThat(host.toString()).as("seed %d", seed).isEqualTo(said.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "scp -t /tmp,           true,  /tmp",
        "scp -v -r -p -t a b,   true,  a b",
        "/usr/bin/scp -pf /x,   false, /x",
        "scp -f -- -x,          false, -x",
        "scp a b,               ,",
        "scp -r x,              ,",
        "rsync --server -t .,   ,",
        "echo scp -t x,         ,"
    })
    void knowsTheCommand(String command, Boolean toHost, String argument) {
        assertThat(ScpCommand.of(command))
                .isEqualTo(
                        toHost == null
                                ? Optional.empty()
                                : Optional.of(new ScpCommand(toHost, argument)));
    }
}
