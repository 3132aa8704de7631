package dev.bastion.server.bench;

import dev.bastion.server.rig.Programs;
import dev.bastion.server.rig.SshClient;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code watch}: a shell with a terminal that prints a long listing while nobody watches it, while
 * an administrator does, and while one does whose client reads nothing.
 */
final class WatchBench {

    private static final String ALONE = "not watched";
    private static final String WATCHED = "watched";
    private static final String UNREAD = "watched by a client that is stopped";

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final BenchRig rig;
    private final BenchOptions options;

    WatchBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        String listing = FloodBench.listing(rig, options).toString();
        Table rates =
                new Table("A listing of %,d MiB, MiB/s".formatted(options.megabytes()), ALONE);
        Table cpu = new Table("CPU seconds of the bastion, a GiB of it", ALONE);
        try (BenchBastion bastion = rig.another("watched", List.of())) {
            // The first round is for the compiler of its JVM.
            for (int round = 0; round <= options.rounds(); round++) {
                for (String way : List.of(ALONE, WATCHED, UNREAD)) {
                    double before = ProcessFigures.cpuSeconds(bastion.pid());
                    double seconds = shell(bastion, listing, way);
                    double used = ProcessFigures.cpuSeconds(bastion.pid()) - before;
                    if (round > 0) {
                        rates.add("shell", way, options.megabytes() / seconds);
                        cpu.add("shell", way, used * 1024 / options.megabytes());
                    }
                }
            }
        }
        rates.print();
        cpu.print();
    }

    /** Seconds from the command to the end of the shell that prints the listing. */
    private static double shell(BenchBastion bastion, String listing, String way)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("-tt"));
        words.addAll(BenchRig.through(bastion));
        Process operator = ssh(words);
        drain(operator);
        Process watcher = null;
        try (BufferedWriter keys = operator.outputWriter()) {
            String session = live(bastion);
            if (!way.equals(ALONE)) {
                watcher = watch(bastion, session, way.equals(UNREAD));
            }
            long start = System.nanoTime();
            keys.write("cat " + listing + "; exit\n");
            keys.flush();
            if (operator.waitFor() != 0) {
                throw new IOException("the shell ended with " + operator.exitValue());
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            operator.destroyForcibly();
            if (watcher != null) {
                watcher.destroyForcibly().waitFor();
            }
        }
    }

    private static Process watch(BenchBastion bastion, String session, boolean stopped)
            throws IOException, InterruptedException {
        Process watcher = ssh(bastion.administrator("-tt", "sessions watch " + session));
        if (watcher.getInputStream().read() < 0) {
            throw new IOException("the shell cannot be watched");
        }
        if (stopped) {
            Process stop =
                    new ProcessBuilder(
                                    Programs.find("kill").toString(),
                                    "-STOP",
                                    String.valueOf(watcher.pid()))
                            .start();
            if (stop.waitFor() != 0) {
                throw new IOException("the watcher's client was not stopped");
            }
        } else {
            drain(watcher);
        }
        return watcher;
    }

    /** The one that is live, once it is. */
    private static String live(BenchBastion bastion) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end) {
            List<String> sessions =
                    SshClient.run(bastion.administrator("sessions list --live --format csv"), LIMIT)
                            .text()
                            .lines()
                            .skip(1)
                            .toList();
            if (sessions.size() == 1) {
                String row = sessions.getFirst();
                return row.substring(0, row.indexOf(','));
            }
            Thread.sleep(PAUSE);
        }
        throw new IllegalStateException("there is no live session, or there are several");
    }

    private static Process ssh(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void drain(Process process) {
        Thread.ofVirtual()
                .start(() -> {
                    try (InputStream out = process.getInputStream()) {
                        out.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        // It was ended.
                    }
                });
    }
}
