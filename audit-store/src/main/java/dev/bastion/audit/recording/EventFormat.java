package dev.bastion.audit.recording;

import dev.bastion.audit.LineKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Events as bytes within a frame, but for the time before them. */
final class EventFormat {

    static final byte OUTPUT = 'o';
    static final byte SIZE = 'r';
    static final byte LINE = 'l';
    static final byte EXIT = 'x';

    /** Characters of a line's texts that are kept, each; the ledger has all. */
    static final int LONGEST_TEXT = 8_192;

    private EventFormat() {}

    static byte[] size(int columns, int rows) {
        var bytes = new ByteArrayOutputStream(4);
        Varint.write(bytes, Math.max(0, columns));
        Varint.write(bytes, Math.max(0, rows));
        return bytes.toByteArray();
    }

    static byte[] line(long agoMicros, long seq, LineKind kind, String keystrokes, String command) {
        var bytes = new ByteArrayOutputStream(64);
        Varint.write(bytes, agoMicros);
        Varint.write(bytes, seq);
        bytes.write(letter(kind));
        byte[] keys = utf8(keystrokes);
        Varint.write(bytes, keys.length);
        bytes.writeBytes(keys);
        if (!command.equals(keystrokes)) {
            bytes.writeBytes(utf8(command));
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String text) {
        int end = Math.min(text.length(), LONGEST_TEXT);
        return text.substring(0, end).getBytes(StandardCharsets.UTF_8);
    }

    private static char letter(LineKind kind) {
        return switch (kind) {
            case COMMAND -> 'c';
            case INPUT -> 'i';
            case NO_ECHO -> 'n';
            case FULLSCREEN -> 'f';
            case ABORTED -> 'a';
            case NOTHING -> '0';
        };
    }

    private static LineKind kind(byte letter) {
        return switch (letter) {
            case 'c' -> LineKind.COMMAND;
            case 'i' -> LineKind.INPUT;
            case 'n' -> LineKind.NO_ECHO;
            case 'f' -> LineKind.FULLSCREEN;
            case 'a' -> LineKind.ABORTED;
            case '0' -> LineKind.NOTHING;
            default -> throw new IllegalArgumentException("a line of a kind that is not known");
        };
    }

    static byte[] exit(String how) {
        return how.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the event that stands next.
     *
     * @param before time of the one before it
     * @throws IllegalArgumentException when there is none
     */
    static RecordingEvent read(ByteBuffer from, long before) {
        long at = before + Varint.read(from);
        if (!from.hasRemaining()) {
            throw new IllegalArgumentException("an event is not whole");
        }
        byte type = from.get();
        long length = Varint.read(from);
        if (length > from.remaining() || at < before) {
            throw new IllegalArgumentException("an event is not whole");
        }
        byte[] content = new byte[(int) length];
        from.get(content);
        ByteBuffer of = ByteBuffer.wrap(content);
        return switch (type) {
            case OUTPUT -> new RecordingEvent.Output(at, content);
            case SIZE -> new RecordingEvent.Resized(at, number(of), number(of));
            case LINE -> line(at, of);
            case EXIT -> new RecordingEvent.Exit(at, text(of, of.remaining()));
            default -> throw new IllegalArgumentException("an event of a type that is not known");
        };
    }

    private static RecordingEvent.Line line(long at, ByteBuffer from) {
        long ago = Varint.read(from);
        long seq = Varint.read(from);
        if (!from.hasRemaining()) {
            throw new IllegalArgumentException("a line is not whole");
        }
        LineKind kind = kind(from.get());
        String keystrokes = text(from, number(from));
        String command = from.hasRemaining() ? text(from, from.remaining()) : keystrokes;
        return new RecordingEvent.Line(at, Math.max(0, at - ago), seq, kind, keystrokes, command);
    }

    private static int number(ByteBuffer from) {
        return (int) Math.min(Integer.MAX_VALUE, Varint.read(from));
    }

    private static String text(ByteBuffer from, int length) {
        if (length > from.remaining()) {
            throw new IllegalArgumentException("a text is not whole");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
