package dev.bastion.audit.proof;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Checkpoints as they were passed on: notes as in the ledger's folder, or a line of JSON each. */
final class KeptCheckpoints {

    private static final JsonFactory JSON = new JsonFactory();

    /** What a line of JSON with a checkpoint begins with. */
    static final String LINE = "{\"checkpoint\":";

    private KeptCheckpoints() {}

    /** The form for what takes lines. */
    static String line(Checkpoint checkpoint) {
        String note = checkpoint.note().toString().replace("\n", "\\n");
        return LINE + "\"" + note + "\"}";
    }

    /**
     * Reads a file of them.
     *
     * @throws IOException with a sentence when there is none in it, or something else
     */
    static List<Checkpoint> read(Path file) throws IOException {
        byte[] bytes = NoteFile.bytes(file);
        String text = new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
        List<Checkpoint> read = new ArrayList<>();
        try {
            if (text.contains(LINE)) {
                for (String line : text.lines().toList()) {
                    int at = line.indexOf(LINE);
                    if (at >= 0) {
                        read.add(Checkpoint.of(SignedNote.parse(note(line.substring(at)))));
                    }
                }
            } else {
                String closed = text.endsWith("\n\n") ? text : text + "\n";
                for (SignedNote note : Notes.parse(Digests.utf8(closed)).readable()) {
                    read.add(Checkpoint.of(note));
                }
            }
        } catch (IllegalArgumentException | JacksonException e) {
            throw new IOException(file + " holds what is no checkpoint: " + e.getMessage(), e);
        }
        if (read.isEmpty()) {
            throw new IOException(file + " holds no checkpoint, or cannot be read");
        }
        return read;
    }

    private static String note(String line) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            json.nextToken();
            json.nextToken();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw new IllegalArgumentException("a line is no checkpoint");
            }
            return json.getString();
        }
    }
}
