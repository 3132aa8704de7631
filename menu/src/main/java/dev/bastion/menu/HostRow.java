package dev.bastion.menu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A host as it stands in the list: what the columns are fitted to is made at once, the rest when it
 * is asked for, so that ten thousand hosts cost little before the first paint. Immutable; all its
 * texts are safe.
 */
record HostRow(MenuHost host, String name, String address, String groups) {

    static final int MAX_NAME_LENGTH = 128;
    static final int MAX_FIELD_LENGTH = 256;
    static final int MAX_REST_LENGTH = 512;

    private static final int NAME_PERCENT = 100;
    private static final int ADDRESS_PERCENT = 70;
    private static final int GROUP_PERCENT = 60;
    private static final int DESCRIPTION_PERCENT = 40;
    private static final int LABEL_PERCENT = 35;

    static HostRow of(MenuHost host) {
        String name = SafeText.of(host.name(), MAX_NAME_LENGTH);
        String address = SafeText.of(host.address(), MAX_FIELD_LENGTH);
        String groups = SafeText.of(String.join(" ", host.groups()), MAX_FIELD_LENGTH);
        return new HostRow(host, name, address, groups);
    }

    /** What stands behind the columns. */
    String rest() {
        String description = description();
        String labels = labels();
        return description + (description.isEmpty() || labels.isEmpty() ? "" : "  ") + labels;
    }

    /** What it can be found by; to be kept, since making it costs more than searching it. */
    SearchText search() {
        List<SearchText.Field> fields = new ArrayList<>();
        addWords(fields, name, NAME_PERCENT);
        addWords(fields, address, ADDRESS_PERCENT);
        addWords(fields, groups, GROUP_PERCENT);
        addWords(fields, description(), DESCRIPTION_PERCENT);
        addWords(fields, labels(), LABEL_PERCENT);
        return new SearchText(fields);
    }

    boolean isRecent() {
        return host.lastUsed() != null;
    }

    /** Word by word, so that letters scattered over a sentence are no match. */
    private static void addWords(List<SearchText.Field> fields, String text, int percent) {
        String folded = FoldedText.of(text);
        int start = 0;
        while (start < folded.length()) {
            int end = folded.indexOf(' ', start);
            end = end < 0 ? folded.length() : end;
            if (end > start) {
                fields.add(new SearchText.Field(folded.substring(start, end), percent));
            }
            start = end + 1;
        }
    }

    private String description() {
        return SafeText.of(host.description(), MAX_REST_LENGTH);
    }

    private String labels() {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, String> label : new TreeMap<>(host.labels()).entrySet()) {
            text.append(text.isEmpty() ? "" : " ").append(label.getKey());
            text.append('=').append(label.getValue());
            if (text.length() > MAX_REST_LENGTH) {
                break;
            }
        }
        return SafeText.of(text.toString(), MAX_REST_LENGTH);
    }
}
