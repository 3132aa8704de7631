package dev.bastion.audit.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The notes of a file, each followed by an empty line. Immutable.
 *
 * @param whole bytes of the notes that are complete; what follows is the torn end of a write
 */
record Notes(List<Entry> entries, long whole, long tornBytes) {

    /** More is not read: a checkpoint a second for three years. */
    static final int MAX_BYTES = 1 << 30;

    Notes {
        entries = List.copyOf(entries);
    }

    /** One note of a file. */
    sealed interface Entry {

        record Legible(SignedNote note) implements Entry {}

        /**
         * What cannot be read.
         *
         * @param line number of its first line, from 1
         */
        record Malformed(int line, String reason) implements Entry {}
    }

    /** Takes a file apart. A text without its last empty line is a torn write. */
    static Notes parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<Entry> entries = new ArrayList<>();
        int line = 1;
        int at = 0;
        while (true) {
            int textEnd = text.indexOf("\n\n", at);
            int end = textEnd < 0 ? -1 : text.indexOf("\n\n", textEnd + 2);
            if (end < 0) {
                break;
            }
            String note = text.substring(at, end + 1);
            entries.add(entry(note, line));
            line += (int) note.lines().count() + 1;
            at = end + 2;
        }
        long whole = Digests.utf8(text.substring(0, at)).length;
        return new Notes(entries, whole, bytes.length - whole);
    }

    private static Entry entry(String note, int line) {
        try {
            return new Entry.Legible(SignedNote.parse(note));
        } catch (IllegalArgumentException e) {
            return new Entry.Malformed(line, String.valueOf(e.getMessage()));
        }
    }

    /** Those that can be read. */
    List<SignedNote> readable() {
        List<SignedNote> notes = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry instanceof Entry.Legible readable) {
                notes.add(readable.note());
            }
        }
        return notes;
    }
}
