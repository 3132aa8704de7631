package dev.bastion.server.tap;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines whose line end went to the host before the host had shown them. They are judged in their
 * order: shown when their text stands in one piece in a row that the host completes, and otherwise
 * not. Confined to its tap's lock.
 *
 * <p>A line that was entered alone has its row completed by its own line end, so the first line
 * feed decides. Lines that came several at once may be shown after other output, so they wait for
 * their row, up to their time limit.
 */
final class PendingLines {

    /** Lines that wait; the oldest is judged unseen when there are more. */
    static final int LIMIT = 256;

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
        List<Judged> judged = new ArrayList<>();
        int before = 0;
        boolean shown = false;
        for (Waiting candidate : waiting) {
            shown = row.shows(candidate.line.text());
            if (shown) {
                break;
            }
            before++;
        }
        if (shown) {
            for (int i = 0; i < before; i++) {
                judged.add(new Judged(waiting.removeFirst().line, false));
            }
            judged.add(new Judged(waiting.removeFirst().line, true));
        } else {
            if (!waiting.isEmpty() && waiting.getFirst().alone) {
                judged.add(new Judged(waiting.removeFirst().line, false));
            }
        }
        return judged;
    }

    /** The time limit of these lines is over. */
    List<Judged> expire(List<TypedLine> lines) {
        List<Judged> judged = new ArrayList<>();
        waiting.removeIf(candidate -> {
            boolean over = lines.contains(candidate.line);
            if (over) {
                judged.add(new Judged(candidate.line, false));
            }
            return over;
        });
        return judged;
    }

    /** Nothing will be shown any more. */
    List<Judged> end() {
        return expire(waiting.stream().map(Waiting::line).toList());
    }
}
