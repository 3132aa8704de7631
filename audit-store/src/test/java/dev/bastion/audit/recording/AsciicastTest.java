package dev.bastion.audit.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AsciicastTest {

    @TempDir private Path folder;

    @Test
    void moreLinesThanAreKeptInMemoryAreAllThere() throws Exception {
        int count = Asciicast.MOST_LINES + 1;
        List<String> written = new ArrayList<>();
        try (RecordingScene scene = new RecordingScene(folder)) {
            Recording recording = scene.begin("s1");
            for (int i = 1; i <= count; i++) {
                recording.line(0, i, LineKind.COMMAND, "k" + i, "command " + i);
            }
            RecordingScene.await(recording.end("exited"));
            try (RecordingReader reader = scene.recordings.read(new SessionId("s1"))) {
                new Asciicast(Asciicast.Version.V2, written::add).write(reader);
            }
        }
        assertThat(written.stream().filter(line -> line.contains("\"m\"")).count())
                .isEqualTo(count);
    }
}
