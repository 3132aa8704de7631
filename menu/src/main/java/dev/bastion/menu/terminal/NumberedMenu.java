package dev.bastion.menu.terminal;

import dev.bastion.menu.MenuEvent;
import dev.bastion.menu.MenuKey;
import dev.bastion.menu.MenuKey.Control;
import dev.bastion.menu.TargetMenu;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The menu for a terminal whose cursor cannot be moved: a numbered list and a line to type a number
 * or a text to look for. Confined to the thread that runs it.
 */
final class NumberedMenu {

    /** The longest list shown at once. */
    static final int MAX_LISTED = 50;

    private static final int DEFAULT_WIDTH = 80;

    private final KeySource keys;
    private final OutputStream out;
    private final TerminalSize size;
    private final StringBuilder screen = new StringBuilder();
    private int first;

    NumberedMenu(KeySource keys, OutputStream out, TerminalSize size) {
        this.keys = keys;
        this.out = out;
        this.size = size;
    }

    MenuChoice run(TargetMenu menu) throws IOException {
        line(menu.title());
        LineEntry entry = new LineEntry(keys, this::echo);
        while (true) {
            list(menu);
            LineEntry.Outcome outcome = entry.read();
            line("");
            switch (outcome) {
                case LineEntry.Gone() -> {
                    return new MenuChoice.Gone();
                }
                case LineEntry.Idle() -> {
                    flush();
                    return new MenuChoice.Idle();
                }
                case LineEntry.Left() -> {
                    flush();
                    return new MenuChoice.Left();
                }
                case LineEntry.Line(String text) -> {
                    Optional<MenuChoice> choice = entered(text.strip(), menu);
                    if (choice.isPresent()) {
                        flush();
                        return choice.get();
                    }
                }
            }
        }
    }

    private Optional<MenuChoice> entered(String text, TargetMenu menu) {
        int number = number(text);
        if (number >= 1 && number <= menu.matchCount()) {
            return choose(number - 1, menu);
        }
        if (text.isEmpty()) {
            boolean hasMore = first + shown(menu) < menu.matchCount();
            if (hasMore) {
                first += shown(menu);
            } else {
                showAll(menu);
            }
            return Optional.empty();
        }
        first = 0;
        menu.key(Control.ERASE_ALL);
        text.codePoints().forEach(codePoint -> menu.key(new MenuKey.Text(codePoint)));
        if (menu.matchCount() == 0) {
            line("Nothing matches.");
            menu.key(Control.ERASE_ALL);
        }
        return Optional.empty();
    }

    private Optional<MenuChoice> choose(int position, TargetMenu menu) {
        first = 0;
        return switch (menu.choose(position)) {
            case MenuEvent.Chosen(String host, String account) ->
                    Optional.of(new MenuChoice.Target(host, account));
            case MenuEvent.Left() -> Optional.of(new MenuChoice.Left());
            case MenuEvent.Redraw(), MenuEvent.Ignored() -> Optional.empty();
        };
    }

    private void showAll(TargetMenu menu) {
        first = 0;
        if (!menu.key(Control.ERASE_ALL).equals(new MenuEvent.Redraw()) && menu.choosingAccount()) {
            menu.key(Control.ESCAPE);
        }
    }

    private int shown(TargetMenu menu) {
        int room = Math.clamp(size.rows() - 4L, 1, MAX_LISTED);
        return Math.min(room, menu.matchCount() - first);
    }

    private void list(TargetMenu menu) {
        if (!menu.notice().isEmpty()) {
            line(menu.notice());
        }
        int count = menu.matchCount();
        int end = first + shown(menu);
        int width = Math.min(size.columns(), DEFAULT_WIDTH * 3);
        for (int position = first; position < end; position++) {
            String number = String.format("%4d  ", position + 1);
            line(number + menu.line(position, Math.max(1, width - number.length() - 1)));
        }
        String more = end < count ? ", Enter for more (" + (count - end) + ")" : "";
        String what = menu.choosingAccount() ? "account" : "host";
        screen.append("Number of the ").append(what).append(", text to find").append(more);
        screen.append(", Ctrl-D to leave: ");
    }

    private void line(String text) {
        screen.append(text).append("\r\n");
    }

    private void echo(String text) throws IOException {
        screen.append(text);
        flush();
    }

    private void flush() throws IOException {
        if (!screen.isEmpty()) {
            out.write(screen.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
            screen.setLength(0);
        }
    }

    private static int number(String text) {
        boolean isNumber = !text.isEmpty() && text.length() <= 6;
        for (int i = 0; i < text.length(); i++) {
            isNumber &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return isNumber ? Integer.parseInt(text) : -1;
    }
}
