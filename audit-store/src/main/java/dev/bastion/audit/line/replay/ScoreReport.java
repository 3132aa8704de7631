package dev.bastion.audit.line.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Scores of several traces as a table: by configuration and by kind, beside the line that
 * keystrokes alone give. Confined to one thread.
 */
public final class ScoreReport {

    private record Pair(Tally ours, Tally naive) {

        void add(Tally one, Tally other) {
            ours.add(one);
            naive.add(other);
        }
    }

    private final Map<String, Pair> byTrace = new TreeMap<>();
    private final Map<String, Pair> byKind = new TreeMap<>();
    private final Pair all = new Pair(new Tally(), new Tally());
    private final List<String> misses = new ArrayList<>();

    /** Replays a trace and adds its score. */
    public void add(Trace trace, Replay replay) {
        Score score = Score.of(trace, replay);
        Score naive = Score.ofNaive(trace);
        pair(byTrace, trace.name()).add(score.total(), naive.total());
        score.byKind().forEach((kind, tally) -> pair(byKind, kind).ours.add(tally));
        naive.byKind().forEach((kind, tally) -> pair(byKind, kind).naive.add(tally));
        all.add(score.total(), naive.total());
        score.misses().forEach(miss -> misses.add(trace.name() + ": " + miss));
    }

    private static Pair pair(Map<String, Pair> pairs, String name) {
        return pairs.computeIfAbsent(name, _ -> new Pair(new Tally(), new Tally()));
    }

    /** What all traces together scored. */
    public Tally total() {
        return all.ours;
    }

    /** What the naive line scored on the same traces. */
    public Tally naive() {
        return all.naive;
    }

    /** What a trace scored. */
    public Tally of(String trace) {
        return pair(byTrace, trace).ours;
    }

    /** What went wrong, one sentence each. */
    public List<String> misses() {
        return List.copyOf(misses);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        append(text, "configuration", byTrace);
        row(text, "all", all);
        text.append(System.lineSeparator());
        append(text, "kind", byKind);
        return text.toString();
    }

    private static void append(StringBuilder text, String title, Map<String, Pair> pairs) {
        text.append(
                "%-20s %8s %8s %8s %9s %9s %9s %9s%n"
                        .formatted(
                                title,
                                "commands",
                                "naive",
                                "exact",
                                "spurious",
                                "leaks",
                                "naive's",
                                "kept"));
        pairs.forEach((name, pair) -> row(text, name, pair));
    }

    private static void row(StringBuilder text, String name, Pair pair) {
        Tally ours = pair.ours;
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-20s %8d %7.1f%% %7.1f%% %9d %9d %9s %9s%n",
                        name,
                        ours.commands(),
                        pair.naive.exactPercent(),
                        ours.exactPercent(),
                        ours.spurious(),
                        ours.leaked(),
                        pair.naive.leaked() + "/" + ours.secrets(),
                        ours.kept() + "/" + ours.visible()));
    }
}
