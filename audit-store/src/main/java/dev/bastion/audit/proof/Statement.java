package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerPosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The text of a note about a ledger. Its first three lines are those of C2SP's tlog-checkpoint
 * (https://c2sp.org/tlog-checkpoint): origin, number of the last entry it is about, chain hash of
 * that entry in base64. Then come lines {@code WORD VALUE}. Immutable.
 *
 * @param fields in the order of their lines
 */
record Statement(String node, Kind kind, LedgerPosition position, Map<String, String> fields) {

    /** A node's name. */
    static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final String PREFIX = "bastion-ledger/";
    private static final Pattern FIELD = Pattern.compile("[a-z]+");

    Statement {
        fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        if (!NODE.matcher(node).matches()) {
            throw new IllegalArgumentException(
                    "a node's name must be letters, digits, '.', '_' or '-', was '" + node + "'");
        }
    }

    /** What a note says. */
    enum Kind {
        CHECKPOINT(""),
        KEY("/key"),
        REMOVED("/removed");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }
    }

    /** The name that keys of a node sign with. */
    static String origin(String node) {
        return PREFIX + node;
    }

    /** Adds a line; line feeds in the value become blanks. */
    Statement with(String field, Object value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(field, value.toString().replace('\n', ' '));
        return new Statement(node, kind, position, more);
    }

    static Statement of(String node, Kind kind, LedgerPosition position) {
        return new Statement(node, kind, position, Map.of());
    }

    String text() {
        var text = new StringBuilder();
        text.append(PREFIX).append(node).append(kind.suffix).append('\n');
        text.append(position.sequence()).append('\n');
        text.append(
                        Base64.getEncoder()
                                .encodeToString(HexFormat.of().parseHex(position.hash().hex())))
                .append('\n');
        fields.forEach((word, value) -> text.append(word).append(' ').append(value).append('\n'));
        return text.toString();
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException when it is not of this form, to the letter
     */
    static Statement parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 3 || !lines.getFirst().startsWith(PREFIX)) {
            throw new IllegalArgumentException("the note is not about a ledger");
        }
        String[] origin = lines.getFirst().substring(PREFIX.length()).split("/", 2);
        byte[] hash = Base64.getDecoder().decode(lines.get(2));
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : lines.subList(3, lines.size())) {
            int blank = line.indexOf(' ');
            if (blank < 0 || !FIELD.matcher(line.substring(0, blank)).matches()) {
                throw new IllegalArgumentException("the note has a line of another form");
            }
            fields.put(line.substring(0, blank), line.substring(blank + 1));
        }
        var read =
                new Statement(
                        origin[0],
                        kind(origin.length > 1 ? "/" + origin[1] : ""),
                        new LedgerPosition(
                                Long.parseLong(lines.get(1)),
                                new EntryHash(HexFormat.of().formatHex(hash))),
                        fields);
        if (!read.text().equals(text)) {
            throw new IllegalArgumentException("the note is not in its canonical form");
        }
        return read;
    }

    private static Kind kind(String suffix) {
        for (Kind kind : Kind.values()) {
            if (kind.suffix.equals(suffix)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("the note says what this program does not know");
    }

    String field(String word) {
        String value = fields.get(word);
        if (value == null) {
            throw new IllegalArgumentException("the note has no line '" + word + "'");
        }
        return value;
    }

    long number(String word) {
        return Long.parseLong(field(word));
    }

    Instant time() {
        try {
            return Instant.parse(field("time"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("the note's time is none", e);
        }
    }

    /**
     * @throws IllegalArgumentException when it is of another kind
     */
    Statement require(Kind wanted) {
        if (kind != wanted) {
            throw new IllegalArgumentException("the note is of another kind");
        }
        return this;
    }
}
