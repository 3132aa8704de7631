package dev.bastion.audit.line.replay;

import dev.bastion.audit.line.CommandLines;
import dev.bastion.audit.line.DecidedLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a trace to {@link CommandLines}, as it was recorded or with the output later and cut
 * elsewhere. Immutable.
 *
 * @param delayNanos how much later the output comes
 * @param fragment the seed of new cuts, or null for the recorded ones
 */
public record Replay(long delayNanos, @Nullable Long fragment) {

    private static final int LARGEST_FRAGMENT = 400;

    /** As it was recorded. */
    public static final Replay AS_RECORDED = new Replay(0, null);

    /** The lines in the order in which they were decided. */
    public List<ReplayedLine> run(Trace trace) {
        List<DecidedLine> decided = new ArrayList<>();
        TreeMap<Long, Integer> windows = new TreeMap<>();
        List<Timed> events = timed(trace, windows);
        int columns = 80;
        int rows = 24;
        if (!events.isEmpty() && events.getFirst().event instanceof TraceEvent.Size size) {
            columns = size.columns();
            rows = size.rows();
        }
        try (CommandLines lines = new CommandLines(columns, rows, decided::add)) {
            for (Timed one : events) {
                switch (one.event) {
                    case TraceEvent.Input in ->
                            lines.input(in.bytes(), 0, in.bytes().length, one.nanos);
                    case TraceEvent.Output out ->
                            lines.output(out.bytes(), 0, out.bytes().length, one.nanos);
                    case TraceEvent.Size size -> lines.resize(size.columns(), size.rows());
                    case TraceEvent.Window _ -> {}
                }
            }
        }
        return decided.stream()
                .map(line -> new ReplayedLine(windowOf(windows, line.enteredNanos()), line))
                .toList();
    }

    private static int windowOf(TreeMap<Long, Integer> windows, long nanos) {
        Map.Entry<Long, Integer> entry = windows.floorEntry(nanos);
        return entry == null ? 0 : entry.getValue();
    }

    private record Timed(long nanos, TraceEvent event) {}

    private List<Timed> timed(Trace trace, TreeMap<Long, Integer> windows) {
        Random random = fragment == null ? null : new Random(fragment);
        List<Timed> events = new ArrayList<>();
        int window = 0;
        for (TraceEvent event : trace.events()) {
            switch (event) {
                case TraceEvent.Input in -> {
                    windows.putIfAbsent(in.nanos(), window);
                    events.add(new Timed(in.nanos(), in));
                }
                case TraceEvent.Output out -> addOutput(out, random, events);
                case TraceEvent.Size size -> events.add(new Timed(size.nanos(), size));
                case TraceEvent.Window _ -> window++;
            }
        }
        events.sort(Comparator.comparingLong(Timed::nanos));
        return events;
    }

    private void addOutput(TraceEvent.Output out, @Nullable Random random, List<Timed> events) {
        long nanos = out.nanos() + delayNanos;
        byte[] bytes = out.bytes();
        int from = 0;
        while (from < bytes.length) {
            int length =
                    random == null
                            ? bytes.length
                            : Math.min(bytes.length - from, 1 + random.nextInt(LARGEST_FRAGMENT));
            byte[] piece = Arrays.copyOfRange(bytes, from, from + length);
            events.add(new Timed(nanos, new TraceEvent.Output(nanos, piece)));
            from += length;
        }
    }
}
