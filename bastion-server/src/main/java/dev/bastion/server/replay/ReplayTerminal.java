package dev.bastion.server.replay;

import dev.bastion.menu.terminal.KeySource;
import java.io.OutputStream;

/** A person's terminal, raw: keys one by one, and bytes as they are. */
public interface ReplayTerminal {

    KeySource keys();

    /** Blocks while the person's client takes nothing. */
    OutputStream output();

    /** At this moment; 0 when unknown, as {@link #rows}. */
    int columns();

    int rows();
}
