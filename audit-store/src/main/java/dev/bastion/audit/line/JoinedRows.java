package dev.bastion.audit.line;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Joins the rows of a line into its text: no line feed where the terminal wrapped, a line feed
 * where the editor began a row of its own. Confined to one thread.
 */
final class JoinedRows {

    private static final Pattern NUMBERED = Pattern.compile("<([0-9a-f]{4})>");
    private static final Pattern BYTES = Pattern.compile("(?:\\\\x[0-9A-F]{2}){2,64}");

    /** So many letters are shown as they are beside those that are replaced. */
    private static final int LEAST_LETTERS = 2;

    private final Screen screen;
    private final Edit edit;
    private boolean dropPads;

    /** Rows are joined as editors do that announce themselves, and although cells are missing. */
    private boolean anyJoint;

    JoinedRows(Screen screen, Edit edit) {
        this.screen = screen;
        this.edit = edit;
    }

    /**
     * The text from a cell to the end of a row. A row that ends one cell before the edge may have
     * wrapped or not, and so may one whose last cells were erased; the way that makes what was
     * typed is taken.
     *
     * @param withoutFaint leaves out a suggestion behind the line
     */
    String text(long first, int column, long end, String typed, boolean withoutFaint) {
        dropPads = true;
        String wrapped = marks(join(first, column, end, withoutFaint, true));
        if (wrapped.equals(typed)) {
            return wrapped;
        }
        if (first == end) {
            return isReplaced(wrapped, typed) ? typed : wrapped;
        }
        String broken = marks(join(first, column, end, withoutFaint, false));
        if (broken.equals(typed)) {
            return broken;
        }
        dropPads = false;
        String padded = marks(join(first, column, end, withoutFaint, true));
        if (padded.equals(typed)) {
            return padded;
        }
        anyJoint = true;
        boolean same = isJoined(first, column, end, typed, withoutFaint);
        dropPads = true;
        same = same || isJoined(first, column, end, typed, withoutFaint);
        anyJoint = false;
        return same || isReplaced(wrapped, typed) ? typed : wrapped;
    }

    /** The row shows other things for characters that its editor cannot print. */
    private static boolean isReplaced(String shown, String typed) {
        return unescaped(shown).equals(typed) || isQuestioned(shown, typed);
    }

    /** Busybox shows a question mark for a character; not all may have been replaced. */
    private static boolean isQuestioned(String shown, String typed) {
        if (shown.indexOf('?') < 0) {
            return false;
        }
        int[] left = shown.codePoints().toArray();
        int[] right = typed.codePoints().toArray();
        if (left.length != right.length) {
            return false;
        }
        int letters = 0;
        for (int i = 0; i < left.length; i++) {
            if (left[i] != right[i] && (left[i] != '?' || right[i] < 0x80)) {
                return false;
            }
            letters += Character.isLetterOrDigit(left[i]) ? 1 : 0;
        }
        return letters >= LEAST_LETTERS;
    }

    /** Mksh shows a character that it cannot print as its bytes. */
    private static String unescaped(String text) {
        return text.indexOf("\\x") < 0
                ? text
                : BYTES.matcher(text).replaceAll(JoinedRows::character);
    }

    private static String character(MatchResult escaped) {
        byte[] bytes = HexFormat.of().parseHex(escaped.group().replace("\\x", ""));
        return Matcher.quoteReplacement(new String(bytes, StandardCharsets.UTF_8));
    }

    private boolean isJoined(long first, int column, long end, String typed, boolean withoutFaint) {
        return marks(join(first, column, end, withoutFaint, true)).equals(typed);
    }

    /** Zsh shows a combining mark as its number. */
    private String marks(String text) {
        return text.indexOf('<') >= 0 ? NUMBERED.matcher(text).replaceAll(JoinedRows::mark) : text;
    }

    private static String mark(MatchResult number) {
        int point = Integer.parseInt(number.group(1), 16);
        return Matcher.quoteReplacement(
                CharacterWidth.of(point) == 0 ? Character.toString(point) : number.group());
    }

    private String join(
            long first, int column, long end, boolean withoutFaint, boolean shortRowsWrap) {
        StringBuilder text = new StringBuilder();
        int cut = 0;
        for (long i = first; i <= end; i++) {
            Row row = screen.row(i);
            if (row == null) {
                continue;
            }
            int from = i == first ? column : 0;
            int to =
                    i == first || i == end
                            ? RightPrompt.begin(screen, i, from, edit.right(), edit.editor)
                            : row.used();
            cut = appendRow(row, from, Math.max(from, to), text, cut);
            if (i < end) {
                joint(row, screen.row(i + 1), to, text, shortRowsWrap);
            }
        }
        boolean comment = text.length() > 0 && text.charAt(0) == '#';
        if (withoutFaint && cut > 0 && !comment) {
            text.setLength(cut);
        }
        return text.toString().stripTrailing();
    }

    /** Returns the length of the text up to the last character that is not faint. */
    private int appendRow(Row row, int from, int to, StringBuilder text, int before) {
        int solid = before;
        for (int i = from; i < to; i++) {
            int cell = row.cell(i);
            if ((cell & Row.PAD) == 0) {
                screen.clusters().appendTo(text, cell);
                if ((cell & Row.FAINT) == 0 && cell != Row.NEVER && cell != ' ') {
                    solid = text.length();
                }
            }
        }
        return solid;
    }

    private void joint(
            Row row, @Nullable Row next, int to, StringBuilder text, boolean shortRowsWrap) {
        int columns = screen.columns();
        boolean full = to >= columns;
        boolean edits = edit.editor || edit.sequences > 0;
        boolean nextIsWide = next != null && next.cell(1) == Row.PAD;
        if (full) {
            int last = text.length() - 1;
            if (nextIsWide
                    && (edit.editor || anyJoint)
                    && dropPads
                    && last >= 0
                    && text.charAt(last) == ' ') {
                text.setLength(last);
            }
            return;
        }
        if (to == columns - 1 && nextIsWide && (row.wrapped || edits)) {
            return;
        }
        if (row.wrapped || anyJoint || (to == columns - 1 && edits && shortRowsWrap)) {
            text.append(" ".repeat(columns - to));
            return;
        }
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        text.setLength(end);
        text.append('\n');
    }
}
