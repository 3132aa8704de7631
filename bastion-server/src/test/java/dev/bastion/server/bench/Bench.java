package dev.bastion.server.bench;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** {@code bastion bench [WHAT …] [--quick|--full] [--rounds N] [--size MIB]}. */
public final class Bench {

    private static final List<String> ALL =
            List.of(
                    "echo",
                    "login",
                    "enter",
                    "menu",
                    "ledger",
                    "proof",
                    "recording",
                    "ciphers",
                    "lines",
                    "throughput",
                    "sftp",
                    "files",
                    "bulk-echo",
                    "flood",
                    "watch",
                    "fleet");

    /**
     * Done only when they are named: the first waits for a minute and is for sizes of 10,240, the
     * second writes a million lines, ten with {@code --full}.
     */
    private static final List<String> NAMED = List.of("stopped-reader", "find");

    private Bench() {}

    public static void main(String[] arguments)
            throws IOException, InterruptedException, GeneralSecurityException {
        Locale.setDefault(Locale.ROOT);
        List<String> wanted = new ArrayList<>();
        BenchOptions options = BenchOptions.DEFAULT;
        Iterator<String> words = List.of(arguments).iterator();
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--quick")) {
                options = BenchOptions.QUICK;
            } else if (word.equals("--full")) {
                options = BenchOptions.FULL;
            } else if (word.equals("--rounds") && words.hasNext()) {
                options = options.withRounds(Integer.parseInt(words.next()));
            } else if (word.equals("--size") && words.hasNext()) {
                options = options.withMegabytes(Integer.parseInt(words.next()));
            } else if (ALL.contains(word) || NAMED.contains(word)) {
                wanted.add(word);
            } else {
                System.err.println(
                        "usage: bastion bench ["
                                + String.join("|", ALL)
                                + "|"
                                + String.join("|", NAMED)
                                + " …] [--quick|--full] [--rounds N] [--size MIB]; --quick and"
                                + " --full go before --rounds and --size");
                System.exit(2);
            }
        }
        run(wanted.isEmpty() ? ALL : wanted, options);
        System.exit(0);
    }

    private static void run(List<String> wanted, BenchOptions options)
            throws IOException, InterruptedException, GeneralSecurityException {
        Stopwatch all = new Stopwatch();
        System.out.println(
                "Medians of "
                        + options.rounds()
                        + " interleaved rounds; beside each the smallest and the largest round.");
        try (BenchRig rig = BenchRig.start()) {
            System.out.printf("Starting took %.0f s.%n", all.seconds());
            for (String what : wanted) {
                Stopwatch part = new Stopwatch();
                switch (what) {
                    case "echo" -> new EchoBench(rig, options).quiet();
                    case "bulk-echo" -> new EchoBench(rig, options).loaded();
                    case "login" -> new LoginBench(rig, options).run();
                    case "enter" -> new EnterBench(rig, options).run();
                    case "menu" -> new MenuBench(options).run();
                    case "ledger" -> new LedgerBench(rig.folder(), options).run();
                    case "proof" -> new ProofBench(rig.folder(), options).run();
                    case "recording" ->
                            new RecordingBench(BenchRig.sources(), rig.folder(), options).run();
                    case "ciphers" -> new CipherBench(options).run();
                    case "lines" -> new LinesBench(options).run();
                    case "throughput" -> new ThroughputBench(rig, options).run();
                    case "sftp" -> new SftpBench(rig, options).largeFile();
                    case "files" -> new SftpBench(rig, options).smallFiles();
                    case "stopped-reader" -> new StoppedReaderBench(rig, options).run();
                    case "find" -> new FindBench(rig.folder(), options).run();
                    case "flood" -> new FloodBench(rig, options).run();
                    case "watch" -> new WatchBench(rig, options).run();
                    case "fleet" -> new FleetBench(rig.folder(), options).run();
                    default -> throw new IllegalStateException(what);
                }
                System.out.printf("%nThat took %.0f s.%n", part.seconds());
            }
        }
        System.out.printf("%nAll of it took %.0f s.%n", all.seconds());
    }

    private static final class Stopwatch {

        private final long start = System.nanoTime();

        double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
