package dev.bastion.audit.line;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Keys typed while a program has the whole screen: counted, not kept. Confined to one thread.
 *
 * <p>On a slow line some are for the shell behind it: those that came before its end was seen.
 */
final class AlternateKeys {

    /** Lines that are typed in one round trip. */
    private static final int MAX_ENTERS = 4;

    private final Deque<TypedLine> newest = new ArrayDeque<>();
    private int keys;
    private int sinceEnter;
    private long lastNanos;

    void key(long nanos) {
        keys++;
        sinceEnter++;
        lastNanos = nanos;
    }

    /** The last key was an Enter, this one of the session's, and nobody has told its line. */
    void enter(long number) {
        TypedLine line = new TypedLine();
        line.hide(sinceEnter - 1);
        line.close(false, lastNanos, number);
        sinceEnter = 0;
        newest.add(line);
        if (newest.size() > MAX_ENTERS) {
            newest.remove();
        }
    }

    /** The line of this Enter is told. */
    void told(long number) {
        newest.removeIf(line -> line.enters() == number);
    }

    /** The last key ended a line that is none for the shell behind the program. */
    void endLine() {
        sinceEnter = 0;
    }

    /** Keys that were typed before the screen came, but for the program that took it. */
    void add(int count, long nanos) {
        keys += count;
        lastNanos = Math.max(lastNanos, nanos);
    }

    int keys() {
        return keys;
    }

    long lastNanos() {
        return lastNanos;
    }

    /** The screen went: lines that were entered too late for the program that had it. */
    List<TypedLine> typedBehind(RoundTrip roundTrip, long now) {
        return newest.stream()
                .filter(line -> !roundTrip.mayBeAnswered(line.enteredNanos(), now))
                .toList();
    }

    void clear() {
        keys = 0;
        sinceEnter = 0;
        newest.clear();
    }
}
