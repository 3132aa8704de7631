package dev.bastion.server.tap;

import java.nio.charset.StandardCharsets;

/**
 * Typed bytes as readable text: control characters in caret notation, as {@code cat -v} shows them.
 */
final class Keystrokes {

    private Keystrokes() {}

    /** UTF-8 decoded, malformed bytes as U+FFFD; a typed caret stays a caret. */
    static String readable(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        StringBuilder readable = new StringBuilder(text.length() + 8);
        text.codePoints()
                .forEach(point -> {
                    if (point < 0x20) {
                        readable.append('^').append((char) (point + 0x40));
                    } else if (point == 0x7f) {
                        readable.append("^?");
                    } else {
                        readable.appendCodePoint(point);
                    }
                });
        return readable.toString();
    }

    /** How many keys, without saying how long a secret is. */
    static String lengthClass(int keys) {
        if (keys < 8) {
            return "1-7 keys";
        }
        if (keys < 16) {
            return "8-15 keys";
        }
        return keys < 32 ? "16-31 keys" : "32 keys or more";
    }
}
