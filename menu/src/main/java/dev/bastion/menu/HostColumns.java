package dev.bastion.menu;

import dev.bastion.menu.MenuView.Style;
import java.util.List;

/**
 * How wide the columns of the host list are: fitted to all hosts, so that nothing jumps while one
 * types. Immutable.
 */
record HostColumns(int name, int address, int groups) {

    /** Below this width only the names are shown. */
    private static final int ADDRESS_FROM = 30;

    /** Below this width there are no groups. */
    private static final int GROUPS_FROM = 60;

    private static final int GAP = 2;

    static HostColumns of(List<HostRow> rows) {
        int name = 1;
        int address = 0;
        int groups = 0;
        for (HostRow row : rows) {
            name = Math.max(name, DisplayWidth.of(row.name()));
            address = Math.max(address, DisplayWidth.of(row.address()));
            groups = Math.max(groups, DisplayWidth.of(row.groups()));
        }
        return new HostColumns(name, address, groups);
    }

    /** Adds a host to a line that is that wide in all. */
    void draw(LineBuilder line, HostRow row, boolean selected, List<String> words, int width) {
        Style plain = selected ? Style.SELECTED : Style.PLAIN;
        Style dim = selected ? Style.SELECTED : Style.DIM;
        Style match = selected ? Style.SELECTED_MATCH : Style.MATCH;
        if (width < ADDRESS_FROM) {
            line.add(row.name(), width, plain, match, words);
            return;
        }
        boolean showGroups = width >= GROUPS_FROM && groups > 0;
        int at = line.used();
        int nameWidth = Math.min(name, showGroups ? width / 3 : width / 2);
        int addressWidth = Math.min(address, showGroups ? width / 4 : width / 3);
        line.add(row.name(), nameWidth, plain, match, words);
        at += nameWidth + GAP;
        if (addressWidth > 0) {
            line.pad(at, plain).add(row.address(), addressWidth, plain, match, words);
            at += addressWidth + GAP;
        }
        if (showGroups) {
            int groupsWidth = Math.min(groups, width / 6);
            line.pad(at, plain);
            line.add(row.groups(), groupsWidth, dim, match, whole(words, row.groups()));
            at += groupsWidth + GAP;
        }
        String rest = row.rest();
        if (!rest.isEmpty()) {
            line.pad(at, plain);
            line.add(rest, width, dim, match, whole(words, rest));
        }
    }

    /** The words that a text holds in one piece; scattered letters are not marked in sentences. */
    private static List<String> whole(List<String> words, String text) {
        if (words.isEmpty()) {
            return words;
        }
        String folded = FoldedText.of(text);
        return words.stream().filter(folded::contains).toList();
    }
}
