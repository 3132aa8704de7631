package dev.bastion.server.bench;

import dev.bastion.server.rig.Programs;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Bytes a second of one exec, each direction; to look at, nothing depends on it. */
final class ThroughputBench {

    private final BenchRig rig;
    private final BenchOptions options;

    ThroughputBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        Path file = rig.folder().resolve("upload");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(options.megabytes() * 1024L * 1024L);
        }
        Table table = new Table("One stream, MiB/s", "direct", "forced command");
        String download = "head -c " + options.megabytes() + "M /dev/zero";
        for (int round = 0; round < options.rounds(); round++) {
            for (Way way : Way.values()) {
                table.add("download", way.label, rate(way, download, new File("/dev/null")));
            }
            for (Way way : Way.values()) {
                table.add("upload", way.label, rate(way, "cat >/dev/null", file.toFile()));
            }
        }
        table.print();
    }

    private double rate(Way way, String remote, File input)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        command.addAll(rig.shellArguments(way));
        command.add(remote);
        long start = System.nanoTime();
        int status =
                new ProcessBuilder(command)
                        .redirectInput(input)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start()
                        .waitFor();
        if (status != 0) {
            throw new IOException(way.label + ": " + remote + " ended with " + status);
        }
        return options.megabytes() / ((System.nanoTime() - start) / 1e9);
    }
}
