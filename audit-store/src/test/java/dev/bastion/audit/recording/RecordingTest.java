package dev.bastion.audit.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was told to a recording is read from its file, and nothing else ever is. */
final class RecordingTest {

    private final Path folder;
    private final RecordingScene scene;

    RecordingTest(@TempDir Path folder) {
        this.folder = folder;
        scene = new RecordingScene(folder.resolve("recordings"));
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void output(Recording recording, byte[] bytes) {
        var room = recording.output(bytes, 0, bytes.length);
        if (room != null) {
            RecordingScene.await(room);
        }
    }

    /** A short recording of some frames. */
    private Path some(String session) throws RecordingException {
        Recording recording = scene.begin(session);
        for (int i = 0; i < 4; i++) {
            output(recording, bytes("output " + i + "\r\n"));
            recording.line(recording.now(), i, LineKind.COMMAND, "ls^H^Hll " + i, "ll " + i);
            recording.flush();
        }
        RecordingScene.await(recording.end("exit-status 0 exited"));
        return scene.file(session);
    }

    @Test
    void givesWhatWasToldInOrderAndWithItsTimes() throws RecordingException {
        Recording recording = scene.begin("s1");
        output(recording, bytes("$ "));
        recording.line(recording.now(), 3, LineKind.COMMAND, "ls", "ls");
        recording.line(recording.now(), 4, LineKind.NO_ECHO, "[not echoed: 8-15 keys]", "x");
        recording.resized(100, 0);
        RecordingScene.await(recording.end("exit-signal TERM cut"));
        output(recording, bytes("too late"));

        RecordingScene.Read read = scene.read("s1");
        assertThat(read.end()).isEqualTo(new RecordingEnd.Complete());
        assertThat(read.events()).hasSize(6);
        assertThat(read.events().getFirst())
                .isInstanceOfSatisfying(
                        RecordingEvent.Resized.class,
                        size ->
                                assertThat(List.of(size.columns(), size.rows()))
                                        .containsExactly(80, 24));
        assertThat(read.output()).isEqualTo(bytes("$ "));
        assertThat(read.events().get(2))
                .isInstanceOfSatisfying(
                        RecordingEvent.Line.class,
                        line -> {
                            assertThat(line.seq()).isEqualTo(3);
                            assertThat(line.kind()).isEqualTo(LineKind.COMMAND);
                            assertThat(line.keystrokes()).isEqualTo("ls");
                            assertThat(line.command()).isEqualTo("ls");
                            assertThat(line.enteredMicros()).isLessThanOrEqualTo(line.atMicros());
                        });
        assertThat(read.events().get(4))
                .isInstanceOfSatisfying(
                        RecordingEvent.Resized.class,
                        size -> assertThat(size.columns()).isEqualTo(100));
        assertThat(read.events().getLast())
                .isInstanceOfSatisfying(
                        RecordingEvent.Exit.class,
                        exit -> assertThat(exit.how()).isEqualTo("exit-signal TERM cut"));
        assertThat(read.events().stream().map(RecordingEvent::atMicros).toList()).isSorted();
    }

    @Test
    void theLedgerGetsNameLengthAndHashOfTheFile() throws IOException, NoSuchAlgorithmException {
        Path file = some("s1");
        byte[] all = Files.readAllBytes(file);
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all));
        assertThat(scene.ledger)
                .singleElement()
                .isInstanceOfSatisfying(
                        AuditRecord.RecordingClosed.class,
                        closed -> {
                            assertThat(closed.file()).isEqualTo("s1.recording");
                            assertThat(closed.bytes()).isEqualTo(all.length);
                            assertThat(closed.sha256()).isEqualTo(hash);
                            assertThat(closed.complete()).isTrue();
                            assertThat(closed.context().user()).isEqualTo("alice");
                        });
        scene.close();
        assertThat(scene.folder.resolve("s1.open")).doesNotExist();
        assertThat(Files.getPosixFilePermissions(file).toString()).doesNotContain("GROUP", "OTHER");
    }

    @Test
    void generatedOutputComesBackToTheByteAndCanBeSought() throws RecordingException {
        long seed = Long.getLong("bastion.recording.seed", System.nanoTime());
        Random random = new Random(seed);
        Recording recording = scene.begin("s1");
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        while (told.size() < 3_000_000) {
            byte[] piece = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 300)];
            random.nextBytes(piece);
            Arrays.fill(piece, 0, piece.length / 2, (byte) 'a');
            told.writeBytes(piece);
            output(recording, piece);
            if (random.nextInt(20) == 0) {
                recording.resized(random.nextInt(500), random.nextInt(300));
            }
        }
        RecordingScene.await(recording.end("exited"));
        List<RecordingEvent> all;
        try (RecordingReader reader = scene.recordings.read(new SessionId("s1"))) {
            RecordingScene.Read read = RecordingScene.rest(reader);
            all = read.events();
            assertThat(read.end()).as("seed %d", seed).isEqualTo(new RecordingEnd.Complete());
            assertThat(read.output()).as("seed %d", seed).isEqualTo(told.toByteArray());
            assertThat(reader.durationMicros()).isEqualTo(all.getLast().atMicros());
            for (int i = 0; i < 20; i++) {
                long to = random.nextLong(reader.durationMicros() + 1);
                reader.seek(to, random.nextInt(2) * 500_000L);
                int from = (int) reader.events();
                assertThat(all.get(from).atMicros())
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(Math.max(to, all.getFirst().atMicros()));
                RecordingScene.Read rest = RecordingScene.rest(reader);
                assertThat(rest.events()).hasSize(all.size() - from);
                assertThat(rest.end()).isEqualTo(new RecordingEnd.Complete());
            }
        }
    }

    @Test
    void withoutAnEndItIsAsLongAsUpToItsLastEventAndNotToThatOnesFrame() throws IOException {
        AtomicLong nanos = new AtomicLong();
        Recording recording =
                scene.recordings.begin(
                        new RecordingHeader.Subject(
                                Records.context("alice", "s1", "web1"), "shell", "xterm", 80, 24),
                        RecordingScene.START,
                        nanos::get);
        nanos.set(5_000_000_000L);
        output(recording, bytes("first"));
        recording.flush();
        nanos.set(60_000_000_000L);
        output(recording, bytes("begins a frame"));
        nanos.set(60_900_000_000L);
        output(recording, bytes("last"));
        RecordingScene.await(recording.end("exited"));
        byte[] all = Files.readAllBytes(scene.file("s1"));
        Path cut = folder.resolve("cut.recording");
        List<Long> durations = new ArrayList<>();
        for (int length = headerBytes(all); length < all.length; length++) {
            Files.write(cut, Arrays.copyOf(all, length));
            try (RecordingReader reader = RecordingReader.open(cut, scene.keys)) {
                long duration = reader.durationMicros();
                List<RecordingEvent> events = RecordingScene.rest(reader).events();
                assertThat(duration)
                        .as("%d", length)
                        .isEqualTo(events.isEmpty() ? 0 : events.getLast().atMicros());
                durations.add(duration);
            }
        }
        assertThat(durations).contains(0L, 5_000_000L).endsWith(60_900_000L);
    }

    @Test
    void canBeReadUpToTheLastWholeFrameWhereverTheFileWasCut() throws IOException {
        Path file = some("s1");
        byte[] all = Files.readAllBytes(file);
        List<RecordingEvent> events = scene.read("s1").events();
        Path cut = folder.resolve("cut.recording");
        int most = 0;
        List<Integer> counts = new ArrayList<>();
        for (int length = headerBytes(all); length < all.length; length++) {
            Files.write(cut, Arrays.copyOf(all, length));
            RecordingScene.Read read = scene.read(cut);
            assertThat(read.end()).as("%d", length).isEqualTo(new RecordingEnd.Unfinished());
            assertThat(read.events().size()).isGreaterThanOrEqualTo(most);
            most = read.events().size();
            counts.add(most);
        }
        assertThat(most).isEqualTo(events.size());
        assertThat(counts.stream().distinct().count()).isGreaterThanOrEqualTo(5);
    }

    private static int headerBytes(byte[] all) throws RecordingException {
        return RecordingHeader.length(java.nio.ByteBuffer.wrap(all));
    }

    @Test
    void anAlteredByteIsFoundWhereverItIs() throws IOException {
        Path file = some("s1");
        byte[] all = Files.readAllBytes(file);
        int events = scene.read("s1").events().size();
        Path altered = folder.resolve("altered.recording");
        for (int i = 0; i < all.length; i++) {
            byte[] other = all.clone();
            other[i] ^= 0x10;
            Files.write(altered, other);
            assertThat(isFound(altered, events)).as("byte %d of %d", i, all.length).isTrue();
        }
    }

    /** Whether reading says that it is not what was written. */
    private boolean isFound(Path file, int events) {
        try {
            RecordingScene.Read read = scene.read(file);
            assertThat(read.events().size()).isLessThanOrEqualTo(events);
            return !(read.end() instanceof RecordingEnd.Complete);
        } catch (RecordingException e) {
            return true;
        }
    }

    @Test
    void framesThatWereDroppedSwappedOrMovedFromAnotherFileAreFound() throws IOException {
        byte[] all = Files.readAllBytes(some("s1"));
        byte[] foreign = Files.readAllBytes(some("s2"));
        List<byte[]> parts = parts(all);
        List<byte[]> others = parts(foreign);
        for (int i = 1; i < parts.size() - 2; i++) {
            List<byte[]> dropped = new ArrayList<>(parts);
            dropped.remove(i);
            assertDamaged(dropped, "frame " + i + " dropped");
            List<byte[]> swapped = new ArrayList<>(parts);
            swapped.add(i, swapped.remove(i + 1));
            assertDamaged(swapped, "frame " + i + " swapped");
            List<byte[]> moved = new ArrayList<>(parts);
            moved.set(i, others.get(i));
            assertDamaged(moved, "frame " + i + " of another file");
            List<byte[]> twice = new ArrayList<>(parts);
            twice.add(i, twice.get(i));
            assertDamaged(twice, "frame " + i + " twice");
        }
        List<byte[]> longer = new ArrayList<>(parts);
        longer.add(new byte[20]);
        assertDamaged(longer, "bytes behind the end");
    }

    private void assertDamaged(List<byte[]> parts, String what) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        parts.forEach(bytes::writeBytes);
        Path file = folder.resolve("made.recording");
        Files.write(file, bytes.toByteArray());
        assertThat(scene.read(file).end()).as(what).isInstanceOf(RecordingEnd.Damaged.class);
    }

    /** Header, frames, trailer. */
    private static List<byte[]> parts(byte[] all) throws RecordingException {
        List<byte[]> parts = new ArrayList<>();
        int at = headerBytes(all);
        parts.add(Arrays.copyOf(all, at));
        while (all.length - at > FrameHeader.TRAILER_BYTES) {
            byte[] head = Arrays.copyOfRange(all, at, at + FrameHeader.BYTES);
            int length = FrameHeader.read(head).frameBytes();
            parts.add(Arrays.copyOfRange(all, at, at + length));
            at += length;
        }
        parts.add(Arrays.copyOfRange(all, at, all.length));
        return parts;
    }

    @Test
    void doesNotOpenUnderAnotherKeyAndHoldsNothingInTheClear() throws IOException {
        Path file = some("s1");
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                .contains("alice")
                .doesNotContain("output", "ll 1");
        try (RecordingReader reader =
                RecordingReader.open(file, RecordingScene.keys(7, (byte) 2))) {
            assertThat(reader.next()).isNull();
            assertThat(reader.end()).isInstanceOf(RecordingEnd.Damaged.class);
        }
        RecordingException missing =
                org.assertj.core.api.Assertions.catchThrowableOfType(
                        RecordingException.class,
                        () -> RecordingReader.open(file, RecordingScene.keys(8, (byte) 1)));
        assertThat(missing).hasMessageContaining("key");
    }

    @Test
    void whatAKilledProcessLeftIsRecordedAsItIsAtTheNextStart() throws IOException {
        byte[] all = Files.readAllBytes(some("s1"));
        scene.close();
        Path left = scene.file("s1");
        Files.write(left, Arrays.copyOf(all, all.length - 60));
        Files.createFile(scene.folder.resolve("s1.open"));
        Files.write(scene.file("s9"), new byte[0]);
        Files.createFile(scene.folder.resolve("s9.open"));
        RecordingScene next = new RecordingScene(scene.folder);
        next.recordings.closeUnfinished();
        await().until(() -> Files.notExists(scene.folder.resolve("s1.open")));
        await().until(() -> Files.notExists(scene.folder.resolve("s9.open")));
        next.close();
        assertThat(next.ledger)
                .singleElement()
                .isInstanceOfSatisfying(
                        AuditRecord.RecordingClosed.class,
                        closed -> {
                            assertThat(closed.complete()).isFalse();
                            assertThat(closed.bytes()).isEqualTo(all.length - 60);
                            assertThat(closed.context().session().value()).isEqualTo("s1");
                        });
        assertThat(Files.size(left)).isEqualTo(all.length - 60);
        assertThat(scene.folder.resolve("s1.open")).doesNotExist();
        assertThat(scene.folder.resolve("s9.open")).doesNotExist();
    }

    @Test
    void aWatcherGetsWhatComesAndASlowOneGoesOnFromTheFile()
            throws RecordingException, InterruptedException {
        Recording recording = scene.begin("s1");
        output(recording, bytes("before"));
        try (Watch watch = recording.watch()) {
            assertThat(watch.first()).isEqualTo(2);
            output(recording, bytes("while"));
            assertThat(watch.take(java.time.Duration.ZERO))
                    .singleElement()
                    .isInstanceOfSatisfying(
                            RecordingEvent.Output.class,
                            event -> assertThat(event.bytes()).isEqualTo(bytes("while")));
            for (int i = 0; i < 40; i++) {
                output(recording, new byte[64 << 10]);
            }
            assertThat(watch.isLost()).isTrue();
            assertThat(watch.take(java.time.Duration.ZERO)).isEmpty();
            watch.again();
            assertThat(watch.isLost()).isFalse();
            long first = watch.first();
            output(recording, bytes("after"));
            recording.flush();
            List<RecordingEvent> all = scene.read("s1").events();
            assertThat(all.get((int) first))
                    .isInstanceOfSatisfying(
                            RecordingEvent.Output.class,
                            event -> assertThat(event.bytes()).isEqualTo(bytes("after")));
        }
        RecordingScene.await(recording.end("exited"));
    }

    @Test
    void anIdleSessionHoldsNoBuffer() throws RecordingException {
        Recording recording = scene.begin("s1");
        output(recording, bytes("some"));
        recording.flush();
        assertThat(recording.bufferedBytes()).isZero();
        RecordingScene.await(recording.end("exited"));
    }
}
