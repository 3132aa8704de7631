package dev.bastion.menu;

import dev.bastion.menu.MenuView.Line;
import dev.bastion.menu.MenuView.Style;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts the parts of the menu on the rows there are. From one row up, in this order of need: the
 * filter, the list, the keys, the notice, the groups, the title. Pure.
 *
 * @param columns the terminal's; the last one stays empty where there are two, because terminals
 *     differ in what they do after writing into it
 */
record ScreenLayout(int columns, int rows, boolean hasGroups, boolean hasNotice) {

    private static final String KEYS = "Enter connect  Up/Down move  Tab group  Esc leave  ? help";
    private static final String ACCOUNT_KEYS = "Enter connect  Up/Down move  Esc back";

    private static final List<String> HELP =
            List.of(
                    "Type to find a host by name, address, group, description or label.",
                    "Several words must all match.",
                    "",
                    "Up, Down          move",
                    "PgUp, PgDn        move a page",
                    "Home, End         first, last",
                    "Tab, Left, Right  the next or the previous group",
                    "Enter             connect",
                    "Backspace         erase a character",
                    "Ctrl-W            erase a word",
                    "Ctrl-U            erase all",
                    "Esc               erase all, go back, leave",
                    "Ctrl-C, Ctrl-D    leave",
                    "",
                    "Hosts marked * are those you used before, the latest first.");

    private int width() {
        return columns > 1 ? columns - 1 : 1;
    }

    private boolean showsKeys() {
        return rows >= 4;
    }

    private boolean showsNotice() {
        return hasNotice && rows >= 3;
    }

    private boolean showsGroups() {
        return hasGroups && rows >= 6;
    }

    private boolean showsTitle() {
        return rows >= 7;
    }

    /** How many rows of the list are seen; 0 where there is room for the filter only. */
    int listRows() {
        int others = 1;
        others += showsKeys() ? 1 : 0;
        others += showsNotice() ? 1 : 0;
        others += showsGroups() ? 1 : 0;
        others += showsTitle() ? 1 : 0;
        return rows - others;
    }

    MenuView hosts(HostScreen screen) {
        SearchList list = screen.list();
        List<Line> lines = new ArrayList<>();
        int shownOf = list.size();
        addHead(lines, screen.title(), list.count() + " of " + shownOf, screen.notice());
        int promptRow = lines.size();
        Prompt prompt = prompt("> ", list.filter());
        lines.add(prompt.line());
        if (showsGroups()) {
            lines.add(groupLine(screen));
        }
        List<String> words = list.words();
        boolean marksRecent = list.filter().isEmpty();
        int end = Math.min(list.count(), screen.top() + listRows());
        for (int position = screen.top(); position < end; position++) {
            boolean selected = position == list.selected();
            HostRow row = screen.row(position);
            LineBuilder line = rowStart(selected, marksRecent && row.isRecent());
            screen.columns().draw(line, row, selected, words, width() - line.used());
            lines.add(rowEnd(line, selected));
        }
        if (list.count() == 0 && listRows() > 0) {
            String none = shownOf == 0 ? "  No hosts to reach." : "  No match. Esc clears.";
            lines.add(new LineBuilder(width()).add(none, Style.DIM).build());
        }
        return finish(lines, KEYS, prompt.cursor(), promptRow);
    }

    MenuView accounts(String title, String notice, AccountChoice choice, int top) {
        SearchList list = choice.list();
        List<Line> lines = new ArrayList<>();
        addHead(lines, title, list.count() + " of " + list.size(), notice);
        int promptRow = lines.size();
        String host = SafeText.of(choice.host().name(), HostRow.MAX_NAME_LENGTH);
        Prompt prompt = prompt("Account on " + host + "> ", list.filter());
        lines.add(prompt.line());
        List<String> words = list.words();
        int end = Math.min(list.count(), top + listRows());
        for (int position = top; position < end; position++) {
            boolean selected = position == list.selected();
            LineBuilder line = rowStart(selected, false);
            Style plain = selected ? Style.SELECTED : Style.PLAIN;
            Style match = selected ? Style.SELECTED_MATCH : Style.MATCH;
            line.add(choice.shown(position), width(), plain, match, words);
            lines.add(rowEnd(line, selected));
        }
        return finish(lines, ACCOUNT_KEYS, prompt.cursor(), promptRow);
    }

    MenuView help(String title) {
        List<Line> lines = new ArrayList<>();
        if (showsTitle()) {
            lines.add(titleLine(title, "help"));
        }
        for (String text : HELP) {
            if (lines.size() < rows - (showsKeys() ? 1 : 0)) {
                lines.add(new LineBuilder(width()).add(text, Style.PLAIN).build());
            }
        }
        return finish(lines, "Any key goes back", 0, 0);
    }

    private void addHead(List<Line> lines, String title, String count, String notice) {
        if (showsTitle()) {
            lines.add(titleLine(title, count));
        }
        if (showsNotice()) {
            lines.add(new LineBuilder(width()).add(notice, Style.NOTICE).build());
        }
    }

    private Line titleLine(String title, String right) {
        int rightWidth = DisplayWidth.of(right);
        LineBuilder line = new LineBuilder(width());
        int room = Math.max(0, width() - rightWidth - 1);
        line.add(title, room, Style.TITLE, Style.TITLE, List.of());
        return line.pad(width() - rightWidth, Style.PLAIN).add(right, Style.DIM).build();
    }

    /** The filter's line; the end of a filter that is too long is what is seen of it. */
    private Prompt prompt(String label, String filter) {
        int most = Math.max(0, width() - 1);
        String shownLabel = DisplayWidth.of(label) <= most / 2 ? label : "> ";
        int room = Math.max(0, most - DisplayWidth.of(shownLabel));
        int start = filter.length();
        int used = 0;
        while (start > 0) {
            int codePoint = filter.codePointBefore(start);
            if (used + DisplayWidth.of(codePoint) > room) {
                break;
            }
            used += DisplayWidth.of(codePoint);
            start -= Character.charCount(codePoint);
        }
        LineBuilder line = new LineBuilder(most);
        line.add(shownLabel, Style.DIM).add(filter.substring(start), Style.PLAIN);
        return new Prompt(line.build(), Math.min(line.used(), columns - 1));
    }

    private record Prompt(Line line, int cursor) {}

    private Line groupLine(HostScreen screen) {
        List<String> groups = screen.groups();
        int current = screen.group().isEmpty() ? 0 : groups.indexOf(screen.group()) + 1;
        int first = Math.max(0, current - 1);
        LineBuilder line = new LineBuilder(width());
        line.add(first > 0 ? "< " : "  ", Style.DIM);
        for (int i = first; i <= groups.size() && line.used() < width(); i++) {
            String raw = i == 0 ? "all" : groups.get(i - 1);
            String name = SafeText.of(raw, HostRow.MAX_FIELD_LENGTH);
            int most = Math.max(1, width() / 2);
            Style style = i == current ? Style.SELECTED : Style.DIM;
            String shown = i == current ? "[" + name + "]" : " " + name + " ";
            line.add(shown, most, style, style, List.of()).add(" ", Style.PLAIN);
        }
        return line.build();
    }

    private LineBuilder rowStart(boolean selected, boolean recent) {
        String mark = (selected ? ">" : " ") + (recent ? "* " : "  ");
        Style style = selected ? Style.SELECTED : Style.DIM;
        return new LineBuilder(width()).add(width() < 8 ? mark.substring(0, 1) : mark, style);
    }

    private Line rowEnd(LineBuilder line, boolean selected) {
        return selected ? line.pad(width(), Style.SELECTED).build() : line.build();
    }

    private MenuView finish(List<Line> lines, String keys, int cursorColumn, int cursorRow) {
        if (showsKeys()) {
            while (lines.size() < rows - 1) {
                lines.add(new Line(List.of()));
            }
            lines.add(new LineBuilder(width()).add(keys, Style.DIM).build());
        }
        return new MenuView(columns, rows, lines, cursorColumn, cursorRow);
    }
}
