package dev.bastion.server.bench;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Bytes a second of one exec, each direction and cipher. */
final class ThroughputBench {

    private static final List<String> CIPHERS =
            List.of(
                    "aes128-gcm@openssh.com",
                    "aes256-gcm@openssh.com",
                    "chacha20-poly1305@openssh.com");

    private final BenchRig rig;
    private final BenchOptions options;

    ThroughputBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        File file = SftpBench.sparseFile(rig, options.megabytes()).toFile();
        BulkTables tables =
                new BulkTables(
                        rig,
                        "One stream of %,d MiB, MiB/s".formatted(options.megabytes()),
                        options.megabytes(),
                        "CPU seconds between client and host, a GiB of a stream",
                        options.megabytes() / 1024.0);
        String download = "head -c " + options.megabytes() + "M /dev/zero";
        File nothing = new File("/dev/null");
        for (int round = 0; round < options.rounds(); round++) {
            for (String cipher : CIPHERS) {
                String name = cipher.substring(0, cipher.indexOf('@'));
                for (Way way : Way.values()) {
                    List<String> arguments = with(rig.arguments(way, cipher), download);
                    tables.run(name + " download", way, "ssh", arguments, nothing);
                }
                for (Way way : Way.values()) {
                    List<String> arguments = with(rig.arguments(way, cipher), "cat >/dev/null");
                    tables.run(name + " upload", way, "ssh", arguments, file);
                }
            }
        }
        tables.print();
    }

    private static List<String> with(List<String> arguments, String command) {
        List<String> all = new ArrayList<>(arguments);
        all.add(command);
        return all;
    }
}
