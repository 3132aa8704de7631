package dev.bastion.audit.line;

/** What the operator's bytes mean as keys. Called by {@link KeyTokenizer}, on its thread. */
interface Keys {

    /** A printable character, or a tab or line end inside a bracketed paste. */
    void text(int point, boolean pasted);

    /** A key that edits, with the bytes it came as. */
    void edit(EditKey key, String raw);

    /** Enter: {@code ^M}, {@code ^J}, or {@code ^O}. */
    void enter(char key);

    /** {@code ^C} or {@code ^\}: what was typed is thrown away. */
    void abort(char key);
}
