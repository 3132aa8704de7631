package dev.bastion.menu.terminal;

import dev.bastion.menu.TargetMenu;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.IntSupplier;

/**
 * A menu on an operator's terminal: a screen where the terminal has one, a numbered list where not.
 * Everything runs on the thread that calls {@link #run}, which may be a virtual one.
 */
public final class MenuTerminal {

    private final KeySource keys;
    private final OutputStream out;
    private final String terminalType;
    private final IntSupplier columns;
    private final IntSupplier rows;

    /**
     * A terminal; nothing is read or written yet.
     *
     * @param out to the terminal; written once and flushed for each change; not closed
     * @param terminalType as in the pty-req (RFC 4254, 6.2); any text; empty when unknown
     * @param columns the width now, asked for at the start and after {@link KeySource#RESIZED}; 0
     *     or less when unknown
     * @param rows the height now, likewise
     */
    public MenuTerminal(
            KeySource keys,
            OutputStream out,
            String terminalType,
            IntSupplier columns,
            IntSupplier rows) {
        this.keys = keys;
        this.out = out;
        this.terminalType = terminalType;
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * Shows the menu until something is chosen, and then puts the terminal back as it was. No byte
     * behind the Enter that chooses is taken from the keys. Can be called again.
     *
     * @throws IOException when the keys or the terminal's stream fail
     */
    public MenuChoice run(TargetMenu menu) throws IOException {
        TerminalKind kind = TerminalKind.of(terminalType);
        TerminalSize size = new TerminalSize(columns, rows);
        return kind.hasScreen()
                ? new ScreenMenu(keys, out, kind, size).run(menu)
                : new NumberedMenu(keys, out, size).run(menu);
    }
}
