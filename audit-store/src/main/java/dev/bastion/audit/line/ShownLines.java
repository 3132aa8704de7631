package dev.bastion.audit.line;

/**
 * The lines that a terminal showed, each when it is as it stays: when it has scrolled away, before
 * the screen is cleared, and at the end. Rows that wrapped are one line. Of a full-screen program
 * the rows that changed, whenever it rests. Confined to one thread.
 */
public final class ShownLines {

    /** Gets each line. */
    public interface Listener {

        /**
         * A line.
         *
         * @param stamp of the output that wrote to it last
         * @param text as it was shown, without escape sequences; not harmless in itself
         */
        void line(int stamp, String text);
    }

    /** Bytes that are drawn at once: they scroll fewer rows away than the screen keeps. */
    private static final int PIECE_BYTES = 128;

    private static final int LONGEST_LINE = 1 << 16;

    private final Listener listener;
    private final Screen screen;
    private final OutputParser parser;
    private final StringBuilder line = new StringBuilder();
    private String[] alternate = {};
    private long next;
    private int now;

    /**
     * @param columns of the terminal; 0 for unknown, as {@code rows}
     */
    public ShownLines(int columns, int rows, Listener listener) {
        this.listener = listener;
        screen = new Screen(columns, rows);
        screen.moveToRow(0);
        parser = new OutputParser(screen, new Marks());
        next = firstOnScreen();
    }

    private long firstOnScreen() {
        return screen.lastRow() - screen.rows() + 1;
    }

    /** Bytes of the host. */
    public void output(int stamp, byte[] bytes) {
        now = stamp;
        screen.stamp(stamp);
        for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
            parser.feed(bytes, from, Math.min(PIECE_BYTES, bytes.length - from));
            tellScrolled();
        }
    }

    /** Nothing came for a while: what a full-screen program shows now is told. */
    public void rests() {
        if (!screen.isAlternate()) {
            return;
        }
        if (alternate.length != screen.rows()) {
            alternate = new String[screen.rows()];
            java.util.Arrays.fill(alternate, "");
        }
        for (int y = 0; y < alternate.length; y++) {
            String text = RowText.of(screen, firstOnScreen() + y).stripTrailing();
            if (!text.equals(alternate[y])) {
                alternate[y] = text;
                if (!text.isEmpty()) {
                    listener.line(now, text);
                }
            }
        }
    }

    public void resize(int columns, int rows) {
        screen.resize(columns, rows);
        tellScrolled();
    }

    /** Tells what still stands on the screen. */
    public void end() {
        rests();
        if (screen.isAlternate()) {
            screen.alternate(false);
        }
        tellScreen();
    }

    private void tellScrolled() {
        next = Math.max(next, screen.firstRow());
        while (next < firstOnScreen()) {
            tell(next++);
        }
    }

    private void tellScreen() {
        long last = screen.lastRow();
        while (last >= next && isBlank(last)) {
            last--;
        }
        while (next <= last) {
            tell(next++);
        }
        finish(now);
    }

    private boolean isBlank(long number) {
        Row row = screen.row(number);
        return row == null || row.isBlank();
    }

    private void tell(long number) {
        Row row = screen.row(number);
        if (row == null) {
            return;
        }
        line.append(RowText.of(screen, number));
        if (!row.wrapped || line.length() > LONGEST_LINE) {
            finish(row.stamp);
        }
    }

    private void finish(int stamp) {
        String text = line.toString().stripTrailing();
        line.setLength(0);
        if (!text.isEmpty()) {
            listener.line(stamp, text);
        }
    }

    /** What has to be told before it is gone. */
    private final class Marks implements OutputMarks {

        @Override
        public void printed(int point) {}

        @Override
        public void lineFeed() {}

        @Override
        public void controlSequence() {}

        @Override
        public void bracketedPaste(boolean on) {}

        @Override
        public void alternateScreen(boolean on) {
            alternate = new String[0];
        }

        @Override
        public void shellMark(char letter) {}

        @Override
        public void erasing(int how) {
            boolean all = how == 2 || (how == 0 && screen.column() == 0 && isOnTop());
            if (all && !screen.isAlternate()) {
                tellScreen();
                next = firstOnScreen();
            } else if (all) {
                rests();
            }
        }

        private boolean isOnTop() {
            return screen.cursorRow() == firstOnScreen();
        }
    }
}
