package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CharacterWidthTest {

    @ParameterizedTest
    @CsvSource({
        "a, 1", "é, 1", "Ж, 1", "ﾊ, 1", "❯, 1", "─, 1", "好, 2", "한, 2", "Ａ, 2", "😀, 2", "⌚, 2",
        "가, 2"
    })
    void countsColumns(String character, int columns) {
        assertThat(CharacterWidth.of(character.codePointAt(0))).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({"0x301", "0x200b", "0x200d", "0xfe0f", "0x20dd"})
    void marksTakeNone(String point) {
        assertThat(CharacterWidth.of(Integer.decode(point))).isZero();
    }
}
