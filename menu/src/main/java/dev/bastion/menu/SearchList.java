package dev.bastion.menu;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A list that is narrowed by typing: the filter, the rows that match it best first, and the
 * selected one. Rows are known by their index in the order given. Confined to one thread.
 */
final class SearchList {

    /** The longest filter, in UTF-16 units; what is typed beyond it is ignored. */
    static final int MAX_FILTER_LENGTH = 128;

    private final IntFunction<SearchText> texts;
    private final @Nullable SearchText[] used;
    private final int[] all;
    private final StringBuilder filter = new StringBuilder();
    private int[] restricted;

    /**
     * Matches in the order given, and what they were matched with: what a longer filter narrows.
     */
    private int[] matched;

    private String matchedFilter = "";
    private int[] ranked;
    private int selected;

    SearchList(List<SearchText> rows) {
        this(rows.size(), rows::get);
    }

    /**
     * A list of so many rows.
     *
     * @param texts of each row, asked for once and not before something is typed, so that a long
     *     list is shown before it is made ready to search
     */
    SearchList(int size, IntFunction<SearchText> texts) {
        this.texts = texts;
        this.used = new SearchText[size];
        this.all = IntStream.range(0, size).toArray();
        this.restricted = all;
        this.matched = all;
        this.ranked = all;
    }

    String filter() {
        return filter.toString();
    }

    /** The filter's words, folded; all of them must match. */
    List<String> words() {
        return words(filter.toString());
    }

    int size() {
        return all.length;
    }

    int count() {
        return ranked.length;
    }

    /** The row at a position of the ranked list. */
    int row(int position) {
        return ranked[position];
    }

    /** The position of the selection; 0 when nothing matches. */
    int selected() {
        return selected;
    }

    boolean type(int codePoint) {
        int shown = SafeText.shown(codePoint);
        if (shown < 0 || shown == SafeText.REPLACEMENT || filter.length() >= MAX_FILTER_LENGTH) {
            return false;
        }
        if (DisplayWidth.of(shown) == 0 && filter.isEmpty()) {
            return false;
        }
        filter.appendCodePoint(shown);
        String safe = SafeText.of(filter.toString(), 2 * MAX_FILTER_LENGTH);
        filter.setLength(0);
        filter.append(safe);
        search();
        return true;
    }

    boolean eraseCharacter() {
        if (filter.isEmpty()) {
            return false;
        }
        int end = filter.length();
        int codePoint;
        do {
            codePoint = filter.codePointBefore(end);
            end -= Character.charCount(codePoint);
        } while (end > 0 && DisplayWidth.of(codePoint) == 0);
        return shorten(end);
    }

    boolean eraseWord() {
        int end = filter.length();
        while (end > 0 && filter.charAt(end - 1) == ' ') {
            end--;
        }
        while (end > 0 && filter.charAt(end - 1) != ' ') {
            end--;
        }
        return shorten(end);
    }

    boolean eraseAll() {
        return shorten(0);
    }

    private boolean shorten(int length) {
        if (length == filter.length()) {
            return false;
        }
        filter.setLength(length);
        search();
        return true;
    }

    /** Shows only rows that the predicate takes, under the same filter. */
    void restrict(IntPredicate shown) {
        restricted = Arrays.stream(all).filter(shown).toArray();
        matched = restricted;
        matchedFilter = "";
        search();
    }

    /** Moves the selection, stopping at either end; false when it stood there already. */
    boolean move(long by) {
        return select(selected + by);
    }

    boolean select(long position) {
        int before = selected;
        selected = (int) Math.max(0, Math.min(position, ranked.length - 1L));
        return selected != before;
    }

    /** Selects a row by its index, if it is shown. */
    void selectRow(int row) {
        for (int position = 0; position < ranked.length; position++) {
            if (ranked[position] == row) {
                selected = position;
                return;
            }
        }
    }

    private void search() {
        String now = filter.toString();
        selected = 0;
        List<String> words = words(now);
        int[] from = now.startsWith(matchedFilter) ? matched : restricted;
        matchedFilter = now;
        if (words.isEmpty()) {
            matched = restricted;
            ranked = restricted;
            return;
        }
        int[] found = new int[from.length];
        long[] order = new long[from.length];
        int count = 0;
        for (int row : from) {
            int score = text(row).score(words);
            if (score > 0) {
                found[count] = row;
                order[count] = ((long) score << 32) | (Integer.MAX_VALUE - row);
                count++;
            }
        }
        matched = Arrays.copyOf(found, count);
        Arrays.sort(order, 0, count);
        int[] best = new int[count];
        for (int i = 0; i < count; i++) {
            best[i] = Integer.MAX_VALUE - (int) order[count - 1 - i];
        }
        ranked = best;
    }

    private SearchText text(int row) {
        SearchText text = used[row];
        if (text == null) {
            text = texts.apply(row);
            used[row] = text;
        }
        return text;
    }

    private static List<String> words(String filter) {
        String folded = FoldedText.of(filter).strip();
        return folded.isEmpty() ? List.of() : List.of(folded.split(" +"));
    }
}
