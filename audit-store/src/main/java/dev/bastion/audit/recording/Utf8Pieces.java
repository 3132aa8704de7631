package dev.bastion.audit.recording;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 that comes in pieces: a character that is cut is carried over to the next piece, what is
 * none becomes U+FFFD. Confined to one thread.
 */
public final class Utf8Pieces {

    private static final int LONGEST = 4;

    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer carried = ByteBuffer.allocate(LONGEST);

    /** The characters that are whole by now. */
    public String decode(byte[] bytes) {
        ByteBuffer from = ByteBuffer.allocate(carried.position() + bytes.length);
        from.put(carried.flip()).put(bytes).flip();
        carried.clear();
        CharBuffer to = CharBuffer.allocate(from.remaining() + 1);
        decoder.reset().decode(from, to, false);
        carried.put(from);
        return to.flip().toString();
    }

    /** What is left of a character that never became whole. */
    public String end() {
        boolean rest = carried.position() > 0;
        carried.clear();
        return rest ? "\ufffd" : "";
    }
}
