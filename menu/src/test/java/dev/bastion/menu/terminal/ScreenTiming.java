package dev.bastion.menu.terminal;

import dev.bastion.menu.TargetMenu;
import java.io.IOException;

/** Paints a menu as for an xterm, for measuring. */
public final class ScreenTiming {

    private final TargetMenu menu;
    private final ScreenPainter painter;

    public ScreenTiming(TargetMenu menu, int columns, int rows) throws IOException {
        this.menu = menu;
        this.painter = new ScreenPainter(TerminalKind.of("xterm-256color"));
        painter.open();
        menu.resize(columns, rows);
        painter.resize(columns, rows);
    }

    /** The number of bytes that went to the terminal. */
    public int paint() {
        return painter.paint(menu.view()).length;
    }
}
