package dev.bastion.audit.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.LineKind;
import dev.bastion.audit.Records;
import dev.bastion.audit.SessionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rules of docs.asciinema.org/manual/asciicast/v2 and v3, each line of the file being JSON of
 * its own.
 */
final class AsciicastTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path folder;
    private long nanos;
    private int casts;

    private interface Session {
        void happens(Recording recording) throws RecordingException;
    }

    /** A cast of alice's session on a terminal of 80 by 24, by a clock that the test sets. */
    private List<String> cast(Asciicast.Version version, Session session) throws Exception {
        List<String> lines = new ArrayList<>();
        try (RecordingScene scene = new RecordingScene(folder.resolve("r" + casts++))) {
            nanos = 0;
            Recording recording =
                    scene.recordings.begin(
                            new RecordingHeader.Subject(
                                    Records.context("alice", "s1", "web1"),
                                    "shell",
                                    "xterm\"1",
                                    80,
                                    24),
                            RecordingScene.START,
                            () -> nanos);
            session.happens(recording);
            RecordingScene.await(recording.end("exit-status 3 exited"));
            try (RecordingReader reader = scene.recordings.read(new SessionId("s1"))) {
                assertThat(new Asciicast(version, lines::add).write(reader))
                        .isInstanceOf(RecordingEnd.Complete.class);
            }
        }
        assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContain("\n", "\r"));
        return lines;
    }

    private void output(Recording recording, double seconds, byte[] bytes) {
        nanos = Math.round(seconds * 1e9);
        var _ = recording.output(bytes, 0, bytes.length);
    }

    private void output(Recording recording, double seconds, String text) {
        output(recording, seconds, text.getBytes(UTF_8));
    }

    private void session(Recording recording) {
        output(recording, 0.5, "$ ");
        output(recording, 1.25, "ls\r\n");
        nanos = 1_750_001_000L;
        recording.resized(80, 24);
        recording.resized(100, 30);
        recording.resized(0, 0);
        nanos = 2_000_000_000L;
        recording.line(1_000_000, 1, LineKind.COMMAND, "ls", "ls");
        recording.line(1_900_000, 2, LineKind.NO_ECHO, "[not echoed: 8-15 keys]", "");
        output(recording, 3_661.000002, "z");
        nanos = 3_662_000_000_000L;
    }

    @Test
    void version2HasAHeaderAndTimesSinceTheBeginning() throws Exception {
        assertThat(cast(Asciicast.Version.V2, this::session))
                .containsExactly(
                        "{\"version\":2,\"width\":80,\"height\":24,\"timestamp\":1772366400,"
                                + "\"title\":\"alice as root on web1, session s1\","
                                + "\"env\":{\"TERM\":\"xterm\\\"1\"}}",
                        "[0.500000, \"o\", \"$ \"]",
                        "[1.000000, \"i\", \"ls\\r\"]",
                        "[1.000000, \"m\", \"ls\"]",
                        "[1.250000, \"o\", \"ls\\r\\n\"]",
                        "[1.750001, \"r\", \"100x30\"]",
                        "[1.900000, \"m\", \"[not echoed: 8-15 keys]\"]",
                        "[3661.000002, \"o\", \"z\"]");
    }

    @Test
    void version3HasTheTerminalInItsHeaderIntervalsAndAnExitStatus() throws Exception {
        assertThat(cast(Asciicast.Version.V3, this::session))
                .containsExactly(
                        "{\"version\":3,\"term\":{\"cols\":80,\"rows\":24,\"type\":\"xterm\\\"1\"},"
                                + "\"timestamp\":1772366400,"
                                + "\"title\":\"alice as root on web1, session s1\"}",
                        "[0.500000, \"o\", \"$ \"]",
                        "[0.500000, \"i\", \"ls\\r\"]",
                        "[0.000000, \"m\", \"ls\"]",
                        "[0.250000, \"o\", \"ls\\r\\n\"]",
                        "[0.500001, \"r\", \"100x30\"]",
                        "[0.149999, \"m\", \"[not echoed: 8-15 keys]\"]",
                        "[3659.100002, \"o\", \"z\"]",
                        "[0.999998, \"x\", \"3\"]");
    }

    @ParameterizedTest
    @EnumSource(Asciicast.Version.class)
    void aCharacterThatWasCutAnywhereIsWholeAndCutsNoTime(Asciicast.Version version)
            throws Exception {
        byte[] all = "a\u00e9\u6f22\ud83d\ude00z".getBytes(UTF_8);
        for (int cut = 0; cut < all.length; cut++) {
            int at = cut;
            List<String> lines =
                    cast(
                            version,
                            recording -> {
                                output(recording, 1, Arrays.copyOf(all, at));
                                recording.flush();
                                output(recording, 2, Arrays.copyOfRange(all, at, all.length));
                            });
            assertThat(data(lines, "o")).isEqualTo(new String(all, UTF_8));
            assertThat(data(lines, "o")).doesNotContain("\ufffd");
            assertThat(end(version, lines)).as("cut at %d: %s", cut, lines).isEqualTo(2);
        }
    }

    /** When the last event is. */
    private static double end(Asciicast.Version version, List<String> lines) {
        List<Double> times =
                lines.stream().skip(1).map(line -> JSON.readTree(line).get(0).asDouble()).toList();
        return version == Asciicast.Version.V2
                ? times.getLast()
                : times.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static String data(List<String> lines, String code) {
        return String.join(
                "",
                lines.stream()
                        .skip(1)
                        .map(JSON::readTree)
                        .filter(event -> event.get(1).asString().equals(code))
                        .map(event -> event.get(2).asString())
                        .toList());
    }

    @Test
    void halfACharacterAtTheEndIsAReplacementBeforeTheExit() throws Exception {
        List<String> lines =
                cast(
                        Asciicast.Version.V3,
                        recording -> output(recording, 1, new byte[] {'a', (byte) 0xe6}));
        assertThat(lines.subList(1, lines.size()))
                .containsExactly(
                        "[1.000000, \"o\", \"a\"]",
                        "[0.000000, \"o\", \"\ufffd\"]",
                        "[0.000000, \"x\", \"3\"]");
        assertThat(
                        data(
                                cast(
                                        Asciicast.Version.V2,
                                        recording ->
                                                output(recording, 1, new byte[] {(byte) 0xe6})),
                                "o"))
                .isEqualTo("\ufffd");
    }

    @ParameterizedTest
    @EnumSource(Asciicast.Version.class)
    void everyCharacterIsReadBackFromItsEscape(Asciicast.Version version) throws Exception {
        var text = new StringBuilder();
        for (int point = 0; point < 0x3000; point++) {
            text.appendCodePoint(point);
        }
        text.append("\ufeff\uffff\ud83d\ude00\"\\\r\n\t");
        List<String> lines = cast(version, recording -> output(recording, 1, text.toString()));
        assertThat(data(lines, "o")).isEqualTo(text.toString());
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.chars()).noneMatch(c -> c < ' ' || c == 0x7f));
        for (String line : lines.subList(1, lines.size())) {
            JsonNode event = JSON.readTree(line);
            assertThat(event.size()).isEqualTo(3);
            assertThat(event.get(1).asString()).containsAnyOf("o", "i", "m", "r", "x");
        }
    }

    @Test
    void moreLinesThanAreKeptInMemoryAreAllThere() throws Exception {
        int count = Asciicast.MOST_LINES + 1;
        List<String> written =
                cast(
                        Asciicast.Version.V2,
                        recording -> {
                            for (int i = 1; i <= count; i++) {
                                recording.line(0, i, LineKind.COMMAND, "k" + i, "command " + i);
                            }
                        });
        assertThat(written.stream().filter(line -> line.contains("\"m\"")).count())
                .isEqualTo(count);
    }
}
