package dev.bastion.menu;

/** One key press as the menu understands it. Immutable. */
public sealed interface MenuKey {

    /**
     * A printable character; it goes to the filter.
     *
     * @param codePoint a Unicode code point; one that cannot be shown is ignored
     */
    record Text(int codePoint) implements MenuKey {}

    /** A key that does something other than typing. */
    enum Control implements MenuKey {
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        NEXT_GROUP,
        PREVIOUS_GROUP,
        ENTER,
        BACKSPACE,
        ERASE_WORD,
        ERASE_ALL,
        ESCAPE,
        /** Ctrl-C or Ctrl-D: leaves from wherever one is. */
        LEAVE
    }
}
