package dev.bastion.server.local;

import java.io.IOException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that this process was started in, while a command reads from it: nothing is echoed,
 * keys come one at a time and Enter is CR. Ctrl-C still ends the process; however it ends, but by
 * SIGKILL, the terminal is as it was. Confined to one thread.
 */
public final class LocalTerminal implements AutoCloseable {

    private final Terminal terminal;

    private LocalTerminal(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Takes the terminal that standard input is.
     *
     * @return null when it is none, or neither output is one, where nobody would read a question
     */
    public static @Nullable LocalTerminal open() {
        try {
            Terminal terminal =
                    TerminalBuilder.builder()
                            .system(true)
                            .systemOutput(TerminalBuilder.SystemOutput.SysErrOrSysOut)
                            .dumb(false)
                            // Else it asks the terminal what it can, and a thread that waits for
                            // the answers, or answers that are late, take part in what is typed.
                            .graphemeCluster(false)
                            .build();
            Attributes attributes = terminal.getAttributes();
            attributes.setLocalFlag(LocalFlag.ECHO, false);
            attributes.setLocalFlag(LocalFlag.ICANON, false);
            attributes.setLocalFlag(LocalFlag.IEXTEN, false);
            attributes.setInputFlag(InputFlag.ICRNL, false);
            attributes.setInputFlag(InputFlag.INLCR, false);
            attributes.setControlChar(ControlChar.VMIN, 1);
            attributes.setControlChar(ControlChar.VTIME, 0);
            terminal.setAttributes(attributes);
            return new LocalTerminal(terminal);
        } catch (IOException | IllegalStateException e) {
            return null;
        }
    }

    public int columns() {
        return terminal.getSize().getColumns();
    }

    /** Makes it as it was. */
    @Override
    public void close() throws IOException {
        terminal.close();
    }
}
