package dev.bastion.server.bench;

import java.io.IOException;
import java.util.List;

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
        for (int round = 0; round < options.rounds(); round++) {
            for (Way way : Way.values()) {
                table.add("the host's prompt", way.label, prompt(rig.shellArguments(way)));
            }
            // The menu has no counterpart: it stands beside the prompts.
            table.add("the host's prompt", "bastion: its menu", menu());
            for (Way way : Way.values()) {
                table.add("the end of `true`", way.label, command(way));
            }
        }
        table.print();
    }

    private double prompt(List<String> arguments) throws IOException {
        Samples samples = new Samples();
        for (int i = 0; i < options.logins(); i++) {
            long start = System.nanoTime();
            try (PtyKeys session = PtyKeys.start(arguments)) {
                session.awaitPrompt();
                samples.addMillisSince(start);
            }
        }
        return samples.median();
    }

    private double menu() throws IOException {
        Samples samples = new Samples();
        for (int i = 0; i < options.logins(); i++) {
            long start = System.nanoTime();
            try (PtyKeys session = PtyKeys.start(rig.menuArguments())) {
                session.awaitText(BenchRig.HOST);
                samples.addMillisSince(start);
            }
        }
        return samples.median();
    }

    private double command(Way way) {
        Samples samples = new Samples();
        for (int i = 0; i < options.logins(); i++) {
            long start = System.nanoTime();
            rig.run(way, "true");
            samples.addMillisSince(start);
        }
        return samples.median();
    }
}
