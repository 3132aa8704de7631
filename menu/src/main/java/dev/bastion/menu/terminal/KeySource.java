package dev.bastion.menu.terminal;

import java.io.IOException;
import java.time.Duration;

/**
 * Where the menu pulls its keys from, one byte at a time and only when it wants one, so that what
 * is typed after a choice is left untouched for the host. Confined to the menu's thread.
 */
public interface KeySource {

    /** No byte came in time. */
    int TIMEOUT = -2;

    /** The other side is gone; nothing will come. */
    int END = -1;

    /** The terminal's size changed; ask for it and draw again. */
    int RESIZED = -3;

    /** Nothing was typed for longer than anybody may leave the menu alone. */
    int IDLE = -4;

    /**
     * The next byte, 0 to 255, or one of the above.
     *
     * @param wait how long to wait at most; zero polls; a resize ends the wait
     */
    int read(Duration wait) throws IOException;
}
