package dev.bastion.server.bench;

import dev.bastion.server.rig.Programs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** From a key press to its echo, in sessions that stay open. */
final class EchoBench {

    /** Keys before an Enter, which is not timed. */
    private static final int LINE = 60;

    /** Between keys, so that each is a packet of its own. */
    private static final int PAUSE_MILLIS = 2;

    /**
     * Until the compiler of a bastion's JVM has little left to do, as when it has run for a while.
     */
    private static final int WARM_UP = 10_000;

    /** The same for what only an Enter asks of it. */
    private static final int WARM_UP_ENTERS = 6_000;

    /** What stands still may be slow at first, with OpenSSH too. */
    private static final int WARM_UP_OTHERS = 100;

    /** Downloads beside the keys, each a connection of its own. */
    private static final int TRANSFERS = 4;

    /** Until all of them are logged in and flow. */
    private static final int TRANSFERS_START_MILLIS = 1500;

    private final BenchRig rig;
    private final BenchOptions options;

    EchoBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    /** With nothing else to do. */
    void quiet() throws IOException, InterruptedException {
        run("Key press to echo, ms", 0, options.keys());
    }

    /** While bulk data takes the same way. */
    void loaded() throws IOException, InterruptedException {
        run("Key press to echo beside 4 downloads, ms", TRANSFERS, options.loadedKeys());
    }

    private void run(String title, int transfers, int keys)
            throws IOException, InterruptedException {
        Table table = new Table(title, "direct", "forced command");
        Map<Way, PtyKeys> sessions = new EnumMap<>(Way.class);
        try {
            for (Way way : Way.values()) {
                PtyKeys session = PtyKeys.start(rig.shellArguments(way));
                sessions.put(way, session);
                session.startSilence();
                press(session, way == Way.BASTION ? WARM_UP : WARM_UP_OTHERS, 0);
                if (way == Way.BASTION) {
                    enter(session, WARM_UP_ENTERS);
                }
                if (way == Way.BASTION && transfers > 0) {
                    // Bulk data is code of its own for the compiler of the bastion's JVM.
                    round(new Table(""), way, session, transfers, keys);
                }
            }
            for (int round = 0; round < options.rounds(); round++) {
                for (Map.Entry<Way, PtyKeys> entry : sessions.entrySet()) {
                    round(table, entry.getKey(), entry.getValue(), transfers, keys);
                }
            }
        } finally {
            sessions.values().forEach(PtyKeys::close);
        }
        table.print();
    }

    private void round(Table table, Way way, PtyKeys session, int transfers, int count)
            throws IOException, InterruptedException {
        List<Process> running = new ArrayList<>();
        try {
            for (int i = 0; i < transfers; i++) {
                running.add(download(way));
            }
            if (transfers > 0) {
                PtyKeys.pause(TRANSFERS_START_MILLIS);
            }
            Samples keys = press(session, count, PAUSE_MILLIS);
            table.add("p50", way.label, keys.median());
            table.add("p99", way.label, keys.percentile(99));
        } finally {
            for (Process transfer : running) {
                transfer.destroy();
                transfer.waitFor();
            }
        }
    }

    private Process download(Way way) throws IOException {
        List<String> command = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        command.addAll(rig.shellArguments(way));
        command.add("exec cat /dev/zero");
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void enter(PtyKeys session, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            session.key('x');
            session.key('\r');
        }
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
