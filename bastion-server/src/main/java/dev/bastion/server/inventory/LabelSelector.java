package dev.bastion.server.inventory;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Chooses hosts that have all of these labels. Immutable. Written {@code env=prod,tier=web}.
 *
 * @param labels at least one
 */
public record LabelSelector(SortedMap<String, String> labels) {

    public LabelSelector {
        labels = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /**
     * Reads the written form.
     *
     * @throws dev.bastion.server.identity.InvalidValueException when it is not one
     */
    public static LabelSelector parse(String text) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            Map.Entry<String, String> label = HostRules.label(part);
            labels.put(label.getKey(), label.getValue());
        }
        return new LabelSelector(labels);
    }

    public boolean matches(Host host) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!label.getValue().equals(host.labels().get(label.getKey()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }
}
