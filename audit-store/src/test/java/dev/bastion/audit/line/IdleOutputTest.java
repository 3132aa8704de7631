package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdleOutputTest {

    private final IdleOutput idle = new IdleOutput();

    private static byte[] bytes(String text) {
        return text.replace("\\e", "\033").translateEscapes().getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "abc\\e[?2004h, rest",
        "\\e[1;31mabc\\e[?2004l, rest",
        "\\e[?1049h, rest",
        "\\e[?1;47h, rest",
        "\\e[?1047;1h, rest",
        "\\e]133;A\\7, rest",
        "\\e]0;title\\7\\e]633;B;x=1\\7, rest",
    })
    void stopsBehindASequenceThatMattersWhereverItIsCut(String output, String rest) {
        byte[] all = bytes(output + rest);
        int end = bytes(output).length;
        for (int cut = 0; cut < end; cut++) {
            idle.clear();
            int taken = cut == 0 ? 0 : idle.skip(all, 0, cut);
            assertThat(idle.sawMark()).as("before byte %d", cut).isFalse();
            assertThat(taken).isEqualTo(cut);

            taken += idle.skip(all, cut, all.length - cut);
            assertThat(idle.sawMark()).as("cut at %d", cut).isTrue();
            assertThat(taken).isEqualTo(end);
            assertThat(idle.takeTail()).isEqualTo(bytes(output));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "plain text",
        "\\e[31m",
        "\\e[?25h",
        "\\e[?2005h",
        "\\e[2004h",
        "\\e]0;133;A\\7",
        "\\e[?2004n"
    })
    void passesWhatDoesNot(String output) {
        byte[] all = bytes(output);

        assertThat(idle.skip(all, 0, all.length)).isEqualTo(all.length);
        assertThat(idle.sawMark()).isFalse();
    }

    @Test
    void keepsTheLastLinesOfMuchOutput() {
        byte[] line = bytes("0123456789abcdef\\r\\n");
        for (int i = 0; i < 10_000; i++) {
            idle.skip(line, 0, line.length);
        }
        byte[] prompt = bytes("$ ");
        idle.skip(prompt, 0, prompt.length);

        assertThat(idle.lostBytes()).isTrue();
        String tail = new String(idle.takeTail(), StandardCharsets.US_ASCII);
        assertThat(tail).startsWith("0123456789abcdef\r\n").endsWith("abcdef\r\n$ ");
        assertThat(tail.length()).isBetween(15_000, 16_384);
        assertThat(idle.isEmpty()).isTrue();
    }

    @Test
    void findsTheNextEscapeAnywhere() {
        byte[] bytes = new byte[64];
        for (int at = 0; at < bytes.length; at++) {
            bytes[at] = 0x1b;
            for (int from = 0; from <= at; from++) {
                assertThat(EscapeSearch.next(bytes, from, bytes.length)).isEqualTo(at);
                assertThat(EscapeSearch.next(bytes, from, at)).isEqualTo(at);
            }
            bytes[at] = (byte) (at % 2 == 0 ? 0x9b : 0x1a);
        }
    }
}
