package dev.bastion.audit.mask;

/**
 * A text that an expression may look at only so often: one that goes back over it again and again
 * is stopped, whatever the expression is. Confined to one thread.
 */
final class BoundedText implements CharSequence {

    /** Characters looked at for each one of the text. */
    private static final int LOOKS = 300;

    /** And so many more. */
    private static final int MORE_LOOKS = 20_000;

    /** The expression has looked too often. */
    static final class TooOftenException extends RuntimeException {
        TooOftenException() {
            super("the expression looks at the text too often", null, false, false);
        }
    }

    private final String text;
    private final int from;
    private final int to;
    private final long[] left;

    BoundedText(String text) {
        this(text, 0, text.length(), new long[] {(long) text.length() * LOOKS + MORE_LOOKS});
    }

    private BoundedText(String text, int from, int to, long[] left) {
        this.text = text;
        this.from = from;
        this.to = to;
        this.left = left;
    }

    @Override
    public char charAt(int index) {
        if (--left[0] < 0) {
            throw new TooOftenException();
        }
        return text.charAt(from + index);
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new BoundedText(text, from + start, from + end, left);
    }

    @Override
    public String toString() {
        return text.substring(from, to);
    }
}
