package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import dev.bastion.audit.ledger.LedgerFiles;
import dev.bastion.audit.ledger.LedgerStart;
import dev.bastion.audit.ledger.SegmentExtent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** Writes what a verifier needs as a tar file: notes, public key, segments, recordings. */
public final class LedgerExport {

    private LedgerExport() {}

    /**
     * Writes all of it, as the ledger is now; it may be written meanwhile.
     *
     * @param limit the last entry, asked for after the notes were read, so that these speak for no
     *     entry that is left out
     */
    public static void write(
            Evidence from,
            VerifierKey key,
            LedgerStart start,
            LongSupplier limit,
            boolean recordings,
            OutputStream out)
            throws IOException {
        var tar = new TarWriter(out);
        tar.file("ledger/key.pub", Digests.utf8(key + "\n"));
        byte[] keys = from.notes(Evidence.KEYS);
        byte[] removed = from.notes(Evidence.REMOVED);
        byte[] checkpoints = from.notes(Evidence.CHECKPOINTS);
        long last = limit.getAsLong();
        tar.file("ledger/" + Evidence.KEYS, keys);
        tar.file("ledger/" + Evidence.REMOVED, removed);
        tar.file("ledger/" + Evidence.CHECKPOINTS, checkpoints);
        LedgerFiles segments = from.segments();
        for (long ordinal : segments.ordinals()) {
            long bytes =
                    ordinal <= start.segments() ? 0 : SegmentExtent.bytes(segments, ordinal, last);
            if (bytes > 0) {
                try (FileSlice slice = segments.open(ordinal)) {
                    tar.file("ledger/" + SegmentExtent.name(ordinal), slice, bytes);
                }
            }
        }
        if (recordings) {
            Set<String> names = from.recordings().orElse(Set.of());
            for (String name : new TreeSet<>(names)) {
                try (FileSlice slice = from.recording(name)) {
                    tar.file("recordings/" + name, slice, slice.bytes());
                }
            }
        }
        tar.end();
    }
}
