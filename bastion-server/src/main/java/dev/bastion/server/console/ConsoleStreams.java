package dev.bastion.server.console;

import dev.bastion.server.replay.ReplayTerminal;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a command reads and writes.
 *
 * @param in standard input; from a raw terminal (Enter is CR, nothing is echoed for us) when {@code
 *     terminal}
 * @param out standard output; takes LF, whoever carries it to a terminal adds CR
 * @param err standard error, likewise
 * @param terminal whether a person sits at a terminal
 * @param columns width of the terminal; 0 when there is none
 * @param screen the same terminal, for what is painted on it instead of {@code in} and {@code out};
 *     absent where there is none or it cannot be painted on
 */
public record ConsoleStreams(
        InputStream in,
        OutputStream out,
        OutputStream err,
        boolean terminal,
        int columns,
        @Nullable ReplayTerminal screen) {

    /** Without a screen. */
    public ConsoleStreams(
            InputStream in, OutputStream out, OutputStream err, boolean terminal, int columns) {
        this(in, out, err, terminal, columns, null);
    }
}
