package dev.bastion.server.bench;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** {@code sftp}: one large file each way, and many small ones. */
final class SftpBench {

    private static final int SMALL_BYTES = 4096;
    private static final File NOTHING = new File("/dev/null");

    private final BenchRig rig;
    private final BenchOptions options;

    SftpBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void largeFile() throws IOException, InterruptedException {
        Path file = sparseFile(rig, options.megabytes());
        BulkTables tables =
                new BulkTables(
                        rig,
                        "One file of %,d MiB by sftp, MiB/s".formatted(options.megabytes()),
                        options.megabytes(),
                        "CPU seconds between client and host, a GiB of a file",
                        options.megabytes() / 1024.0);
        for (int round = 0; round < options.rounds(); round++) {
            for (Way way : Way.values()) {
                sftp(tables, "get", way, "get " + file + " /dev/null");
            }
            for (Way way : Way.values()) {
                sftp(tables, "put", way, "put " + file + " /dev/null");
            }
        }
        tables.print();
    }

    void smallFiles() throws IOException, InterruptedException {
        Path files = Files.createTempDirectory(rig.folder(), "files");
        for (int i = 0; i < options.files(); i++) {
            Files.write(files.resolve("file" + i), new byte[SMALL_BYTES]);
        }
        BulkTables tables =
                new BulkTables(
                        rig,
                        "%,d files of 4 KiB by sftp, files a second".formatted(options.files()),
                        options.files(),
                        "CPU seconds between client and host, 1,000 files",
                        options.files() / 1000.0);
        for (int round = 0; round < options.rounds(); round++) {
            for (String direction : List.of("get", "put")) {
                for (Way way : Way.values()) {
                    Path copy = rig.folder().resolve("copy");
                    sftp(tables, direction, way, direction + " -r " + files + " " + copy);
                    delete(copy);
                }
            }
        }
        delete(files);
        tables.print();
    }

    private void sftp(BulkTables tables, String measure, Way way, String command)
            throws IOException, InterruptedException {
        Path batch = Files.writeString(rig.folder().resolve("batch"), command + "\n");
        List<String> arguments = new ArrayList<>(List.of("-q", "-b", batch.toString()));
        arguments.addAll(rig.arguments(way, BenchRig.CIPHER));
        tables.run(measure, way, "sftp", arguments, NOTHING);
    }

    /** A file of zeros that takes no room. */
    static Path sparseFile(BenchRig rig, int megabytes) throws IOException {
        Path file = rig.folder().resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(megabytes * 1024L * 1024L);
        }
        return file.toAbsolutePath();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
