package dev.bastion.menu.terminal;

import dev.bastion.menu.DisplayWidth;
import dev.bastion.menu.MenuKey;
import java.io.IOException;
import java.util.List;

/** One line typed with nothing but backspace, echoed as it comes. Confined to one thread. */
final class LineEntry {

    /** In UTF-16 units; what is typed beyond is not taken. */
    static final int MAX_LENGTH = 128;

    /** What came of it. */
    sealed interface Outcome {}

    record Line(String text) implements Outcome {}

    record Left() implements Outcome {}

    record Gone() implements Outcome {}

    record Idle() implements Outcome {}

    /** Where typed text is shown; also sends what waits to be shown. */
    @FunctionalInterface
    interface Echo {
        void show(String text) throws IOException;
    }

    private final KeySource keys;
    private final Echo echo;
    private final KeyDecoder decoder = new KeyDecoder();

    LineEntry(KeySource keys, Echo echo) {
        this.keys = keys;
        this.echo = echo;
    }

    Outcome read() throws IOException {
        StringBuilder line = new StringBuilder();
        echo.show("");
        while (true) {
            int b = keys.read(decoder.patience());
            if (b == KeySource.END) {
                return new Gone();
            }
            if (b == KeySource.IDLE) {
                return new Idle();
            }
            if (b == KeySource.RESIZED) {
                continue;
            }
            List<MenuKey> pressed = b == KeySource.TIMEOUT ? decoder.timeout() : decoder.accept(b);
            for (MenuKey key : pressed) {
                switch (key) {
                    case MenuKey.Text(int codePoint) -> add(codePoint, line);
                    case MenuKey.Control.ENTER -> {
                        return new Line(line.toString());
                    }
                    case MenuKey.Control.LEAVE -> {
                        return new Left();
                    }
                    case MenuKey.Control.BACKSPACE -> erase(line, 1);
                    case MenuKey.Control.ERASE_ALL, MenuKey.Control.ERASE_WORD ->
                            erase(line, line.length());
                    case MenuKey.Control.ESCAPE -> {
                        if (line.isEmpty()) {
                            return new Left();
                        }
                        erase(line, line.length());
                    }
                    case MenuKey.Control ignored -> {}
                }
            }
        }
    }

    private void add(int codePoint, StringBuilder line) throws IOException {
        boolean isShown =
                DisplayWidth.of(codePoint) > 0 && Character.getType(codePoint) != Character.FORMAT;
        if (isShown && line.length() < MAX_LENGTH) {
            line.appendCodePoint(codePoint);
            echo.show(Character.toString(codePoint));
        }
    }

    private void erase(StringBuilder line, int characters) throws IOException {
        StringBuilder back = new StringBuilder();
        for (int i = 0; i < characters && !line.isEmpty(); i++) {
            int codePoint = line.codePointBefore(line.length());
            line.setLength(line.length() - Character.charCount(codePoint));
            back.repeat("\b \b", DisplayWidth.of(codePoint));
        }
        echo.show(back.toString());
    }
}
