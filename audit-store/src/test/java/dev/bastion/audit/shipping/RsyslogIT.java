package dev.bastion.audit.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.proof.Checkpoints;
import dev.bastion.audit.proof.ProofOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * <pre>
 *   a ledger ── TLS, both sides verified ── rsyslogd ── a file: structured data, a tab, the message
 * </pre>
 *
 * A real rsyslogd, which is killed and started again.
 */
@Timeout(180)
final class RsyslogIT {

    /** Not on the PATH of a login that is not root's. */
    private static final String PROGRAM =
            Files.isExecutable(Path.of("/usr/sbin/rsyslogd")) ? "/usr/sbin/rsyslogd" : "rsyslogd";

    private final Path folder;
    private final Path received;
    private final Certificate server;
    private final Certificate client;
    private int port;

    RsyslogIT(@TempDir Path folder) throws Exception {
        this.folder = folder;
        this.received = folder.resolve("received");
        this.server = Certificate.make(folder, "server", "dns:localhost");
        this.client = Certificate.make(folder, "client", "dns:bastion");
    }

    private Process rsyslogd() throws Exception {
        Path named = folder.resolve("port");
        Files.deleteIfExists(named);
        Path config =
                Files.writeString(
                        folder.resolve("rsyslog.conf"),
                        """
                        global(workDirectory="%1$s" maxMessageSize="64k"
                               defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="%2$s"
                               defaultNetstreamDriverCertFile="%3$s"
                               defaultNetstreamDriverKeyFile="%4$s")
                        module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1"
                               streamDriver.authMode="x509/certvalid")
                        template(name="line" type="string" string="%%structured-data%%\\t%%msg%%\\n")
                        input(type="imtcp" port="%5$d" address="127.0.0.1" listenPortFileName="%6$s")
                        action(type="omfile" file="%7$s" template="line")
                        """
                                .formatted(
                                        folder,
                                        client.pem(),
                                        server.pem(),
                                        server.key(),
                                        port,
                                        named,
                                        received));
        Process process =
                new ProcessBuilder(PROGRAM, "-n", "-iNONE", "-f", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("rsyslog.log").toFile())
                        .start();
        if (port == 0) {
            Entries.await("rsyslogd listens", () -> Files.exists(named) && !text(named).isBlank());
            port = Integer.parseInt(text(named).strip());
        }
        return process;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> lines() {
        return Files.exists(received) ? text(received).lines().toList() : List.of();
    }

    private void awaitEntry(long entry) throws InterruptedException {
        Entries.await(
                "entry " + entry + " has arrived; " + folder,
                () ->
                        lines().stream()
                                .anyMatch(line ->
                                        line.startsWith("[bastion@32473 entry=\"" + entry + "\"")));
    }

    @Test
    void everyEntryIsThereInOrderAlthoughItWasKilled() throws Exception {
        String text = "\"]\\\n ü \u2028 \ud83d\ude00";
        List<AuditRecord> kinds = Records.ofEachKind(text);
        long last = 6_000;
        Process first = rsyslogd();
        try (FileLedger ledger = Entries.ledger(folder)) {
            var to =
                    new ShipTo.Syslog(
                            "localhost",
                            port,
                            new ShipTo.Tls(server.pem(), client.pem(), client.key()));
            try (Shipping shipping = Shipping.of(ledger, folder.resolve("shipping"), List.of(to))) {
                shipping.start();
                ledger.appendAll(kinds).join();
                awaitEntry(kinds.size());
                Entries.append(ledger, kinds.size() + 1, 4_000);
                first.destroyForcibly().waitFor();
                Entries.append(ledger, 4_001, last);
                Process second = rsyslogd();
                try {
                    awaitEntry(last);
                } finally {
                    second.destroyForcibly().waitFor();
                }
                assertThat(shipping.states()).hasSize(1);
            }
        } finally {
            first.destroyForcibly();
        }
        assertThat(Entries.withoutDoubles(lines())).isEqualTo(Entries.numbers(last));
        String login = lines().getFirst();
        assertThat(login).contains(" user=\"\\\"\\]\\\\\uFFFD ü \uFFFD \ud83d\ude00\"");
        Map<?, ?> record =
                new JsonMapper().readValue(login.substring(login.indexOf('\t') + 1), Map.class);
        assertThat(record.get("user")).isEqualTo(text);
    }

    @Test
    void aCheckpointArrivesAlthoughTheReceiverWasAwayAndShowsThatTheLedgerWasCut()
            throws Exception {
        Process first = rsyslogd();
        var to =
                new ShipTo.Syslog(
                        "localhost",
                        port,
                        new ShipTo.Tls(server.pem(), client.pem(), client.key()));
        Path key = folder.resolve("ledger_ed25519");
        var options =
                new ProofOptions(
                        key,
                        "node1",
                        1_000_000,
                        Duration.ofDays(1),
                        folder.resolve("recordings"),
                        List.of(new SyslogCheckpoints(to)));
        try (FileLedger ledger = Entries.ledger(folder)) {
            Path files = folder.resolve("ledger");
            try (Checkpoints signing =
                    Checkpoints.start(files, ledger, options, InstantSource.system())) {
                Entries.append(ledger, 1, 10);
                signing.signNow();
                awaitCheckpoint("1");
                copy(files, folder.resolve("early"));
                first.destroyForcibly().waitFor();
                Entries.append(ledger, 11, 20);
                signing.signNow();
                Process second = rsyslogd();
                try {
                    awaitCheckpoint("2");
                } finally {
                    second.destroyForcibly().waitFor();
                }
            }
        } finally {
            first.destroyForcibly();
        }
        assertThat(verify(key, folder.resolve("ledger"))).contains("Entries 1 to 21 are whole");
        assertThat(verify(key, folder.resolve("early")))
                .contains("was kept elsewhere and is missing here");
    }

    private void awaitCheckpoint(String number) throws InterruptedException {
        Entries.await(
                "checkpoint " + number + " has arrived; " + folder,
                () ->
                        lines().stream()
                                .anyMatch(line ->
                                        line.contains(" type=\"checkpoint\"]\t{\"checkpoint\":")
                                                && line.contains("\\ncheckpoint " + number)));
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private String verify(Path key, Path ledger) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                "dev.bastion.audit.proof.Verify",
                                "--key",
                                key + ".pub",
                                "--checkpoint",
                                received.toString(),
                                ledger.toString())
                        .redirectErrorStream(true)
                        .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
