package dev.bastion.server.tap;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines whose line end went to the host before the host had shown them. They are judged in their
 * order: shown when their text stands in one piece in a row that the host completes, and otherwise
 * not. Confined to its tap's lock.
 *
 * <p>A line that was entered alone has its row completed by its own line end, so the first line
 * feed decides. Lines that came several at once may be shown after other output and in another
 * order (a terminal echoes what comes while a command runs before the line editor shows what came
 * before it), so each waits for its row, until none has been shown for a time.
 */
final class PendingLines {

    /** Lines that wait; the oldest is judged unseen when there are more. */
    static final int LIMIT = 2000;

    /** A line and what is known of it at last. */
    record Judged(TypedLine line, boolean shown) {}

    private record Waiting(TypedLine line, boolean alone) {}

    /** In the order of their numbers. */
    private final List<Waiting> waiting = new ArrayList<>();

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Adds a line in its place; gives what had to make room for it. */
    List<Judged> add(TypedLine line, boolean alone) {
        List<Judged> judged = new ArrayList<>();
        if (waiting.size() >= LIMIT) {
            judged.add(new Judged(waiting.removeFirst().line, false));
        }
        int place = waiting.size();
        while (place > 0 && waiting.get(place - 1).line.seq() > line.seq()) {
            place--;
        }
        waiting.add(place, new Waiting(line, alone));
        return judged;
    }

    /** The host completes a row. */
    List<Judged> rowCompleted(OutputRow row) {
        for (int i = 0; i < waiting.size(); i++) {
            TypedLine candidate = waiting.get(i).line;
            if (row.shows(candidate.text())) {
                waiting.remove(i);
                return List.of(new Judged(candidate, true));
            }
        }
        if (!waiting.isEmpty() && waiting.getFirst().alone) {
            return List.of(new Judged(waiting.removeFirst().line, false));
        }
        return List.of();
    }

    /** Nothing will be shown any more. */
    List<Judged> end() {
        List<Judged> judged =
                waiting.stream().map(unseen -> new Judged(unseen.line, false)).toList();
        waiting.clear();
        return judged;
    }
}
