package dev.bastion.server.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * What Enter costs more than another key: through the bastion that is the record's way into the
 * ledger with its sync. Beside it a bare sync of as many bytes on the same disk.
 */
final class EnterBench {

    private static final int PAUSE_MILLIS = 3;

    private final BenchRig rig;
    private final BenchOptions options;

    EnterBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void run() throws IOException {
        Table table = new Table("Enter, ms", "bare sync");
        Map<Way, PtyKeys> sessions = new EnumMap<>(Way.class);
        try (BareSync disk = BareSync.in(rig.folder())) {
            for (Way way : new Way[] {Way.DIRECT, Way.BASTION}) {
                PtyKeys session = PtyKeys.start(rig.shellArguments(way));
                sessions.put(way, session);
                session.startSilence();
                lines(session, options.enters(), new Samples(), new Samples());
            }
            for (int round = 0; round < options.rounds(); round++) {
                Samples syncs = disk.samples(options.enters());
                table.add("p50", "bare sync", syncs.median());
                table.add("p99", "bare sync", syncs.percentile(99));
                for (Map.Entry<Way, PtyKeys> entry : sessions.entrySet()) {
                    round(table, entry.getKey(), entry.getValue());
                }
            }
        } finally {
            sessions.values().forEach(PtyKeys::close);
        }
        table.print();
    }

    private void round(Table table, Way way, PtyKeys session) throws IOException {
        Samples keys = new Samples();
        Samples enters = new Samples();
        lines(session, options.enters(), keys, enters);
        if (way == Way.BASTION) {
            table.add("p50", "bastion, Enter above another key", enters.median() - keys.median());
        } else {
            table.add("p50", "direct, Enter above another key", enters.median() - keys.median());
        }
        table.add("p50", way.label + ", Enter to its echo", enters.median());
        table.add("p99", way.label + ", Enter to its echo", enters.percentile(99));
    }

    private static void lines(PtyKeys session, int count, Samples keys, Samples enters)
            throws IOException {
        for (int i = 0; i < count; i++) {
            keys.add(session.key('x'));
            PtyKeys.pause(PAUSE_MILLIS);
            enters.add(session.key('\r'));
            PtyKeys.pause(PAUSE_MILLIS);
        }
    }
}
