package dev.bastion.server.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The menu's own benchmark, in a new JVM each round, so that a first paint is one. */
final class MenuBench {

    private static final String MAIN = "dev.bastion.menu.MenuBenchmark";
    private static final String[] COLUMNS = {
        "first paint in a new JVM",
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
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    MAIN)
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
        table.print();
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
