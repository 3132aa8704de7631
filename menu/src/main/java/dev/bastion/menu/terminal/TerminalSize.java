package dev.bastion.menu.terminal;

import dev.bastion.menu.TargetMenu;
import java.util.function.IntSupplier;

/**
 * The terminal's size now; what is unknown (RFC 4254, 6.2: zero) is 80 by 24, what is larger than
 * the menu draws is cut.
 */
record TerminalSize(IntSupplier columnsNow, IntSupplier rowsNow) {

    int columns() {
        int columns = columnsNow.getAsInt();
        return columns <= 0 ? 80 : Math.min(columns, TargetMenu.MAX_COLUMNS);
    }

    int rows() {
        int rows = rowsNow.getAsInt();
        return rows <= 0 ? 24 : Math.min(rows, TargetMenu.MAX_ROWS);
    }
}
