package dev.bastion.server.bench;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One large download through the bastion whose reader reads, stops, reads slowly, and reads to the
 * end: what memory the bastion's process holds meanwhile.
 */
final class StoppedReaderBench {

    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration SLOW = Duration.ofSeconds(10);
    private static final Duration SLOW_PAUSE = Duration.ofMillis(100);
    private static final int SLOW_PIECE_BYTES = 4096;
    private static final Duration AFTER = Duration.ofSeconds(5);
    private static final int MIB = 1 << 20;

    private final BenchRig rig;
    private final long bytes;

    /** The bastion's resident memory while something happens, in KiB. */
    private static final class Resident implements AutoCloseable {

        private final BenchRig rig;
        private final CountDownLatch over = new CountDownLatch(1);
        private final List<Long> seen = new ArrayList<>();
        private final Thread sampler;
        private final String when;

        Resident(BenchRig rig, String when) throws IOException {
            this.rig = rig;
            this.when = when;
            seen.add(rig.residentKib());
            sampler = Thread.ofPlatform().name("resident").start(this::sample);
        }

        private void sample() {
            try {
                while (!over.await(500, TimeUnit.MILLISECONDS)) {
                    seen.add(rig.residentKib());
                }
                seen.add(rig.residentKib());
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("the bastion cannot be looked at", e);
            }
        }

        @Override
        public void close() throws IOException {
            over.countDown();
            try {
                sampler.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.out.printf(
                    "| %s | %.1f | %.1f | %.1f |%n",
                    when,
                    seen.getFirst() / 1024.0,
                    seen.stream().mapToLong(Long::longValue).max().orElseThrow() / 1024.0,
                    seen.getLast() / 1024.0);
        }
    }

    StoppedReaderBench(BenchRig rig, BenchOptions options) {
        this.rig = rig;
        this.bytes = (long) options.megabytes() * MIB;
    }

    void run() throws IOException, InterruptedException {
        download(Math.min(bytes, 1L << 30)).close();
        System.out.printf(
                "%n| Resident memory of the bastion, download of %,d MiB, MiB | at first | most | at"
                        + " last |%n|---|--:|--:|--:|%n",
                bytes / MIB);
        try (Resident _ = new Resident(rig, "before it, after another of at most 1 GiB")) {
            Thread.sleep(AFTER);
        }
        try (Download download = begin(bytes)) {
            try (Resident _ = new Resident(rig, "the first tenth is read as fast as it comes")) {
                download.read(bytes / 10);
            }
            try (Resident _ = new Resident(rig, "nothing is read for " + STOP.toSeconds() + " s")) {
                Thread.sleep(STOP);
            }
            try (Resident _ =
                    new Resident(rig, "40 KiB/s are read for " + SLOW.toSeconds() + " s")) {
                long end = System.nanoTime() + SLOW.toNanos();
                while (System.nanoTime() < end) {
                    download.read(SLOW_PIECE_BYTES);
                    Thread.sleep(SLOW_PAUSE);
                }
            }
            try (Resident _ = new Resident(rig, "the rest is read as fast as it comes")) {
                download.readToTheEnd();
            }
            if (download.taken != bytes) {
                throw new IOException("%,d of %,d bytes arrived".formatted(download.taken, bytes));
            }
        }
        try (Resident _ = new Resident(rig, "after it")) {
            Thread.sleep(AFTER);
        }
    }

    private Download download(long count) throws IOException {
        Download download = begin(count);
        download.readToTheEnd();
        return download;
    }

    private Download begin(long count) throws IOException {
        List<String> words = new ArrayList<>(rig.shellArguments(Way.BASTION));
        words.add("head -c " + count + " /dev/zero");
        return new Download(SshClient.start("ssh", words));
    }

    /** What {@code ssh} brings. */
    private static final class Download implements AutoCloseable {

        private final Process client;
        private final InputStream output;
        private final byte[] buffer = new byte[256 << 10];
        private long taken;

        Download(Process client) {
            this.client = client;
            this.output = client.getInputStream();
        }

        void read(long count) throws IOException {
            for (long left = count; left > 0; ) {
                int length = output.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (length < 0) {
                    throw new IOException("the download ended early, at " + taken);
                }
                left -= length;
                taken += length;
            }
        }

        void readToTheEnd() throws IOException {
            for (int length = output.read(buffer); length >= 0; length = output.read(buffer)) {
                taken += length;
            }
        }

        @Override
        public void close() {
            client.destroy();
        }
    }
}
