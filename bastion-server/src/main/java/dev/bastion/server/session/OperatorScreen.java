package dev.bastion.server.session;

import dev.bastion.menu.terminal.KeySource;
import dev.bastion.server.relay.Terminal;
import dev.bastion.server.replay.ReplayTerminal;
import java.io.OutputStream;

/** The terminal of whoever gave a command, raw. */
record OperatorScreen(OperatorSide side) implements ReplayTerminal {

    @Override
    public KeySource keys() {
        return side.keys();
    }

    @Override
    public OutputStream output() {
        return side.output();
    }

    @Override
    public int columns() {
        Terminal terminal = side.terminal();
        return terminal == null ? 0 : terminal.columns();
    }

    @Override
    public int rows() {
        Terminal terminal = side.terminal();
        return terminal == null ? 0 : terminal.rows();
    }
}
