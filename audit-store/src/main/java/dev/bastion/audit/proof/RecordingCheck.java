package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import dev.bastion.audit.recording.FrameWalk;
import dev.bastion.audit.recording.Recordings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the recordings that are there with what the ledger says of each, and walks the frames of
 * those of which it says nothing yet. Confined to one thread.
 */
final class RecordingCheck {

    private static final byte[] RECORDING = start("recording");
    private static final byte[] STARTED = start("session-start");
    private static final byte[] REMOVED = start("recording-removed");

    private final Evidence evidence;
    private final Set<String> there;
    private final Map<String, Long> missing = new TreeMap<>();

    /** Those without an entry, with that of their session's beginning, or 0. */
    private final Map<String, Long> unfinished = new TreeMap<>();

    private final List<Finding> findings = new ArrayList<>();
    private int compared;

    RecordingCheck(Evidence evidence, Set<String> there) {
        this.evidence = evidence;
        this.there = there;
        there.stream()
                .filter(name -> name.endsWith(Recordings.SUFFIX))
                .forEach(name -> unfinished.put(name, 0L));
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
        } else if (begins(record, STARTED)) {
            String file = RecordFields.of(record).getOrDefault("session", "") + Recordings.SUFFIX;
            unfinished.computeIfPresent(file, (_, _) -> sequence);
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
        unfinished.remove(file);
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

    /** All that is wrong with those that entries name; called after the last entry. */
    List<Finding> findings() {
        missing.forEach((file, sequence) ->
                findings.add(new Finding(sequence, "its recording " + file + " is missing.")));
        return findings;
    }

    /**
     * All that is wrong with those that no entry names; called after the last entry of a ledger
     * that is whole.
     *
     * @param last its number, which stands for that of a session's beginning that is not there
     */
    List<Finding> unnamed(long last) throws IOException {
        List<Finding> found = new ArrayList<>();
        for (Map.Entry<String, Long> each : unfinished.entrySet()) {
            walk(each.getKey(), each.getValue() == 0 ? last : each.getValue(), found);
        }
        return found;
    }

    private void walk(String file, long sequence, List<Finding> found) throws IOException {
        try (FileSlice slice = evidence.recording(file)) {
            FrameWalk.damage(slice)
                    .ifPresent(why ->
                            found.add(
                                    new Finding(
                                            sequence,
                                            "the recording %s, whose hash no entry has, is damaged: %s."
                                                    .formatted(file, why))));
        } catch (NoSuchFileException e) {
            // Taken back while this ran: it could not be begun.
        }
    }
}
