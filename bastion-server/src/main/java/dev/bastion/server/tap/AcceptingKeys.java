package dev.bastion.server.tap;

/**
 * The bytes that may make a host take a line: Enter, LF, Ctrl-O, Ctrl-C, Ctrl-D and Ctrl-\. Where
 * one stands makes no difference: inside a paste or an escape sequence it is held back all the
 * same. Stateless.
 */
final class AcceptingKeys {

    private AcceptingKeys() {}

    static boolean is(byte value) {
        return switch (value) {
            case '\r', '\n', 0x0f, 0x03, 0x04, 0x1c -> true;
            default -> false;
        };
    }

    /** In caret notation. */
    static String name(byte value) {
        return "^" + (char) (value + 0x40);
    }
}
