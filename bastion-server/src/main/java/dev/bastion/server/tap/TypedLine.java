package dev.bastion.server.tap;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * One line as it is typed: its raw bytes, its text after simple editing, and how much of it the
 * host has shown. Confined to its tap's lock.
 *
 * <p>Simple editing knows text, Backspace, Ctrl-U, Ctrl-W, Ctrl-K, Ctrl-A, Ctrl-E, Left, Right,
 * Home, End and Delete. History, completion and search change the line in ways that keystrokes do
 * not tell.
 */
final class TypedLine {

    /** Output that is not the echo may stand between echoes up to this many times the keys, … */
    private static final int STRAY_FACTOR = 3;

    /** … and this many characters more; past that, a match is chance. */
    private static final int STRAY_ALLOWANCE = 80;

    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private int[] typed = new int[16];
    private int cursor;
    private int keys;
    private int echoed;
    private int stray;
    private boolean alwaysInEditor = true;
    private long seq;

    void rawByte(byte value) {
        raw.write(value);
    }

    /**
     * A printable key.
     *
     * @param inEditor whether the host's line editor was waiting for keys, which it shows
     */
    void type(int point, boolean inEditor) {
        if (keys == typed.length) {
            typed = Arrays.copyOf(typed, keys * 2);
        }
        typed[keys++] = point;
        alwaysInEditor &= inEditor;
        text.insert(cursor, Character.toString(point));
        cursor += Character.charCount(point);
    }

    void backspace() {
        if (cursor > 0) {
            int from = text.offsetByCodePoints(cursor, -1);
            text.delete(from, cursor);
            cursor = from;
        }
    }

    void deleteUnderCursor() {
        if (cursor < text.length()) {
            text.delete(cursor, text.offsetByCodePoints(cursor, 1));
        }
    }

    void killToStart() {
        text.delete(0, cursor);
        cursor = 0;
    }

    void killToEnd() {
        text.setLength(cursor);
    }

    void killWord() {
        int from = cursor;
        while (from > 0 && text.charAt(from - 1) == ' ') {
            from--;
        }
        while (from > 0 && text.charAt(from - 1) != ' ') {
            from--;
        }
        text.delete(from, cursor);
        cursor = from;
    }

    void left() {
        cursor = cursor > 0 ? text.offsetByCodePoints(cursor, -1) : 0;
    }

    void right() {
        cursor = cursor < text.length() ? text.offsetByCodePoints(cursor, 1) : cursor;
    }

    void home() {
        cursor = 0;
    }

    void end() {
        cursor = text.length();
    }

    /**
     * A control key ended the line without running it; it is shown behind the text in caret
     * notation.
     */
    void endedBy(int control) {
        text.append('^').append((char) (control + 0x40));
    }

    /** The host printed a character. */
    void shown(int point) {
        if (echoed < keys && typed[echoed] == point) {
            echoed++;
        } else if (echoed < keys) {
            stray++;
        }
    }

    /** Whether the operator saw all that they typed, so that it may be stored. */
    boolean wasShown() {
        if (keys == 0 || alwaysInEditor) {
            return true;
        }
        return echoed == keys && stray <= STRAY_FACTOR * keys + STRAY_ALLOWANCE;
    }

    boolean isEmpty() {
        return raw.size() == 0;
    }

    int rawLength() {
        return raw.size();
    }

    int keys() {
        return keys;
    }

    String text() {
        return text.toString();
    }

    String keystrokes() {
        return Keystrokes.readable(raw.toByteArray(), raw.size());
    }

    long seq() {
        return seq;
    }

    void number(long value) {
        seq = value;
    }

    /** Forgets the text: it was a secret, or it is recorded. */
    void wipe() {
        Arrays.fill(typed, 0);
        for (int i = 0; i < text.length(); i++) {
            text.setCharAt(i, ' ');
        }
        text.setLength(0);
        raw.reset();
    }
}
