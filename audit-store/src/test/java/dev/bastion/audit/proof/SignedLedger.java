package dev.bastion.audit.proof;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * A ledger whose entry 1 is that of the key, with a checkpoint of each ten entries, and its
 * entries' places:
 *
 * <pre>
 *   folder/ledger/0000000001.segment …   checkpoints   keys      folder/ledger_ed25519(.pub)
 * </pre>
 */
final class SignedLedger {

    static final int ENTRIES = 65;

    final Path ledger;
    final Path key;

    private SignedLedger(Path folder) {
        this.ledger = folder.resolve("ledger");
        this.key = folder.resolve("ledger_ed25519");
    }

    /** Writes one; texts begin with this word, so that chains differ. */
    static SignedLedger write(Path folder, String word) throws Exception {
        var made = new SignedLedger(Files.createDirectories(folder));
        try (FileLedger ledger = made.open()) {
            var checkpoints = made.start(ledger, List.of());
            for (int seq = 2; seq <= ENTRIES; seq++) {
                ledger.append(Records.command("alice", "s1", "web1", seq, word + " " + seq))
                        .get(10, SECONDS);
                if (seq % 10 == 0) {
                    checkpoints.signNow();
                }
            }
            // Not closed: what came after entry 60 is covered by no checkpoint.
            checkpoints.abandon();
        }
        return made;
    }

    FileLedger open() {
        return FileLedger.open(
                ledger,
                InstantSource.system(),
                new LedgerOptions(
                        8 << 10,
                        1000,
                        1 << 20,
                        LedgerOptions.DEFAULT_RETRY_INTERVAL,
                        LedgerOptions.DEFAULT_CLOSE_GRACE));
    }

    Checkpoints start(FileLedger opened, List<CheckpointSink> sinks) {
        return Checkpoints.start(
                ledger,
                opened,
                new ProofOptions(
                        key,
                        "node1",
                        1_000_000,
                        Duration.ofDays(1),
                        ledger.resolveSibling("recordings"),
                        sinks),
                InstantSource.system());
    }

    Path segment(int ordinal) {
        return ledger.resolve("%010d.segment".formatted(ordinal));
    }

    Path file(String name) {
        return ledger.resolve(name);
    }

    /** Where an entry stands. */
    record Place(int ordinal, int from, int to) {}

    /** The place of each entry, by its number; found by the lengths alone. */
    List<Place> places() throws IOException {
        List<Place> places = new ArrayList<>();
        places.add(new Place(0, 0, 0));
        for (int ordinal = 1; Files.exists(segment(ordinal)); ordinal++) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment(ordinal)));
            int at = 72;
            while (at + 4 < bytes.limit() && bytes.getInt(at) > 0) {
                int to = at + bytes.getInt(at) + 64;
                places.add(new Place(ordinal, at, to));
                at = to;
            }
        }
        return places;
    }

    ProofReport prove(Path publicKey, List<Checkpoint> kept) throws IOException {
        return new LedgerProof(
                        new FolderEvidence(ledger, ledger.resolveSibling("recordings")),
                        VerifierKey.load(publicKey),
                        entry -> {})
                .run(kept, List.of(), () -> Long.MAX_VALUE);
    }

    Path publicKey() {
        return SigningKey.publicFile(key);
    }
}
