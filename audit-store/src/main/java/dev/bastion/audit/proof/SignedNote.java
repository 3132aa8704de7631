package dev.bastion.audit.proof;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A text and who signed it, as C2SP's signed-note (https://c2sp.org/signed-note): the text, an
 * empty line, and a line {@code — NAME BASE64} for each signature, of the key's id (4 bytes) and
 * the signature. Signed is the text with its last line feed. Immutable.
 *
 * @param text lines, none of them empty, each with its line feed
 */
public record SignedNote(String text, List<Mark> signatures) {

    private static final String DASH = "\u2014 ";

    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n") || text.contains("\n\n") || text.startsWith("\n")) {
            throw new IllegalArgumentException("text must be lines that are not empty");
        }
    }

    /**
     * One signature.
     *
     * @param keyId 8 hexadecimal digits
     * @param signature never changed
     */
    public record Mark(String name, String keyId, byte[] signature) {

        private static Mark parse(String line) {
            String[] words = line.substring(DASH.length()).split(" ", -1);
            byte[] bytes = Base64.getDecoder().decode(words[words.length - 1]);
            if (words.length != 2 || bytes.length < 5) {
                throw new IllegalArgumentException("a signature is malformed");
            }
            return new Mark(
                    words[0],
                    HexFormat.of().formatHex(bytes, 0, 4),
                    Arrays.copyOfRange(bytes, 4, bytes.length));
        }

        private String line() {
            byte[] id = HexFormat.of().parseHex(keyId);
            byte[] all = Arrays.copyOf(id, id.length + signature.length);
            System.arraycopy(signature, 0, all, id.length, signature.length);
            return DASH + name + " " + Base64.getEncoder().encodeToString(all) + "\n";
        }
    }

    /**
     * Reads one note.
     *
     * @throws IllegalArgumentException with a sentence when it is none
     */
    public static SignedNote parse(String note) {
        int end = note.lastIndexOf("\n\n");
        if (end < 0 || !note.endsWith("\n")) {
            throw new IllegalArgumentException("this is no signed note");
        }
        List<Mark> marks = new ArrayList<>();
        for (String line : note.substring(end + 2).lines().toList()) {
            if (!line.startsWith(DASH)) {
                throw new IllegalArgumentException("a signature is malformed");
            }
            marks.add(Mark.parse(line));
        }
        return new SignedNote(note.substring(0, end + 1), marks);
    }

    /** The same text with another's signature besides. */
    SignedNote with(SignedNote other) {
        List<Mark> all = new ArrayList<>(signatures);
        all.addAll(other.signatures);
        return new SignedNote(text, all);
    }

    /** Names and ids of the keys that say they signed it. */
    String signers() {
        return String.join(
                ", ", signatures.stream().map(mark -> mark.name() + "+" + mark.keyId()).toList());
    }

    /** The note as it stands in a file. */
    @Override
    public String toString() {
        var all = new StringBuilder(text).append('\n');
        for (Mark mark : signatures) {
            all.append(mark.line());
        }
        return all.toString();
    }
}
