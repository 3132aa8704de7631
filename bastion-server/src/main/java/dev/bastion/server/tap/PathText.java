package dev.bastion.server.tap;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The name of a file as a text from which its bytes can be had again: UTF-8 is read, a byte that is
 * not UTF-8, and NUL, is {@code \xNN}, a backslash {@code \\}.
 */
public final class PathText {

    private PathText() {}

    public static String of(byte[] bytes) {
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        StringBuilder text = new StringBuilder(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            append(out.flip(), text);
            out.clear();
            if (!result.isError()) {
                return text.toString();
            }
            for (int i = result.length(); i > 0; i--) {
                text.append(escape(in.get()));
            }
            decoder.reset();
        }
    }

    private static void append(CharBuffer decoded, StringBuilder text) {
        while (decoded.hasRemaining()) {
            char c = decoded.get();
            switch (c) {
                case '\\' -> text.append("\\\\");
                case 0 -> text.append(escape((byte) 0));
                default -> text.append(c);
            }
        }
    }

    private static String escape(byte value) {
        return String.format("\\x%02x", value & 0xff);
    }
}
