package dev.bastion.menu.terminal;

import dev.bastion.menu.DisplayWidth;
import dev.bastion.menu.MenuView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;

/**
 * Makes bytes of views: JLine's {@link Display} knows what is on the screen and sends only what
 * differs. Confined to the menu's thread.
 */
final class ScreenPainter {

    private static final String PASTE_MARKS_ON = "\033[?2004h";
    private static final String PASTE_MARKS_OFF = "\033[?2004l";
    private static final String RESET_ATTRIBUTES = "\033[0m";

    private final TerminalKind kind;
    private final ScreenTerminal terminal;
    private final Display display;
    private List<MenuView.Line> shown = List.of();

    ScreenPainter(TerminalKind kind) throws IOException {
        this.kind = kind;
        this.terminal = new ScreenTerminal(kind.capabilities());
        this.display = new Display(terminal, true);
        display.setScrollOptimization(false);
    }

    /** Goes to the alternate screen; what the user had on the screen stays where it is. */
    void open() {
        terminal.puts(Capability.enter_ca_mode);
        if (kind.hasPasteMarks()) {
            terminal.writer().write(PASTE_MARKS_ON);
        }
        display.clear();
    }

    /** The next view is drawn whole, at this size. */
    void resize(int columns, int rows) {
        display.resize(Size.of(columns, rows));
        display.clear();
    }

    /** The bytes that turn what is on the screen into the view; none when nothing differs. */
    byte[] paint(MenuView view) {
        List<AttributedString> lines = new ArrayList<>(view.rows());
        for (MenuView.Line line : view.lines()) {
            AttributedStringBuilder styled = new AttributedStringBuilder();
            for (MenuView.Span span : line.spans()) {
                styled.append(span.text(), style(span.style()));
            }
            lines.add(styled.toAttributedString());
        }
        while (lines.size() < view.rows()) {
            lines.add(AttributedString.EMPTY);
        }
        if (changesMarks(view.lines())) {
            display.clear();
        }
        shown = view.lines();
        int cursor = view.cursorRow() * (display.getColumns() + 1) + view.cursorColumn();
        display.update(lines, cursor, false);
        return terminal.take();
    }

    /**
     * Whether a line with combining marks comes, goes or changes. Display compares UTF-16 units and
     * may part a mark from its letter, so such a change is drawn from an empty screen.
     */
    private boolean changesMarks(List<MenuView.Line> next) {
        for (int row = 0; row < Math.max(shown.size(), next.size()); row++) {
            String before = row < shown.size() ? shown.get(row).text() : "";
            String after = row < next.size() ? next.get(row).text() : "";
            boolean same = row < shown.size() && row < next.size();
            same = same && shown.get(row).equals(next.get(row));
            if (!same && (hasMarks(before) || hasMarks(after))) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasMarks(String text) {
        return text.codePoints().anyMatch(codePoint -> DisplayWidth.of(codePoint) == 0);
    }

    /** Leaves the screen as it was before {@link #open()}. */
    byte[] close() {
        if (kind.hasPasteMarks()) {
            terminal.writer().write(PASTE_MARKS_OFF);
        }
        terminal.writer().write(RESET_ATTRIBUTES);
        terminal.puts(Capability.clear_screen);
        terminal.puts(Capability.exit_ca_mode);
        terminal.puts(Capability.cursor_normal);
        return terminal.take();
    }

    private AttributedStyle style(MenuView.Style style) {
        AttributedStyle plain = AttributedStyle.DEFAULT;
        boolean colours = kind.hasColours();
        return switch (style) {
            case PLAIN -> plain;
            case TITLE -> plain.bold();
            case DIM -> colours ? plain.foreground(AttributedStyle.CYAN) : plain;
            case MATCH ->
                    colours
                            ? plain.bold().foreground(AttributedStyle.YELLOW)
                            : plain.bold().underline();
            case NOTICE -> colours ? plain.foreground(AttributedStyle.YELLOW) : plain.bold();
            case SELECTED -> plain.inverse();
            case SELECTED_MATCH -> plain.inverse().bold();
        };
    }
}
