package dev.bastion.server.bench;

import dev.bastion.server.rig.Keys;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Thousands of shells through one bastion, with host and clients that take little of the machine:
 * what an idle one holds of the bastion's memory, and how keys fare in busy ones. Each of the three
 * is a process of its own.
 */
final class FleetBench {

    private static final String HOST = "light";
    private static final String LOGIN = "demo";

    /** Shells that are open before memory is looked at, so that code is loaded and compiled. */
    private static final int WARM_UP = 100;

    /** The bastion's answers to logging in, and its database, come to rest. */
    private static final int REST_MILLIS = 2000;

    /** Syncs of the disk alone, a round. */
    private static final int SYNCS = 200;

    /** Keys in a second and shell. */
    private static final int KEYS = 10;

    private static final Pattern USED = Pattern.compile("used ([0-9]+)K");

    private final Path folder;
    private final BenchOptions.Fleet fleet;
    private final int rounds;

    /** Shells that have been opened. */
    private int opened;

    FleetBench(Path folder, BenchOptions options) {
        this.folder = folder;
        this.fleet = options.fleet();
        this.rounds = options.rounds();
    }

    void run() throws IOException, InterruptedException {
        Path own = Files.createTempDirectory(folder, "fleet");
        Keys hostKey = Keys.ed25519(own, LOGIN);
        List<String> limits = List.of("connectionsPerAddress: 100000");
        try (BenchBastion bastion = BenchBastion.start(own.resolve("bastion"), limits);
                Peer host = Peer.start(LightHost.class)) {
            bastion.grant(HOST, "127.0.0.1:" + host.line(), LOGIN, hostKey);
            try (Peer clients =
                    Peer.start(
                            LightClients.class,
                            Integer.toString(bastion.port()),
                            BenchBastion.OPERATOR + "+" + HOST,
                            bastion.key().privateFile().toString())) {
                open(clients, fleet.busy());
                lines(own, clients, "Enter in %,d busy shells, ms".formatted(fleet.busy()));
                memory(bastion, clients);
                open(clients, fleet.idle() - opened);
                keys(clients);
                lines(
                        own,
                        clients,
                        "Enter in %,d busy shells beside those idle, ms".formatted(fleet.busy()));
            }
        }
    }

    private void memory(BenchBastion bastion, Peer clients)
            throws IOException, InterruptedException {
        open(clients, WARM_UP);
        long heapBefore = heapKib(bastion);
        long residentBefore = ProcessFigures.residentKib(bastion.pid());
        double seconds = open(clients, fleet.measured());
        double heap = heapKib(bastion) - heapBefore;
        double resident = ProcessFigures.residentKib(bastion.pid()) - residentBefore;
        Table table = new Table("%,d idle shells".formatted(fleet.measured()));
        table.add("resident memory, KiB a shell", "bastion", resident / fleet.measured());
        table.add("live heap, KiB a shell", "bastion", heap / fleet.measured());
        table.add("logins a second", "bastion", fleet.measured() / seconds);
        table.print();
    }

    private void keys(Peer clients) throws IOException {
        int idle = opened;
        open(clients, fleet.busy());
        Table table =
                new Table(
                        "Key press to echo in %,d busy shells beside %,d idle, ms"
                                .formatted(fleet.busy(), idle));
        long time = fleet.typing().toMillis();
        ask(clients, "type " + fleet.busy() + " " + time);
        for (int round = 0; round < rounds; round++) {
            String[] words = ask(clients, "type " + fleet.busy() + " " + time).split(" ", -1);
            table.add("p50", "bastion", Double.parseDouble(words[0]));
            table.add("p99", "bastion", Double.parseDouble(words[1]));
            table.add("max", "bastion", Double.parseDouble(words[2]));
            double keys = time * KEYS / 1000.0;
            table.add(
                    "keys of the slowest ÷ pressed",
                    "bastion",
                    Double.parseDouble(words[3]) / keys);
        }
        table.print();
        System.out.printf(
                "%nOf all %,d shells %,d echo a key pressed in all at once.%n",
                opened, Integer.parseInt(ask(clients, "check")));
    }

    /** Each Enter has its record in the ledger, synced, before the host has it. */
    private void lines(Path own, Peer clients, String title) throws IOException {
        Table table = new Table(title, "bare sync");
        String order = "lines " + fleet.busy() + " " + fleet.typing().toMillis();
        ask(clients, order);
        try (BareSync disk = BareSync.in(own)) {
            for (int round = 0; round < rounds; round++) {
                Samples syncs = disk.samples(SYNCS);
                table.add("p50", "bare sync", syncs.median());
                table.add("p99", "bare sync", syncs.percentile(99));
                double[] told =
                        Stream.of(ask(clients, order).split(" ", -1))
                                .mapToDouble(Double::parseDouble)
                                .toArray();
                table.add("p50", "another key", told[0]);
                table.add("p99", "another key", told[1]);
                table.add("p50", "Enter", told[4]);
                table.add("p99", "Enter", told[5]);
                table.add("p50", "Enter above another key", told[4] - told[0]);
                table.add("p99", "Enter above another key", told[5] - told[1]);
                table.add("max", "Enter", told[6]);
            }
        }
        table.print();
    }

    private double open(Peer clients, int count) throws IOException {
        if (count <= 0) {
            return 0;
        }
        opened += count;
        return Double.parseDouble(ask(clients, "open " + count));
    }

    private static String ask(Peer clients, String order) throws IOException {
        clients.orders.write(order + "\n");
        clients.orders.flush();
        return clients.line();
    }

    /** What lives, after garbage was collected. */
    private static long heapKib(BenchBastion bastion) throws IOException, InterruptedException {
        PtyKeys.pause(REST_MILLIS);
        var _ = jcmd(bastion, "GC.run");
        var _ = jcmd(bastion, "GC.run");
        Matcher used = USED.matcher(jcmd(bastion, "GC.heap_info"));
        long kib = 0;
        // One line of the young generation and one of the old with some collectors.
        while (used.find()) {
            kib += Long.parseLong(used.group(1));
        }
        return kib;
    }

    private static String jcmd(BenchBastion bastion, String command)
            throws IOException, InterruptedException {
        String jcmd = Path.of(BenchBastion.java()).resolveSibling("jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(bastion.pid()), command).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + " failed: " + said);
        }
        // The sizes of classes stand beside those of the heap.
        return said.lines()
                .filter(line -> !line.contains("etaspace"))
                .filter(line -> !line.contains("class space"))
                .reduce("", (all, line) -> all + line + "\n");
    }

    /** Another program of the benchmark; it ends with its standard input. */
    private record Peer(Process process, BufferedReader lines, Writer orders)
            implements AutoCloseable {

        static Peer start(Class<?> main, String... arguments) throws IOException {
            List<String> command = new ArrayList<>(List.of(BenchBastion.java(), "-cp"));
            command.add(System.getProperty("java.class.path"));
            command.add(main.getName());
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            return new Peer(
                    process,
                    process.inputReader(StandardCharsets.UTF_8),
                    process.outputWriter(StandardCharsets.UTF_8));
        }

        String line() throws IOException {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("a program of the benchmark has ended");
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            orders.close();
            process.destroy();
        }
    }
}
