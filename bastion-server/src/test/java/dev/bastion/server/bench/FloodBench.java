package dev.bastion.server.bench;

import dev.bastion.server.rig.Programs;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code flood}: a shell with a terminal that prints a long coloured listing, and a command without
 * a terminal that prints the same, through a bastion that finds command lines and records, one that
 * does not record, and one that neither records nor finds command lines.
 */
final class FloodBench {

    private static final String WITH = "recorded";
    private static final String WITHOUT = "lines entered only";
    private static final String UNRECORDED = "not recorded";

    private final BenchRig rig;
    private final BenchOptions options;

    FloodBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        Path listing = listing(rig, options);
        File typed =
                Files.writeString(rig.folder().resolve("typed"), "cat " + listing + "; exit\n")
                        .toFile();
        Table rates =
                new Table(
                        "A listing of %,d MiB, MiB/s".formatted(options.megabytes()),
                        WITHOUT,
                        UNRECORDED);
        Table cpu = new Table("CPU seconds of the bastion, a GiB of it", WITHOUT, UNRECORDED);
        try (BenchBastion with = rig.another("with", List.of());
                BenchBastion unrecorded =
                        rig.another("unrecorded", List.of("-Dbastion.recordings=off"));
                BenchBastion without =
                        rig.another(
                                "without",
                                List.of("-Dbastion.lines=entered", "-Dbastion.recordings=off"))) {
            Map<String, BenchBastion> bastions = new LinkedHashMap<>();
            bastions.put(WITHOUT, without);
            bastions.put(UNRECORDED, unrecorded);
            bastions.put(WITH, with);
            File nothing = new File("/dev/null");
            // The first round is for the compilers of their JVMs.
            for (int round = 0; round <= options.rounds(); round++) {
                Table[] tables =
                        round == 0
                                ? new Table[] {new Table(""), new Table("")}
                                : new Table[] {rates, cpu};
                for (Map.Entry<String, BenchBastion> each : bastions.entrySet()) {
                    List<String> ssh = BenchRig.through(each.getValue());
                    measure(tables, "shell", each, with(ssh, List.of("-tt"), List.of()), typed);
                    measure(
                            tables,
                            "command",
                            each,
                            with(ssh, List.of(), List.of("cat " + listing)),
                            nothing);
                }
            }
        }
        rates.print();
        cpu.print();
    }

    private void measure(
            Table[] tables,
            String what,
            Map.Entry<String, BenchBastion> bastion,
            List<String> arguments,
            File input)
            throws IOException, InterruptedException {
        long pid = bastion.getValue().pid();
        double before = ProcessFigures.cpuSeconds(pid);
        long start = System.nanoTime();
        List<String> command = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        command.addAll(arguments);
        int status =
                new ProcessBuilder(command)
                        .redirectInput(input)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException(what + " ended with " + status);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        tables[0].add(what, bastion.getKey(), options.megabytes() / seconds);
        tables[1].add(
                what,
                bastion.getKey(),
                (ProcessFigures.cpuSeconds(pid) - before) * 1024 / options.megabytes());
    }

    private static List<String> with(List<String> ssh, List<String> first, List<String> last) {
        List<String> all = new ArrayList<>(first);
        all.addAll(ssh);
        all.addAll(last);
        return all;
    }

    /** A long coloured listing of files. */
    static Path listing(BenchRig rig, BenchOptions options) throws IOException {
        Path file = rig.folder().resolve("listing").toAbsolutePath();
        long bytes = (long) options.megabytes() << 20;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (long written = 0, line = 0; written < bytes; line++) {
                String text =
                        "\033[01;34mdrwxr-xr-x\033[0m  2 root root   4096 \033[32mname-%07d\033[0m\n"
                                .formatted(line);
                out.write(text);
                written += text.length();
            }
        }
        return file;
    }
}
