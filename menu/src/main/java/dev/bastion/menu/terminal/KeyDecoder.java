package dev.bastion.menu.terminal;

import dev.bastion.menu.MenuKey;
import dev.bastion.menu.MenuKey.Control;
import java.time.Duration;
import java.util.List;

/**
 * Makes keys of bytes, one byte at a time, holding back no more than an unfinished key. Knows the
 * arrow and page keys of xterm, vt220, rxvt and the Linux console in their CSI and SS3 forms, and
 * bracketed paste; any other sequence is swallowed whole. Confined to the menu's thread.
 */
final class KeyDecoder {

    /** After an ESC with nothing behind it for so long, it was the Esc key. */
    static final Duration SEQUENCE_WAIT = Duration.ofMillis(75);

    /** A character cut in two, or a paste without its end mark, is given up after so long. */
    static final Duration PART_WAIT = Duration.ofSeconds(1);

    static final Duration IDLE_WAIT = Duration.ofMinutes(1);

    /** A longer sequence is no key; what is beyond is only skipped. */
    static final int MAX_SEQUENCE_LENGTH = 32;

    private static final int ESC = 0x1b;
    private static final int BEL = 0x07;

    private enum State {
        GROUND,
        ESCAPE,
        CSI,
        LINUX_FUNCTION,
        SS3,
        STRING,
        STRING_ESCAPE,
        MOUSE
    }

    private final Utf8Decoder utf8 = new Utf8Decoder();
    private final StringBuilder sequence = new StringBuilder();
    private State state = State.GROUND;
    private int mouseBytesLeft;
    private boolean pasting;

    /** How long to wait for the next byte before {@link #timeout()} is to be called. */
    Duration patience() {
        if (state != State.GROUND) {
            return SEQUENCE_WAIT;
        }
        return pasting || utf8.isPartial() ? PART_WAIT : IDLE_WAIT;
    }

    /** Whether bytes were taken that are no whole key yet. */
    boolean isPartial() {
        return state != State.GROUND || utf8.isPartial();
    }

    /** No byte came within the patience: what is unfinished will stay so. */
    List<MenuKey> timeout() {
        State before = state;
        if (before == State.GROUND) {
            utf8.reset();
            pasting = false;
        }
        state = State.GROUND;
        return before == State.ESCAPE && !pasting ? List.of(Control.ESCAPE) : List.of();
    }

    /**
     * Takes a byte and gives the keys that it ends, mostly none or one.
     *
     * @param b 0 to 255
     */
    List<MenuKey> accept(int b) {
        return switch (state) {
            case GROUND -> ground(b);
            case ESCAPE -> escape(b);
            case CSI -> csi(b);
            case SS3 -> ss3(b);
            case STRING -> string(b);
            case LINUX_FUNCTION -> end(List.of());
            case STRING_ESCAPE -> {
                state = b == ESC ? State.STRING_ESCAPE : b == '\\' ? State.GROUND : State.STRING;
                yield List.of();
            }
            case MOUSE -> {
                mouseBytesLeft--;
                yield mouseBytesLeft > 0 ? List.of() : end(List.of());
            }
        };
    }

    private List<MenuKey> ground(int b) {
        if (b == ESC) {
            utf8.reset();
            state = State.ESCAPE;
            return List.of();
        }
        if (b < 0x20 || b == 0x7f) {
            utf8.reset();
            return control(b);
        }
        int codePoint = utf8.accept(b);
        return codePoint == Utf8Decoder.NONE ? List.of() : List.of(new MenuKey.Text(codePoint));
    }

    private List<MenuKey> control(int b) {
        if (pasting) {
            boolean blank = b == '\r' || b == '\n' || b == '\t';
            return blank ? List.of(new MenuKey.Text(' ')) : List.of();
        }
        return switch (b) {
            case 0x03, 0x04 -> List.of(Control.LEAVE);
            case 0x08, 0x7f -> List.of(Control.BACKSPACE);
            case 0x09 -> List.of(Control.NEXT_GROUP);
            case 0x0a, 0x0d -> List.of(Control.ENTER);
            case 0x0e -> List.of(Control.DOWN);
            case 0x10 -> List.of(Control.UP);
            case 0x15 -> List.of(Control.ERASE_ALL);
            case 0x17 -> List.of(Control.ERASE_WORD);
            default -> List.of();
        };
    }

    private List<MenuKey> escape(int b) {
        sequence.setLength(0);
        if (b < 0x20) {
            // an Esc key, and then another key right behind it
            state = b == ESC ? State.ESCAPE : State.GROUND;
            List<MenuKey> next = b == ESC || pasting ? List.of() : control(b);
            return pasting ? next : next.isEmpty() ? List.of(Control.ESCAPE) : both(next);
        }
        switch (b) {
            case '[' -> state = State.CSI;
            case 'O' -> state = State.SS3;
            case ']', 'P', '^', '_', 'X' -> state = State.STRING;
            case 0x7f -> {
                return end(pasting ? List.of() : List.of(Control.ERASE_WORD));
            }
            default -> state = State.GROUND; // Alt and a key
        }
        return List.of();
    }

    private static List<MenuKey> both(List<MenuKey> next) {
        return List.of(Control.ESCAPE, next.getFirst());
    }

    private List<MenuKey> csi(int b) {
        if (b == ESC) {
            state = State.ESCAPE;
            return List.of();
        }
        if (b < 0x20 || b >= 0x7f) {
            state = State.GROUND;
            return ground(b);
        }
        if (sequence.isEmpty() && b == '[') {
            state = State.LINUX_FUNCTION;
            return List.of();
        }
        if (b < 0x40) {
            if (sequence.length() < MAX_SEQUENCE_LENGTH) {
                sequence.append((char) b);
            }
            return List.of();
        }
        if (b == 'M' && sequence.isEmpty()) {
            state = State.MOUSE;
            mouseBytesLeft = 3;
            return List.of();
        }
        return end(b == '~' ? tilde() : letter(b));
    }

    private List<MenuKey> ss3(int b) {
        if (b == ESC) {
            state = State.ESCAPE;
            return List.of();
        }
        if (b < 0x20 || b >= 0x7f) {
            state = State.GROUND;
            return ground(b);
        }
        if ((b >= '0' && b <= '9') || b == ';') {
            return List.of();
        }
        return end(b == 'M' && !pasting ? List.of(Control.ENTER) : letter(b));
    }

    private List<MenuKey> string(int b) {
        if (b == BEL) {
            return end(List.of());
        }
        state = b == ESC ? State.STRING_ESCAPE : State.STRING;
        return List.of();
    }

    private List<MenuKey> letter(int last) {
        if (pasting) {
            return List.of();
        }
        return switch (last) {
            case 'A', 'a' -> List.of(Control.UP);
            case 'B', 'b' -> List.of(Control.DOWN);
            case 'C', 'c' -> List.of(Control.NEXT_GROUP);
            case 'D', 'd' -> List.of(Control.PREVIOUS_GROUP);
            case 'F' -> List.of(Control.END);
            case 'H' -> List.of(Control.HOME);
            case 'Z' -> List.of(Control.PREVIOUS_GROUP);
            default -> List.of();
        };
    }

    private List<MenuKey> tilde() {
        int semicolon = sequence.indexOf(";");
        String number = semicolon < 0 ? sequence.toString() : sequence.substring(0, semicolon);
        if (number.equals("200") || number.equals("201")) {
            pasting = number.equals("200");
            return List.of();
        }
        if (pasting) {
            return List.of();
        }
        return switch (number) {
            case "1", "7" -> List.of(Control.HOME);
            case "4", "8" -> List.of(Control.END);
            case "5" -> List.of(Control.PAGE_UP);
            case "6" -> List.of(Control.PAGE_DOWN);
            default -> List.of();
        };
    }

    private List<MenuKey> end(List<MenuKey> keys) {
        state = State.GROUND;
        return keys;
    }
}
