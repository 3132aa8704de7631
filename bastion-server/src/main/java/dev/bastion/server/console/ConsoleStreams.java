package dev.bastion.server.console;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * Where a command reads and writes.
 *
 * @param in standard input; from a raw terminal (Enter is CR, nothing is echoed for us) when {@code
 *     terminal}
 * @param out standard output; takes LF, whoever carries it to a terminal adds CR
 * @param err standard error, likewise
 * @param terminal whether a person sits at a terminal
 * @param columns width of the terminal; 0 when there is none
 */
public record ConsoleStreams(
        InputStream in, OutputStream out, OutputStream err, boolean terminal, int columns) {}
