package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the host's output may be interrupted. */
class OutputTailTest {

    private final OutputTail tail = new OutputTail();

    /** The bar stands where a sentence may not. */
    @ParameterizedTest
    @CsvSource({
        "a|, true",
        "\\e, false",
        "x\\e[31, false",
        "x\\e[31m, true",
        "x\\e]0;title, false",
        "x\\e]0;title\\a, true",
        "x\\e]0;title\\e, false",
        "x\\e]0;title\\e\\\\, true",
        "\\ePq#1, false",
        "\\ePq#1\\e\\\\, true",
        "\\e(, false",
        "\\e(B, true",
        "\\e[3\\e[31m, true",
        "\\eM, true",
    })
    void isBetweenWhereNothingIsBegun(String output, boolean expected) {
        byte[] bytes =
                output.replace("\\e", "\u001b")
                        .replace("\\\\", "\\")
                        .replace("\\a", "\u0007")
                        .getBytes(StandardCharsets.UTF_8);
        tail.add(bytes, 0, bytes.length);
        assertThat(tail.isBetween()).isEqualTo(expected);
    }

    @Test
    void aCharacterIsNotCut() {
        byte[] bytes = "é€😀".getBytes(StandardCharsets.UTF_8);
        String ends = "";
        for (int i = 0; i < bytes.length; i++) {
            tail.add(bytes, i, 1);
            ends += tail.isBetween() ? "1" : "0";
        }
        assertThat(ends).isEqualTo("010010001");
    }

    @Test
    void onlyTheLastBytesCountHoweverTheyCome() {
        byte[] text = new byte[OutputTail.SIZE * 5 / 2];
        Arrays.fill(text, (byte) 'x');
        for (int cut : new int[] {1, 7, 1000, 1024, 1025, text.length}) {
            OutputTail fresh = new OutputTail();
            for (int from = 0; from < text.length; from += cut) {
                fresh.add(text, from, Math.min(cut, text.length - from));
            }
            assertThat(fresh.isBetween()).isTrue();
            byte[] begun = "\u001b[".getBytes(StandardCharsets.UTF_8);
            fresh.add(begun, 0, begun.length);
            assertThat(fresh.isBetween()).as("cut at %d", cut).isFalse();
            fresh.add(new byte[] {'m'}, 0, 1);
            assertThat(fresh.isBetween()).isTrue();
        }
    }
}
