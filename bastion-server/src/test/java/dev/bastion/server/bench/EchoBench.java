package dev.bastion.server.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/** From a key press to its echo, in sessions that stay open. */
final class EchoBench {

    /** Keys before an Enter, which is not timed. */
    private static final int LINE = 60;

    /** Between keys, so that each is a packet of its own. */
    private static final int PAUSE_MILLIS = 2;

    private static final int WARM_UP = 1000;

    private final BenchRig rig;
    private final BenchOptions options;

    EchoBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void run() throws IOException {
        Table table = new Table("Key press to echo, ms", "direct", "forced command");
        Map<Way, PtyKeys> sessions = new EnumMap<>(Way.class);
        try {
            for (Way way : Way.values()) {
                PtyKeys session = PtyKeys.start(rig.shellArguments(way));
                sessions.put(way, session);
                session.startSilence();
                press(session, way == Way.BASTION ? WARM_UP : WARM_UP / 10, 0);
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Map.Entry<Way, PtyKeys> entry : sessions.entrySet()) {
                    Samples keys = press(entry.getValue(), options.keys(), PAUSE_MILLIS);
                    table.add("p50", entry.getKey().label, keys.median());
                    table.add("p99", entry.getKey().label, keys.percentile(99));
                }
            }
        } finally {
            sessions.values().forEach(PtyKeys::close);
        }
        table.print();
    }

    private static Samples press(PtyKeys session, int count, int pauseMillis) throws IOException {
        Samples samples = new Samples();
        for (int i = 1; i <= count; i++) {
            samples.add(session.key('x'));
            if (i % LINE == 0) {
                session.key('\r');
                PtyKeys.pause(5);
            } else if (pauseMillis > 0) {
                PtyKeys.pause(pauseMillis);
            }
        }
        return samples;
    }
}
