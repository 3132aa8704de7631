package dev.bastion.audit.line.replay;

import dev.bastion.audit.line.DecidedLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What keystrokes alone give when control characters and sequences are left out: the measure to
 * compare with. Stateless.
 */
final class NaiveLines {

    private static final Pattern CONTROLS =
            Pattern.compile("\033\\[[0-9;?<]*[ -/]*[@-~]|\033[O].|\033.|[\\x00-\\x1f\\x7f]");

    private NaiveLines() {}

    static List<ReplayedLine> of(Trace trace) {
        List<ReplayedLine> lines = new ArrayList<>();
        StringBuilder typed = new StringBuilder();
        int window = 0;
        for (TraceEvent event : trace.events()) {
            if (event instanceof TraceEvent.Window) {
                window++;
            } else if (event instanceof TraceEvent.Input in) {
                typed.append(new String(in.bytes(), StandardCharsets.ISO_8859_1));
                for (int end = typed.indexOf("\r"); end >= 0; end = typed.indexOf("\r")) {
                    add(lines, window, typed.substring(0, end));
                    typed.delete(0, end + 1);
                }
            }
        }
        return lines;
    }

    private static void add(List<ReplayedLine> lines, int window, String bytes) {
        String text =
                new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        String command = CONTROLS.matcher(text).replaceAll("");
        if (!command.isBlank()) {
            lines.add(
                    new ReplayedLine(
                            window,
                            new DecidedLine(
                                    DecidedLine.Kind.COMMAND,
                                    command,
                                    command,
                                    "",
                                    DecidedLine.Source.TYPED,
                                    0,
                                    0,
                                    0)));
        }
    }
}
