package dev.bastion.server.replay;

import dev.bastion.menu.terminal.KeySource;
import java.io.IOException;
import java.time.Duration;

/** Keys of a terminal, the few with escape sequences told by a number. Confined to one thread. */
final class EscapedKeys {

    static final int RIGHT = 1_001;
    static final int LEFT = 1_002;
    static final int HOME = 1_003;
    static final int END_KEY = 1_004;
    private static final int OTHER = 1_000;

    private static final int ESC = 0x1b;
    private static final Duration SEQUENCE = Duration.ofMillis(50);

    private final KeySource source;

    EscapedKeys(KeySource source) {
        this.source = source;
    }

    /** A byte, one of the numbers above, or one of {@link KeySource}'s. */
    int read(Duration wait) throws IOException {
        int key = source.read(wait);
        if (key != ESC) {
            return key;
        }
        int introducer = source.read(SEQUENCE);
        if (introducer != '[' && introducer != 'O') {
            return introducer < 0 ? introducer : OTHER;
        }
        int last = source.read(SEQUENCE);
        while ((last >= '0' && last <= '9') || last == ';') {
            last = source.read(SEQUENCE);
        }
        return switch (last) {
            case 'C' -> RIGHT;
            case 'D' -> LEFT;
            case 'H' -> HOME;
            case 'F' -> END_KEY;
            case KeySource.END -> KeySource.END;
            default -> OTHER;
        };
    }
}
