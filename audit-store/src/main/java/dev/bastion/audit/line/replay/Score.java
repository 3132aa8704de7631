package dev.bastion.audit.line.replay;

import dev.bastion.audit.line.DecidedLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Compares replayed lines with what the shell recorded. A shell's record may come a window or more
 * late, when it was not ready as keys were typed. Confined to one thread.
 */
public final class Score {

    /** A record may stand this many windows before the shell's own. */
    private static final int WINDOWS_LATE = 3;

    /** A record may have this many lines more than the shell's own, where lines go on. */
    private static final int MORE_LINES = 3;

    private static final Pattern CONTINUATION = Pattern.compile("\\\\\n\\s*(?=.)");

    private final List<TraceEvent.Window> windows;
    private final List<ReplayedLine> lines;
    private final boolean[] matched;
    private final List<Piece> pieces;
    private final boolean[] used;
    private final String shown;
    private final Map<String, Tally> byKind = new TreeMap<>();
    private final List<String> misses = new ArrayList<>();

    private Score(Trace trace, List<ReplayedLine> lines) {
        windows = trace.windows();
        this.lines = lines;
        matched = new boolean[lines.size()];
        pieces = pieces(lines);
        used = new boolean[pieces.size()];
        shown = shown(trace);
    }

    /** Scores the lines of a trace. */
    public static Score of(Trace trace, Replay replay) {
        return new Score(trace, replay.run(trace)).counted();
    }

    /** Scores the line that keystrokes alone give. */
    public static Score ofNaive(Trace trace) {
        return new Score(trace, NaiveLines.of(trace)).counted();
    }

    /** Counts by the kind of editing. */
    public Map<String, Tally> byKind() {
        return byKind;
    }

    public Tally total() {
        Tally total = new Tally();
        byKind.values().forEach(total::add);
        return total;
    }

    /** What was not told exactly, leaked or not kept, one sentence each, in order. */
    public List<String> misses() {
        return misses;
    }

    /** What the host printed: a secret that the terminal showed is none. */
    private static String shown(Trace trace) {
        StringBuilder text = new StringBuilder();
        for (TraceEvent event : trace.events()) {
            if (event instanceof TraceEvent.Output out) {
                text.append(new String(out.bytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    private Score counted() {
        for (int i = 0; i < windows.size(); i++) {
            TraceEvent.Window window = windows.get(i);
            Tally tally = byKind.computeIfAbsent(window.kind(), _ -> new Tally());
            for (String truth : window.truth()) {
                if (!truth.isBlank() && !truth.startsWith("PROMPT_COMMAND=")) {
                    tally.commands++;
                    if (take(i, truth)) {
                        tally.exact++;
                    } else {
                        misses.add("window " + i + " " + window.kind() + ": missed " + truth);
                    }
                }
            }
            countTyped(i, window, tally);
        }
        for (int i = 0; i < matched.length; i++) {
            ReplayedLine line = lines.get(i);
            if (!matched[i] && line.line().kind() == DecidedLine.Kind.COMMAND) {
                int window = Math.min(line.window(), windows.size() - 1);
                if (window >= 0) {
                    byKind.computeIfAbsent(windows.get(window).kind(), _ -> new Tally()).spurious++;
                    misses.add("window " + window + ": spurious " + line.line());
                }
            }
        }
        return this;
    }

    private void countTyped(int index, TraceEvent.Window window, Tally tally) {
        for (String secret : window.secrets()) {
            if (shown.contains(secret)) {
                continue;
            }
            tally.secrets++;
            if (lines.stream().anyMatch(line -> holds(line.line(), secret))) {
                tally.leaked++;
                misses.add("window " + index + ": leaked " + secret);
            }
        }
        for (String text : window.visible()) {
            tally.visible++;
            if (lines.stream()
                    .anyMatch(line ->
                            Math.abs(line.window() - index) <= 1 && holds(line.line(), text))) {
                tally.kept++;
            } else {
                misses.add("window " + index + ": not kept " + text);
            }
        }
    }

    private static boolean holds(DecidedLine line, String text) {
        return line.command().contains(text)
                || line.keystrokes().contains(text)
                || line.prompt().contains(text);
    }

    /** One line of a record: a shell reads some commands line by line, and some as a block. */
    private record Piece(int record, String text) {}

    private boolean take(int window, String truth) {
        String wanted = normal(truth);
        int most = (int) truth.lines().count() + MORE_LINES;
        for (int i = 0; i < pieces.size(); i++) {
            if (isCandidate(pieces.get(i).record, window)) {
                int count = matching(i, most, wanted);
                for (int k = i; k < i + count; k++) {
                    used[k] = true;
                    matched[pieces.get(k).record] = true;
                }
                if (count > 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isCandidate(int index, int window) {
        ReplayedLine line = lines.get(index);
        return line.window() >= window - WINDOWS_LATE && line.window() <= window + 1;
    }

    /** How many lines from this one on make the command. */
    private int matching(int index, int most, String wanted) {
        StringBuilder text = new StringBuilder();
        for (int k = index; k < Math.min(pieces.size(), index + most) && !used[k]; k++) {
            text.append(pieces.get(k).text).append('\n');
            if (normal(text.toString()).equals(wanted)) {
                return k - index + 1;
            }
        }
        return 0;
    }

    private static List<Piece> pieces(List<ReplayedLine> lines) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int record = i;
            if (lines.get(i).line().kind() == DecidedLine.Kind.COMMAND) {
                lines.get(i)
                        .line()
                        .command()
                        .lines()
                        .forEach(text -> pieces.add(new Piece(record, text)));
            }
        }
        return pieces;
    }

    /** Continuation lines compare without their backslash and their indentation. */
    private static String normal(String command) {
        StringBuilder text = new StringBuilder();
        CONTINUATION
                .matcher(command)
                .replaceAll("")
                .lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> text.append(line.strip()).append('\n'));
        return text.toString();
    }
}
