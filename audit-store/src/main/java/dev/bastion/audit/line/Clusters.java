package dev.bastion.audit.line;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Characters with their combining marks, by number, so that a cell stays one number. Bounded: when
 * it is full, further combinations lose their marks.
 */
final class Clusters {

    private static final int MAX_CLUSTERS = 1_024;
    private static final int MAX_LENGTH = 16;

    private final List<String> texts = new ArrayList<>(0);
    private final Map<String, Integer> numbers = new HashMap<>(0);

    /** The cell that shows what {@code cell} shows with one more mark. */
    int with(int cell, int mark) {
        String text = text(cell) + Character.toString(mark);
        int flags = cell & Row.FAINT;
        Integer number = numbers.get(text);
        if (number == null) {
            if (texts.size() == MAX_CLUSTERS || text.length() > MAX_LENGTH) {
                return cell;
            }
            number = texts.size();
            texts.add(text);
            numbers.put(text, number);
        }
        return number | Row.CLUSTER | flags;
    }

    /** What a cell shows; a cell never written shows a blank. */
    String text(int cell) {
        int point = cell & ~Row.FAINT;
        if ((point & Row.CLUSTER) != 0) {
            return texts.get(point & ~Row.CLUSTER);
        }
        return point == Row.NEVER ? " " : Character.toString(point);
    }

    void appendTo(StringBuilder text, int cell) {
        int point = cell & ~Row.FAINT;
        if ((point & Row.CLUSTER) != 0) {
            text.append(texts.get(point & ~Row.CLUSTER));
        } else if (point == Row.NEVER) {
            text.append(' ');
        } else {
            text.appendCodePoint(point);
        }
    }

    void clear() {
        texts.clear();
        numbers.clear();
    }
}
