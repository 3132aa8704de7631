package dev.bastion.server.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured values in one unit. Confined to one thread. */
final class Samples {

    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    void addAll(Samples others) {
        values.addAll(others.values);
    }

    /** The time since {@code startNanos} of {@link System#nanoTime()}, in milliseconds. */
    void addMillisSince(long startNanos) {
        add((System.nanoTime() - startNanos) / 1e6);
    }

    long count() {
        return values.size();
    }

    double median() {
        return percentile(50);
    }

    double min() {
        return percentile(0);
    }

    double max() {
        return percentile(100);
    }

    /** By nearest rank. */
    double percentile(double percent) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(sorted.size() * percent / 100);
        return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
    }
}
