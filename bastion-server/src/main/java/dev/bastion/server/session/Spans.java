package dev.bastion.server.session;

import java.time.Duration;

/** Lengths of time as an operator reads them. */
final class Spans {

    private Spans() {}

    /** In the largest unit that says it exactly: {@code 8 hours}, {@code 1 minute}. */
    static String text(Duration span) {
        long seconds = Math.max(1, span.toSeconds());
        if (seconds % 3600 == 0) {
            return count(seconds / 3600, "hour");
        }
        return seconds % 60 == 0 ? count(seconds / 60, "minute") : count(seconds, "second");
    }

    private static String count(long number, String unit) {
        return number + " " + unit + (number == 1 ? "" : "s");
    }
}
