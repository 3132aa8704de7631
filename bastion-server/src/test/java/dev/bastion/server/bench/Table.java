package dev.bastion.server.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Markdown table of rounds: a row a way, with the ratio of its median to that of each baseline.
 * Confined to one thread.
 */
final class Table {

    private final String title;
    private final List<String> baselines;
    private final Map<String, Map<String, Samples>> measures = new LinkedHashMap<>();

    Table(String title, String... baselines) {
        this.title = title;
        this.baselines = List.of(baselines);
    }

    /** One round's value of a measure, for a way. */
    void add(String measure, String way, double value) {
        measures.computeIfAbsent(measure, m -> new LinkedHashMap<>())
                .computeIfAbsent(way, w -> new Samples())
                .add(value);
    }

    void print() {
        List<String> head = new ArrayList<>(List.of(title, "", "median", "min–max"));
        baselines.forEach(baseline -> head.add("÷ " + baseline));
        System.out.println();
        System.out.println(line(head));
        System.out.println("|---|---|" + "--:|".repeat(head.size() - 2));
        measures.forEach((measure, ways) ->
                ways.forEach((way, rounds) -> System.out.println(row(measure, way, rounds, ways))));
        System.out.flush();
    }

    private String row(String measure, String way, Samples rounds, Map<String, Samples> ways) {
        List<String> cells = new ArrayList<>(List.of(measure, way));
        cells.add(number(rounds.median()));
        cells.add(number(rounds.min()) + "–" + number(rounds.max()));
        for (String baseline : baselines) {
            Samples base = ways.get(baseline);
            cells.add(
                    base == null || baseline.equals(way)
                            ? ""
                            : "%.2f".formatted(rounds.median() / base.median()));
        }
        return line(cells);
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String number(double value) {
        if (value >= 1000) {
            return "%,.0f".formatted(value);
        }
        return (value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f").formatted(value);
    }
}
