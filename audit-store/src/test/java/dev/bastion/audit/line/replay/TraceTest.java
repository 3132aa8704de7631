package dev.bastion.audit.line.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {

    private static final String TRACE =
            """
            {"t": 0.0, "d": "r", "b": "ODB4MjQ="}
            {"t": 1.5, "d": "o", "b": "JCA="}
            {"t": 100, "d": "i", "b": "aWQN"}
            {"t": 101, "d": "o", "b": "aWQNCg=="}
            {"d": "m", "cat": "plain", "truth": ["id"], "secrets": [], "visible": []}
            """;

    private static Trace read(String text) throws IOException {
        return Trace.read(
                "small.jsonl", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aTraceIsReadReplayedAndScored() throws IOException {
        Trace trace = read(TRACE);
        assertThat(trace.name()).isEqualTo("small");
        assertThat(trace.events().getFirst()).isEqualTo(new TraceEvent.Size(0, 80, 24));

        ScoreReport report = new ScoreReport();
        report.add(trace, new Replay(50_000_000, 1L));
        assertThat(report.total().exact()).isEqualTo(1);
        assertThat(report.misses()).isEmpty();
        assertThat(report.toString()).contains("small", "plain", "100.0%");
    }

    @Test
    void aMissALeakAndASpuriousRecordAreCounted() throws IOException {
        ScoreReport report = new ScoreReport();
        report.add(
                read(
                        TRACE.replace("[\"id\"]", "[\"ls\"]")
                                .replace("\"secrets\": []", "\"secrets\": [\"id\"]")
                                .replace("aWQNCg==", "DQo=")),
                Replay.AS_RECORDED);

        assertThat(report.total().exact()).isZero();
        assertThat(report.naive().leaked()).isEqualTo(1);
        assertThat(report.total().leaked()).isZero();
        assertThat(report.naive().spurious()).isEqualTo(1);
        assertThat(report.misses()).containsExactly("small: window 0 plain: missed ls");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json",
                "{\"t\": 0, \"d\": \"x\", \"b\": \"\"}",
                "{\"t\": 0, \"d\": \"r\", \"b\": \"ODA=\"}",
                "{\"t\": 0, \"d\": \"i\", \"b\": \"!\"}",
            })
    void whatIsNoTraceIsNamedWithItsLine(String line) {
        assertThatThrownBy(() -> read(TRACE + line))
                .isInstanceOf(IOException.class)
                .hasMessage("small.jsonl: line 6 is no object of a trace");
    }
}
