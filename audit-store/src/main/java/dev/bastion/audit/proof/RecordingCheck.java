package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the recordings that are there with what the ledger says of each. Confined to one thread.
 */
final class RecordingCheck {

    private static final byte[] RECORDING = start("recording");
    private static final byte[] REMOVED = start("recording-removed");

    private final Evidence evidence;
    private final Set<String> there;
    private final Map<String, Long> missing = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private int compared;

    RecordingCheck(Evidence evidence, Set<String> there) {
        this.evidence = evidence;
        this.there = there;
    }

    private static byte[] start(String type) {
        return ("{\"type\":\"" + type + "\",").getBytes(StandardCharsets.US_ASCII);
    }

    /** Looks at an entry; most are of other types. */
    void entry(long sequence, byte[] record) throws IOException {
        if (begins(record, RECORDING)) {
            Map<String, String> fields = RecordFields.of(record);
            compare(
                    sequence,
                    fields.getOrDefault("file", ""),
                    fields.getOrDefault("bytes", ""),
                    fields.getOrDefault("sha256", ""));
        } else if (begins(record, REMOVED)) {
            missing.remove(RecordFields.of(record).getOrDefault("file", ""));
        }
    }

    private static boolean begins(byte[] record, byte[] with) {
        return record.length > with.length
                && Arrays.equals(record, 0, with.length, with, 0, with.length);
    }

    private void compare(long sequence, String file, String bytes, String sha256)
            throws IOException {
        if (!there.contains(file)) {
            missing.put(file, sequence);
            return;
        }
        try (FileSlice slice = evidence.recording(file)) {
            compared++;
            if (!String.valueOf(slice.bytes()).equals(bytes)) {
                findings.add(
                        new Finding(
                                sequence,
                                "its recording %s has %d bytes and not %s."
                                        .formatted(file, slice.bytes(), bytes)));
            } else if (!Digests.sha256(slice).equals(sha256)) {
                findings.add(
                        new Finding(
                                sequence,
                                "its recording %s is not the one whose SHA-256 it names."
                                        .formatted(file)));
            }
        }
    }

    int compared() {
        return compared;
    }

    /** All that is wrong; called after the last entry. */
    List<Finding> findings() {
        missing.forEach((file, sequence) ->
                findings.add(new Finding(sequence, "its recording " + file + " is missing.")));
        return findings;
    }
}
