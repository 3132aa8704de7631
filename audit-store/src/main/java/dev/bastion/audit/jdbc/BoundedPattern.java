package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditLogException;
import java.time.Duration;
import java.util.regex.Pattern;

/** A pattern from a person, kept from searching one text for ever. Thread-safe. */
record BoundedPattern(Pattern pattern, Duration longest) {

    /** For one text. */
    static final Duration LONGEST = Duration.ofMillis(500);

    /**
     * @throws AuditLogException with a sentence when the search takes too long
     */
    boolean foundIn(String text) {
        try {
            return pattern.matcher(new TimedText(text, System.nanoTime() + longest.toNanos()))
                    .find();
        } catch (TooLongException | StackOverflowError e) {
            throw new AuditLogException(
                    "The pattern '"
                            + pattern
                            + "' takes too long to search for; write it without nested repetitions"
                            + " or alternatives.",
                    e);
        }
    }

    /** A text that refuses to be read after a moment. */
    private static final class TimedText implements CharSequence {

        private static final int READS_BETWEEN_CHECKS = 1024;

        private final String text;
        private final long endNanos;
        private int reads;

        TimedText(String text, long endNanos) {
            this.text = text;
            this.endNanos = endNanos;
        }

        @Override
        public char charAt(int index) {
            if (++reads % READS_BETWEEN_CHECKS == 0 && System.nanoTime() - endNanos > 0) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooLongException extends RuntimeException {
        TooLongException() {
            super("too long", null, false, false);
        }
    }
}
