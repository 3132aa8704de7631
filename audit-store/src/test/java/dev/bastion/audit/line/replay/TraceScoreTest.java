package dev.bastion.audit.line.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds the score on terminals of shells, psql and mariadb, in sixteen configurations, that were
 * recorded together with what these themselves say they got.
 */
class TraceScoreTest {

    private static final List<String> CONFIGURATIONS =
            List.of(
                    "bash-color2-40",
                    "bash-nobp-80",
                    "bash-osc-80",
                    "bash-plain-80",
                    "dash-plain-80",
                    "fish-plain-80",
                    "fish-right-40",
                    "mysql-plain-80",
                    "mysql-user-40",
                    "psql-color2-40",
                    "psql-nobp-80",
                    "psql-plain-80",
                    "zsh-fancy-80",
                    "zsh-nobp-80",
                    "zsh-plain-40",
                    "zsh-transient-80");

    /** Of them there are many lines pasted in pieces. */
    private static final List<String> PASTES =
            List.of(
                    "bash-nobp-80",
                    "bash-plain-80",
                    "dash-plain-80",
                    "mysql-plain-80",
                    "psql-color2-40",
                    "zsh-nobp-80");

    private static final List<Trace> TRACES = new ArrayList<>();

    @BeforeAll
    static void readTraces() throws IOException {
        TRACES.addAll(traces("/traces/", CONFIGURATIONS));
    }

    private static List<Trace> traces(String folder, List<String> names) throws IOException {
        List<Trace> traces = new ArrayList<>();
        for (String name : names) {
            String file = name + ".jsonl.gz";
            try (InputStream bytes =
                    Objects.requireNonNull(
                            TraceScoreTest.class.getResourceAsStream(folder + file))) {
                traces.add(Trace.read(file, bytes));
            }
        }
        return traces;
    }

    /** Of the traces with their output so much later, and then cut anew. */
    private static ScoreReport report(List<Trace> traces, int delayMs) {
        Replay replay = new Replay(delayMs * 1_000_000L, delayMs == 0 ? null : 7L);
        ScoreReport report = new ScoreReport();
        traces.forEach(trace -> report.add(trace, replay));
        return report;
    }

    @ParameterizedTest
    @CsvSource({"0, 99.5, 97", "60, 99.5, 97", "150, 99, 95"})
    void tellsTheCommandsThatTheShellsGot(int delayMs, double all, double each) {
        ScoreReport report = report(TRACES, delayMs);

        assertThat(report.total().commands()).as("commands in the traces").isGreaterThan(500);
        assertThat(report.total().exactPercent())
                .as(() -> String.join("\n", report.misses()))
                .isGreaterThanOrEqualTo(all);
        for (String name : CONFIGURATIONS) {
            assertThat(report.of(name).exactPercent())
                    .as(() -> name + "\n" + String.join("\n", report.misses()))
                    .isGreaterThanOrEqualTo(each);
        }
        assertThat(report.total().spurious()).isLessThanOrEqualTo(5);
        assertThat(report.total().secrets()).isGreaterThan(15);
        assertThat(report.total().leaked()).isZero();
        // One was typed before its program asked, as what a silent prompt takes is.
        assertThat(report.total().visible()).isGreaterThan(20);
        assertThat(report.total().kept()).isGreaterThanOrEqualTo(report.total().visible() - 1);
        assertThat(report.total().exactPercent())
                .as("what is told beside what was typed, control characters left out")
                .isGreaterThan(report.naive().exactPercent() + 20);
        // Some were corrected while they were typed, and the naive line has the wrong keys too.
        assertThat(report.naive().leaked() - report.total().leaked())
                .as("secrets that would stand in what was typed, and are not told")
                .isGreaterThan(report.total().secrets() / 2);
    }

    /** What the terminal echoes of them is out of order, and a part of it is not echoed at all. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60, 150})
    void tellsTheLinesOfLongPastes(int delayMs) throws IOException {
        ScoreReport report = report(traces("/traces/pastes/", PASTES), delayMs);

        assertThat(report.total().commands()).as("commands in the traces").isGreaterThan(1000);
        assertThat(report.total().exactPercent())
                .as(() -> String.join("\n", report.misses()))
                .isGreaterThanOrEqualTo(99);
        for (String name : PASTES) {
            assertThat(report.of(name).exactPercent())
                    .as(() -> name + "\n" + String.join("\n", report.misses()))
                    .isGreaterThanOrEqualTo(95);
        }
        assertThat(report.total().spurious()).isZero();
    }

    /** What is typed to programs inside is not kept. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60, 150})
    void tellsTheCommandsOfShellsInside(int delayMs) throws IOException {
        ScoreReport report =
                report(traces("/traces/inside/", List.of("screen-80", "tmux-80")), delayMs);

        assertThat(report.total().commands()).as("commands in the traces").isGreaterThan(150);
        assertThat(report.total().exactPercent())
                .as(() -> String.join("\n", report.misses()))
                .isGreaterThanOrEqualTo(95);
        assertThat(report.total().spurious()).isLessThanOrEqualTo(2);
        assertThat(report.total().secrets()).isGreaterThan(5);
        assertThat(report.total().leaked()).isZero();
    }

    @Test
    void tellsEachLineOnceAsJson() {
        List<ReplayedLine> lines = Replay.AS_RECORDED.run(TRACES.getFirst());
        String json = LineJson.of(lines.getFirst());

        assertThat(json)
                .startsWith("{\"window\":0,\"kind\":\"command\",\"command\":\"")
                .contains("\"keystrokes\":", "\"prompt\":", "\"source\":\"")
                .endsWith("\"confidence\":" + lines.getFirst().line().confidence() + "}");
        assertThat(lines.stream().map(line -> line.line().enters()))
                .as("one record an Enter, except for keys in full-screen programs")
                .filteredOn(number -> number > 0)
                .isNotEmpty();
    }
}
