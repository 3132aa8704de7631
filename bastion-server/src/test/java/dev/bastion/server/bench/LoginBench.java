package dev.bastion.server.bench;

import dev.bastion.server.rig.Programs;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** From the start of {@code ssh} to what its user waits for. */
final class LoginBench {

    private final BenchRig rig;
    private final BenchOptions options;

    LoginBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void run() throws IOException {
        Table table = new Table("Start of ssh to …, ms", "direct", "forced command");
        Logins all = new Logins();
        for (int round = 0; round < options.rounds(); round++) {
            Logins ofRound = new Logins();
            for (int login = 0; login < options.logins(); login++) {
                measure(ofRound);
            }
            ofRound.fill(table, 50);
            all.addAll(ofRound);
        }
        // A round has too few logins for it: this is of all of them.
        all.fill(table, 99);
        table.print();
    }

    private void measure(Logins logins) throws IOException {
        for (Way way : Way.values()) {
            logins.add("the host's prompt", way.label, prompt(rig.shellArguments(way)));
        }
        // The menu has no counterpart: it stands beside the prompts.
        logins.add("the host's prompt", "bastion: its menu", menu());
        for (Way way : Way.values()) {
            exec(way, logins);
        }
    }

    private static double prompt(List<String> arguments) throws IOException {
        long start = System.nanoTime();
        try (PtyKeys session = PtyKeys.start(arguments)) {
            session.awaitPrompt();
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private double menu() throws IOException {
        long start = System.nanoTime();
        try (PtyKeys session = PtyKeys.start(rig.menuArguments())) {
            session.awaitText(BenchRig.HOST);
            return (System.nanoTime() - start) / 1e6;
        }
    }

    private void exec(Way way, Logins logins) throws IOException {
        List<String> command = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        command.addAll(rig.shellArguments(way));
        command.add("echo");
        long start = System.nanoTime();
        Process ssh =
                new ProcessBuilder(command)
                        .redirectInput(new File("/dev/null"))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (InputStream output = ssh.getInputStream()) {
            int first = output.read();
            double toFirst = (System.nanoTime() - start) / 1e6;
            int end = output.read();
            if (first != '\n' || end != -1) {
                throw new IOException(way.label + ": echo did not answer");
            }
            logins.add("the first byte of `echo`", way.label, toFirst);
            logins.add("the end of `echo`", way.label, (System.nanoTime() - start) / 1e6);
        }
    }

    /** The times of logins, by what is waited for and by way. */
    private static final class Logins {

        private final Map<String, Map<String, Samples>> times = new LinkedHashMap<>();

        void add(String what, String way, double milliseconds) {
            samples(what, way).add(milliseconds);
        }

        void addAll(Logins others) {
            others.times.forEach(
                    (what, ways) -> ways.forEach((way, more) -> samples(what, way).addAll(more)));
        }

        private Samples samples(String what, String way) {
            return times.computeIfAbsent(what, w -> new LinkedHashMap<>())
                    .computeIfAbsent(way, w -> new Samples());
        }

        void fill(Table table, int percent) {
            times.forEach((what, ways) ->
                    ways.forEach((way, samples) ->
                            table.add(what + ", p" + percent, way, samples.percentile(percent))));
        }
    }
}
