package dev.bastion.audit.recording;

import dev.bastion.audit.Records;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.line.replay.Trace;
import dev.bastion.audit.line.replay.TraceEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures recordings: their size for work that traces hold, how fast one is written and read, and
 * how long it takes to be somewhere in a long one. A program, not a test: {@code RecordingFigures
 * FOLDER MEGABYTES TRACE…}.
 */
final class RecordingFigures {

    private RecordingFigures() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int megabytes = Integer.parseInt(arguments[1]);
        try (RecordingScene scene = new RecordingScene(folder)) {
            for (int i = 2; i < arguments.length; i++) {
                work(scene, "w" + i, Trace.read(Path.of(arguments[i])));
            }
            flood(scene, megabytes);
        }
    }

    /** As if it were typed now: a frame a second in which something was shown. */
    private static void work(RecordingScene scene, String session, Trace trace) throws IOException {
        long[] now = {0};
        Recording recording =
                scene.recordings.begin(
                        new RecordingHeader.Subject(
                                Records.context("alice", session, "web1"),
                                "shell",
                                "xterm",
                                80,
                                24),
                        RecordingScene.START,
                        () -> now[0]);
        long second = 0;
        long shown = 0;
        for (TraceEvent event : trace.events()) {
            if (event instanceof TraceEvent.Output(long nanos, byte[] bytes)) {
                now[0] = nanos;
                if (nanos / 1_000_000_000 > second) {
                    second = nanos / 1_000_000_000;
                    recording.flush();
                }
                shown += bytes.length;
                var room = recording.output(bytes, 0, bytes.length);
                if (room != null) {
                    RecordingScene.await(room);
                }
            }
        }
        RecordingScene.await(recording.end("exited"));
        double hours = now[0] / 3.6e12;
        long size = Files.size(scene.file(session));
        System.out.printf(
                "%s: %.2f h, %,d bytes shown, %,d bytes of recording, %,.0f bytes an hour%n",
                trace.name(), hours, shown, size, size / hours);
    }

    private static void flood(RecordingScene scene, int megabytes) throws IOException {
        Recording recording = scene.begin("long");
        byte[] piece = listing();
        long bytes = (long) megabytes << 20;
        long start = System.nanoTime();
        for (long told = 0; told < bytes; told += piece.length) {
            var room = recording.output(piece, 0, piece.length);
            if (room != null) {
                RecordingScene.await(room);
            }
        }
        RecordingScene.await(recording.end("exited"));
        seconds("written", start, bytes);
        System.out.printf("%,d bytes of recording%n", Files.size(scene.file("long")));
        start = System.nanoTime();
        try (RecordingReader reader = scene.recordings.read(new SessionId("long"))) {
            long duration = reader.durationMicros();
            reader.seek(duration / 2, 1 << 20);
            for (RecordingEvent event = reader.next();
                    event != null && event.atMicros() < duration / 2;
                    event = reader.next()) {
                // Only read.
            }
            System.out.printf(
                    "in the middle of it after %.1f ms%n", (System.nanoTime() - start) / 1e6);
            reader.seek(0, 0);
            start = System.nanoTime();
            while (reader.next() != null) {
                // Only read.
            }
            seconds("read", start, bytes);
        }
    }

    private static void seconds(String what, long start, long bytes) {
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%s: %.0f MB/s%n", what, bytes / 1e6 / seconds);
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
