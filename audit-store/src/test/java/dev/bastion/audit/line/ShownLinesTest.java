package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a terminal showed, as lines. */
final class ShownLinesTest {

    private final List<String> told = new ArrayList<>();
    private final ShownLines lines =
            new ShownLines(20, 5, (stamp, text) -> told.add(stamp + " " + text));

    private void shows(int stamp, String output) {
        lines.output(stamp, output.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aLineIsToldOnceAsItStays() {
        shows(1, "$ sl\b\bls\r\n");
        shows(2, "working 10%\rworking 99%\r\n\r\n");
        for (int i = 3; i < 9; i++) {
            shows(i, "line " + i + "\r\n");
        }
        lines.end();
        assertThat(told)
                .containsExactly(
                        "1 $ ls",
                        "2 working 99%",
                        "3 line 3",
                        "4 line 4",
                        "5 line 5",
                        "6 line 6",
                        "7 line 7",
                        "8 line 8");
    }

    @Test
    void rowsThatWrappedAreOneLine() {
        shows(1, "0123456789012345678901234\r\nnext\r\n");
        lines.end();
        assertThat(told).containsExactly("1 0123456789012345678901234", "1 next");
    }

    @Test
    void whatIsClearedIsToldBefore() {
        shows(1, "one\r\ntwo\r\n");
        shows(2, "\033[H\033[2Jthree\r\n");
        shows(3, "\033[1;1H\033[Jfour");
        lines.end();
        assertThat(told).containsExactly("1 one", "1 two", "2 three", "3 four");
    }

    @Test
    void muchOutputAtOnceLosesNothing() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            all.append(i).append("\r\n");
        }
        shows(1, all.toString());
        lines.end();
        assertThat(told).hasSize(3_000).startsWith("1 0").endsWith("1 2999");
    }

    @Test
    void ofAFullScreenProgramWhatChangedIsToldWhenItRests() {
        shows(1, "$ vi\r\n\033[?1049h\033[H\033[2Jtext\033[5;1H-- INSERT --");
        lines.rests();
        shows(2, "\033[1;5Hs");
        lines.rests();
        lines.rests();
        shows(3, "\033[?1049l$ ");
        lines.end();
        assertThat(told).containsExactly("1 text", "1 -- INSERT --", "2 texts", "1 $ vi", "3 $");
    }
}
