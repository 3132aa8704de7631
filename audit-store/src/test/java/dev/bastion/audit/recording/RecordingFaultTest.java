package dev.bastion.audit.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileSlice;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that was told is lost by a fault of the writer, and nothing that was there before. */
final class RecordingFaultTest {

    private final Path folder;
    private final RecordingScene scene;

    RecordingFaultTest(@TempDir Path folder) {
        this.folder = folder;
        scene = new RecordingScene(folder.resolve("recordings"));
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private static void output(Recording recording, String text) {
        var _ = recording.output(text.getBytes(UTF_8), 0, text.length());
    }

    /** One that cannot compress any more. */
    private static FrameSealer broken() {
        FrameSealer sealer = new FrameSealer();
        sealer.close();
        return sealer;
    }

    @Test
    void whatCouldNotBeSealedIsSealedLater() throws Exception {
        Recording recording = scene.begin("s1");
        output(recording, "first ");
        assertThatThrownBy(() -> recording.write(broken())).isInstanceOf(RuntimeException.class);
        output(recording, "second");
        recording.flush();
        assertThat(scene.read("s1").output()).isEqualTo("first second".getBytes(UTF_8));
        RecordingScene.await(recording.end("exited"));
        RecordingScene.Read read = scene.read("s1");
        assertThat(read.end()).isInstanceOf(RecordingEnd.Complete.class);
        assertThat(read.output()).isEqualTo("first second".getBytes(UTF_8));
    }

    @Test
    void anEndThatCouldNotBeSealedIsSealedLater() throws Exception {
        Path path = folder.resolve("s1.recording");
        RecordingHeader header =
                new RecordingHeader(
                        new byte[RecordingHeader.IDENTITY_BYTES],
                        7,
                        RecordingScene.START,
                        new RecordingHeader.Subject(
                                Records.context("alice", "s1", "web1"), "shell", "xterm", 80, 24));
        RecordingFile file = RecordingFile.create(path, header, scene.keys.current());
        assertThatThrownBy(() -> file.end(broken(), 0, 1)).isInstanceOf(RuntimeException.class);
        try (FrameSealer sealer = new FrameSealer()) {
            file.retry(sealer);
            file.retry(sealer);
        }
        file.close();
        assertThat(scene.read(path).end()).isInstanceOf(RecordingEnd.Complete.class);
        assertThat(file.size()).isEqualTo(Files.size(path));
    }

    @Test
    void aRecordingThatIsThereIsLeftAloneByOneOfTheSameName() throws Exception {
        Recording first = scene.begin("s1");
        output(first, "kept");
        RecordingScene.await(first.end("exited"));
        byte[] all = Files.readAllBytes(scene.file("s1"));
        assertThatThrownBy(() -> scene.begin("s1"))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("cannot be begun");
        assertThat(scene.file("s1")).hasBinaryContent(all);
    }

    @Test
    void oneThatIsUnderWayGoesOnWhenAnotherOfItsNameWasRefused() throws Exception {
        Recording first = scene.begin("s1");
        assertThatThrownBy(() -> scene.begin("s1")).isInstanceOf(RecordingException.class);
        assertThat(scene.folder.resolve("s1.open")).exists();
        output(first, "goes on");
        RecordingScene.await(first.end("exited"));
        assertThat(scene.read("s1").output()).isEqualTo("goes on".getBytes(UTF_8));
    }

    private Optional<String> damage(byte[] bytes) throws Exception {
        Path file = folder.resolve("walked");
        Files.write(file, bytes);
        try (FileSlice slice = FileSlice.of(file)) {
            return FrameWalk.damage(slice);
        }
    }

    @Test
    void damageIsFoundWithoutAKeyAndACutFileIsNone() throws Exception {
        Recording recording = scene.begin("s1");
        for (String text : List.of("one", "two", "three")) {
            output(recording, text);
            recording.flush();
        }
        byte[] all = Files.readAllBytes(scene.file("s1"));
        for (int length = 0; length <= all.length; length++) {
            assertThat(damage(Arrays.copyOf(all, length))).as("cut at %d", length).isEmpty();
        }
        for (int i = 0; i < all.length; i++) {
            byte[] altered = all.clone();
            altered[i] ^= 0x10;
            // A length of the header that goes beyond the file may be of one that is not whole yet.
            boolean wholeYet = i < 12 || i > 15;
            assertThat(damage(altered).isPresent() || !wholeYet).as("byte %d", i).isTrue();
        }
        int third = all.length - FrameHeader.read(lastHead(all)).frameBytes();
        all[third + FrameHeader.BYTES] ^= 1;
        assertThat(damage(all))
                .hasValue("frame 2, at byte %d: its checksum is wrong".formatted(third));
        assertThat(damage(new byte[1000])).isEmpty();
        RecordingScene.await(recording.end("exited"));
        assertThat(damage(Files.readAllBytes(scene.file("s1")))).isEmpty();
    }

    /** The head of the last of three frames. */
    private static byte[] lastHead(byte[] all) throws RecordingException {
        int at = RecordingHeader.length(ByteBuffer.wrap(all));
        for (int i = 0; i < 2; i++) {
            at +=
                    FrameHeader.read(Arrays.copyOfRange(all, at, at + FrameHeader.BYTES))
                            .frameBytes();
        }
        return Arrays.copyOfRange(all, at, at + FrameHeader.BYTES);
    }
}
