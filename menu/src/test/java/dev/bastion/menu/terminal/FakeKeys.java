package dev.bastion.menu.terminal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;

/** Keys that are there at once, pauses and resizes where the test puts them; then the end. */
final class FakeKeys implements KeySource {

    /** A pause shorter than this would be no time for any sequence. */
    private static final int PAUSE = -10;

    private final ArrayDeque<Object> events = new ArrayDeque<>();

    FakeKeys type(String text) {
        return type(text.getBytes(StandardCharsets.UTF_8));
    }

    FakeKeys type(byte[] bytes) {
        for (byte b : bytes) {
            events.add(b & 0xff);
        }
        return this;
    }

    /** Nothing comes until every wait has run out once. */
    FakeKeys pause() {
        events.add(PAUSE);
        return this;
    }

    /** The keys say that nobody typed for too long. */
    FakeKeys idle() {
        events.add(IDLE);
        return this;
    }

    /** Runs when the menu comes to it. */
    FakeKeys then(Runnable step) {
        events.add(step);
        return this;
    }

    FakeKeys resized(Runnable change) {
        events.add(change);
        events.add(RESIZED);
        return this;
    }

    /** What was never asked for. */
    String left() {
        StringBuilder left = new StringBuilder();
        events.forEach(event -> left.append(event instanceof Integer b ? (char) (int) b : '!'));
        return left.toString();
    }

    @Override
    public int read(Duration wait) {
        while (true) {
            Object event = events.peek();
            if (event == null) {
                return END;
            }
            if (event instanceof Integer b) {
                if (b == PAUSE && wait.isZero()) {
                    return TIMEOUT;
                }
                events.remove();
                return b == PAUSE ? TIMEOUT : b;
            }
            events.remove();
            ((Runnable) event).run();
        }
    }
}
