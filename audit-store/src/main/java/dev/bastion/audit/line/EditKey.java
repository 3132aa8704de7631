package dev.bastion.audit.line;

/** A key that edits, by what most line editors do with it. */
enum EditKey {
    BACKSPACE,
    DELETE,
    LEFT,
    RIGHT,
    HOME,
    END,
    KILL_TO_END,
    KILL_LINE,
    KILL_WORD,
    YANK,
    REDRAW,
    END_OF_FILE,
    /** History, completion, search, a word command: only the host knows what it did. */
    UNKNOWN
}
