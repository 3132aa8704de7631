package dev.bastion.server.bench;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerOptions;
import dev.bastion.audit.proof.Checkpoints;
import dev.bastion.audit.proof.FolderEvidence;
import dev.bastion.audit.proof.LedgerProof;
import dev.bastion.audit.proof.ProofOptions;
import dev.bastion.audit.proof.ProofReport;
import dev.bastion.audit.proof.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How fast a ledger is verified, offline, beside reading its files once through SHA-256; and what
 * signing costs those who append. In this process.
 */
final class ProofBench {

    /** Entries of one append, and of a checkpoint. */
    private static final int BATCH = 1_000;

    private static final int SESSIONS = 100;
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SessionContext CONTEXT =
            new SessionContext(
                    new ConnectionId("c4k2v9"),
                    new SessionId("s7h3m1"),
                    "alice",
                    "10.20.30.40",
                    "web1",
                    "root");

    private final Path folder;
    private final BenchOptions options;

    ProofBench(Path folder, BenchOptions options) {
        this.folder = folder;
        this.options = options;
    }

    void run() throws IOException, InterruptedException, GeneralSecurityException {
        verifying();
        signing();
    }

    private void verifying() throws IOException, GeneralSecurityException {
        Path place = Files.createTempDirectory(folder, "proof");
        Path files = place.resolve("ledger");
        // A tenth of the lines of which an audit log is asked, each entered and decided.
        int lines = options.auditLines() / 10;
        long entries;
        try (FileLedger ledger =
                        FileLedger.open(files, InstantSource.system(), LedgerOptions.defaults());
                Checkpoints signing = signed(place, ledger)) {
            List<AuditRecord> batch = new ArrayList<>();
            for (int line = 1; line <= lines; line++) {
                add(batch, line);
                if (batch.size() >= BATCH || line == lines) {
                    ledger.appendAll(batch).join();
                    batch.clear();
                    signing.signNow();
                }
            }
            entries = ledger.committed().sequence();
        }
        VerifierKey key = VerifierKey.load(place.resolve("key.pub"));
        Table table =
                new Table("A ledger of %,d entries".formatted(entries), "SHA-256 of its files");
        double megabytes = 0;
        for (int round = -1; round < options.rounds(); round++) {
            Table kept = round < 0 ? new Table("") : table;
            long begin = System.nanoTime();
            megabytes = digest(files) / 1e6;
            kept.add("MB/s", "SHA-256 of its files", megabytes / seconds(begin));
            begin = System.nanoTime();
            ProofReport report =
                    new LedgerProof(
                                    new FolderEvidence(files, place.resolve("recordings")),
                                    key,
                                    entry -> {})
                            .run(List.of(), List.of(), () -> Long.MAX_VALUE);
            double seconds = seconds(begin);
            if (!(report instanceof ProofReport.Proved proved) || proved.last() != entries) {
                throw new IOException("not proved: " + report);
            }
            kept.add("MB/s", "verified", megabytes / seconds);
            kept.add("entries a second", "verified", entries / seconds);
        }
        table.print();
        System.out.printf("%n%,.0f MB, a checkpoint for each %,d entries.%n", megabytes, BATCH);
    }

    private static void add(List<AuditRecord> batch, int line) {
        String text = "tail -n 200 /var/log/service%d/error.log".formatted(line);
        batch.add(
                new AuditRecord.LineEntered(
                        NOW, CONTEXT, line, "^M", text, 0.9, "32-63 keys", "", "", null));
        batch.add(
                new AuditRecord.LineDecided(
                        NOW,
                        CONTEXT,
                        line,
                        LineKind.COMMAND,
                        text + "^M",
                        text,
                        "both",
                        0.99,
                        true,
                        "root@web1:~# ",
                        ""));
    }

    private void signing() throws IOException, InterruptedException {
        Table table = new Table("%,d sessions append".formatted(SESSIONS), "not signed");
        Path place = Files.createTempDirectory(folder, "signing");
        try (FileLedger plain = open(place.resolve("plain"));
                FileLedger ledger = open(place.resolve("signed/ledger"))) {
            try (Checkpoints _ = signed(place.resolve("signed"), ledger)) {
                for (int round = -1; round < options.rounds(); round++) {
                    Table kept = round < 0 ? new Table("") : table;
                    burst(kept, "not signed", plain);
                    burst(kept, "signed", ledger);
                }
            }
        }
        table.print();
    }

    private void burst(Table table, String way, FileLedger ledger) throws InterruptedException {
        LedgerBench.Burst burst =
                LedgerBench.append(ledger, SESSIONS, Integer.MAX_VALUE, options.steady());
        table.add("entries a second", way, burst.perSecond());
        table.add("wait p99, ms", way, burst.waits().percentile(99));
    }

    private static FileLedger open(Path folder) throws IOException {
        return FileLedger.open(
                Files.createDirectories(folder), InstantSource.system(), LedgerOptions.defaults());
    }

    private static Checkpoints signed(Path place, FileLedger ledger) {
        return Checkpoints.start(
                place.resolve("ledger"),
                ledger,
                new ProofOptions(
                        place.resolve("key"),
                        "bench",
                        BATCH,
                        Duration.ofSeconds(60),
                        place.resolve("recordings"),
                        List.of()),
                InstantSource.system());
    }

    /** Bytes that were read. */
    private static long digest(Path files) throws IOException, GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] piece = new byte[1 << 20];
        long all = 0;
        try (Stream<Path> segments = Files.list(files)) {
            for (Path segment : segments.filter(f -> f.toString().endsWith("segment")).toList()) {
                try (InputStream in = Files.newInputStream(segment)) {
                    for (int read = in.read(piece); read > 0; read = in.read(piece)) {
                        digest.update(piece, 0, read);
                        all += read;
                    }
                }
            }
        }
        return all;
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }
}
