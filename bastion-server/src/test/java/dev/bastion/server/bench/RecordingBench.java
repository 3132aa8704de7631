package dev.bastion.server.bench;

import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.jdbc.AuditStore;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.line.replay.Trace;
import dev.bastion.audit.line.replay.TraceEvent;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.audit.recording.Recording;
import dev.bastion.audit.recording.RecordingEvent;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingHeader;
import dev.bastion.audit.recording.RecordingKey;
import dev.bastion.audit.recording.RecordingKeys;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.tap.RecordedTap;
import dev.bastion.server.tap.SessionRecorder;
import dev.bastion.server.tap.ShellTap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What work in shells takes of the ledger and of recordings: sessions of real shells, which the
 * tests have as traces, pass the taps that a shell's bytes pass. Then one long recording: how fast
 * it is written and read, and how soon its middle is shown. In this process.
 */
final class RecordingBench {

    private static final Path TRACES = Path.of("audit-store/src/test/resources/traces");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final long SECOND = 1_000_000_000;
    private static final double HOUR = 3600.0 * SECOND;
    private static final double LINES = 1_000;

    /** The traces are typed some twenty times as fast as people type; a slow typist is forty. */
    private static final int[] PACES = {1, 20, 40};

    /** What an entry of the ledger has besides its record: docs/ledger.md. */
    private static final int ENTRY_BYTES = 64;

    /** What a terminal shows is at most in so much before a place: as `audit play` asks. */
    private static final int BEFORE = 1 << 20;

    private static final RecordingKeys KEYS =
            new RecordingKeys() {
                private final RecordingKey key =
                        new RecordingKey(1, new SecretKeySpec(new byte[32], "Generic"));

                @Override
                public RecordingKey current() {
                    return key;
                }

                @Override
                public Optional<RecordingKey> byId(long id) {
                    return id == 1 ? Optional.of(key) : Optional.empty();
                }
            };

    private final Path folder;
    private final Path traces;
    private final BenchOptions options;

    /**
     * @param root of the source tree
     */
    RecordingBench(Path root, Path folder, BenchOptions options) {
        this.traces = root.resolve(TRACES);
        this.folder = folder;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        Path place = Files.createTempDirectory(folder, "recording");
        List<Trace> work = new ArrayList<>();
        try (Stream<Path> files = Files.list(traces)) {
            for (Path file : files.sorted().toList()) {
                work.add(Trace.read(file));
            }
        }
        Table table = new Table("%,.0f lines in shells, bytes".formatted(LINES));
        try (AuditStore store =
                        AuditStore.open(
                                place.resolve("ledger"),
                                place.resolve("db"),
                                InstantSource.system());
                Recordings recordings =
                        new Recordings(
                                place.resolve("recordings"),
                                KEYS,
                                store.log(),
                                InstantSource.system())) {
            // What is counted is the same in each round.
            for (int pace : PACES) {
                work(table, pace, work, place, store, recordings);
            }
            table.print();
            longOne(place, recordings);
        }
    }

    private static void work(
            Table table,
            int pace,
            List<Trace> work,
            Path place,
            AuditStore store,
            Recordings recordings)
            throws IOException, InterruptedException {
        long before = store.ledger().committed().sequence();
        long nanos = 0;
        long shown = 0;
        for (int i = 0; i < work.size(); i++) {
            Trace trace = work.get(i);
            shown += session(trace, pace, "p%dn%d".formatted(pace, i), store, recordings);
            nanos += lastNanos(trace) * pace;
        }
        if (!store.awaitReadable(LIMIT)) {
            throw new IOException("the database did not catch up within " + LIMIT);
        }
        double lines = (store.ledger().committed().sequence() - before) / 2.0;
        double each = LINES / lines;
        String way = "%,.0f lines an hour".formatted(lines * HOUR / nanos);
        table.add("shown", way, shown * each);
        table.add("ledger", way, ledgerBytes(store, before) * each);
        table.add("recordings", way, bytes(place.resolve("recordings"), "p" + pace + "n") * each);
    }

    /** Returns how many bytes were shown. */
    private static long session(
            Trace trace, int pace, String name, AuditStore store, Recordings recordings)
            throws RecordingException {
        SessionContext context = context(name);
        long[] now = {0};
        Recording recording =
                recordings.begin(
                        new RecordingHeader.Subject(context, "shell", "xterm", 80, 24),
                        Instant.now(),
                        () -> now[0]);
        SessionRecorder recorder =
                new SessionRecorder(
                        store.log(),
                        context,
                        InstantSource.system(),
                        new SecretMask(List.of()),
                        recording);
        RelayTap tap =
                new RecordedTap(
                        new ShellTap(recorder, new SecureRandom(), 80, 24, 0, () -> now[0]),
                        recording);
        Through through = new Through();
        long second = 0;
        long shown = 0;
        for (TraceEvent event : trace.events()) {
            switch (event) {
                case TraceEvent.Input(long nanos, byte[] bytes) -> {
                    now[0] = nanos * pace;
                    tap.toHost(bytes, 0, bytes.length, through);
                }
                case TraceEvent.Output(long nanos, byte[] bytes) -> {
                    now[0] = nanos * pace;
                    // Whoever works for an hour is an hour at it: a frame each second.
                    if (now[0] / SECOND > second) {
                        second = now[0] / SECOND;
                        recording.flush();
                    }
                    tap.toOperator(0, bytes, 0, bytes.length, through);
                    shown += bytes.length;
                }
                case TraceEvent.Size(long nanos, int columns, int rows) -> {
                    now[0] = nanos * pace;
                    tap.resized(columns, rows);
                }
                case TraceEvent.Window _ -> {}
            }
            through.await();
        }
        tap.ended().join();
        recording.end("exited").join();
        return shown;
    }

    private static SessionContext context(String session) {
        return new SessionContext(
                new ConnectionId(session),
                new SessionId(session),
                "alice",
                "10.20.30.40",
                "web1",
                "root");
    }

    /** Waits where a relay would. */
    private static final class Through implements RelayTap.Passage {

        private @Nullable CompletableFuture<?> barrier;

        @Override
        public void pass(int offset, int length, @Nullable CompletableFuture<?> until) {
            barrier = until == null ? barrier : until;
        }

        @Override
        public void passKept(byte[] kept, int offset, int length) {}

        @Override
        public void answer(byte[] bytes) {}

        void await() {
            CompletableFuture<?> until = barrier;
            barrier = null;
            if (until != null) {
                until.join();
            }
        }
    }

    private static long lastNanos(Trace trace) {
        long last = 0;
        for (TraceEvent event : trace.events()) {
            last =
                    switch (event) {
                        case TraceEvent.Input input -> input.nanos();
                        case TraceEvent.Output output -> output.nanos();
                        case TraceEvent.Size size -> size.nanos();
                        case TraceEvent.Window _ -> last;
                    };
        }
        return last;
    }

    private static double ledgerBytes(AuditStore store, long after) {
        double bytes = 0;
        long left = store.ledger().committed().sequence() - after;
        try (LedgerReader reader = store.ledger().read(new SequenceNumber(after + 1))) {
            for (; left > 0; left--) {
                bytes += reader.next().orElseThrow().payloadBytes() + ENTRY_BYTES;
            }
        }
        return bytes;
    }

    private static double bytes(Path place, String begin) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(f -> String.valueOf(f.getFileName()).startsWith(begin))
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        }
    }

    private void longOne(Path place, Recordings recordings) throws IOException {
        byte[] piece = listing();
        long bytes = (long) options.megabytes() << 20;
        Table table = new Table("A recording of %,d MiB of output".formatted(options.megabytes()));
        for (int round = -1; round < options.rounds(); round++) {
            Table kept = round < 0 ? new Table("") : table;
            SessionId session = new SessionId("long" + (round + 1));
            long[] now = {0};
            Recording recording =
                    recordings.begin(
                            new RecordingHeader.Subject(
                                    context(session.value()), "shell", "xterm", 80, 24),
                            Instant.now(),
                            () -> now[0]);
            long begin = System.nanoTime();
            for (long told = 0; told < bytes; told += piece.length) {
                // An hour in all.
                now[0] = (long) (HOUR * told / bytes);
                CompletableFuture<?> room = recording.output(piece, 0, piece.length);
                if (room != null) {
                    room.join();
                }
            }
            recording.end("exited").join();
            kept.add("MB/s", "written", megabytesASecond(bytes, begin));
            try (RecordingReader reader = recordings.read(session)) {
                begin = System.nanoTime();
                long middle = reader.durationMicros() / 2;
                reader.seek(middle, BEFORE);
                for (RecordingEvent event = reader.next();
                        event != null && event.atMicros() < middle;
                        event = reader.next()) {
                    // What the terminal showed by then.
                }
                kept.add(
                        "its middle is shown after, ms", "read", (System.nanoTime() - begin) / 1e6);
            }
            try (RecordingReader reader = recordings.read(session)) {
                begin = System.nanoTime();
                long read = 0;
                for (RecordingEvent event = reader.next(); event != null; event = reader.next()) {
                    read++;
                }
                kept.add("MB/s", "read", megabytesASecond(bytes, begin));
                kept.add("events", "read", (double) read);
            }
            double size = bytes(place.resolve("recordings"), session.value() + ".");
            kept.add("bytes of file ÷ bytes shown", "written", size / bytes);
        }
        table.print();
    }

    private static double megabytesASecond(long bytes, long begin) {
        return bytes / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }

    private static byte[] listing() {
        StringBuilder text = new StringBuilder();
        for (int line = 0; text.length() < 32_000; line++) {
            text.append(
                    "\033[01;34mdrwxr-xr-x\033[0m  2 root root   4096 \033[32mname-%07d\033[0m\r\n"
                            .formatted(line));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
