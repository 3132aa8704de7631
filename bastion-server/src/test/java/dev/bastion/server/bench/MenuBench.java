package dev.bastion.server.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The menu's own benchmark, in a new JVM for each round and number of hosts, so that a first paint
 * is one; the JVM has warmed up as a bastion does before it listens.
 */
final class MenuBench {

    private static final String MAIN = "dev.bastion.menu.MenuBenchmark";
    private static final List<String> HOSTS = List.of("10", "1000", "10000");
    private static final String[] COLUMNS = {
        "first paint after the start",
        "first paint p50",
        "first paint max",
        "key p50",
        "key p99",
        "key max"
    };

    private final BenchOptions options;

    MenuBench(BenchOptions options) {
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        Table table = new Table("Menu, 80×24, ms", "10 hosts");
        for (int round = 0; round < options.rounds(); round++) {
            for (String hosts : HOSTS) {
                measure(hosts, table);
            }
        }
        table.print();
    }

    private void measure(String hosts, Table table) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                MAIN,
                                Integer.toString(options.paints()),
                                hosts)
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read(line.strip(), table);
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(MAIN + " failed");
        }
    }

    /** A line is: hosts, size, and {@link #COLUMNS}. */
    private static void read(String line, Table table) {
        String[] words = line.split("\\s+", -1);
        if (words.length != COLUMNS.length + 2 || !words[1].equals("80x24")) {
            return;
        }
        String hosts = "%,d hosts".formatted(Integer.parseInt(words[0]));
        for (int i = 0; i < COLUMNS.length; i++) {
            table.add(COLUMNS[i], hosts, Double.parseDouble(words[i + 2]));
        }
    }
}
