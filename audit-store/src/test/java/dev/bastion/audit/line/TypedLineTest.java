package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as an echo of a line, and what its keystrokes say. */
class TypedLineTest {

    private static TypedLine typed(String keys) {
        TypedLine line = new TypedLine();
        keys.codePoints().forEach(point -> line.text(point, false));
        return line;
    }

    @ParameterizedTest
    @CsvSource({
        "secret, secret, true",
        "secret, s-e-c-r-e-t, true",
        "secret, secre, false",
        "secret, terces, false",
        "'', anything, true",
    })
    void isEchoedWhenItsKeysWerePrintedInOrder(String keys, String output, boolean echoed) {
        TypedLine line = typed(keys);
        output.codePoints().forEach(line::shown);

        assertThat(line.wasEchoed()).isEqualTo(echoed);
    }

    @Test
    void keysLostInOtherOutputAreNoEcho() {
        TypedLine line = typed("ab");
        line.shown('a');
        "x".repeat(200).codePoints().forEach(line::shown);
        line.shown('b');

        assertThat(line.wasEchoed()).isFalse();
    }

    @Test
    void keystrokesAreReadableAndBounded() {
        TypedLine line = typed("ls");
        line.edit(EditKey.BACKSPACE, "\177", true);
        line.edit(EditKey.UNKNOWN, "\033[A", true);
        assertThat(line.raw()).isEqualTo("ls^?^[[A");

        for (int i = 0; i < 2 * TypedLine.MAX_RAW; i++) {
            line.text('x', true);
        }
        assertThat(line.raw()).hasSize(TypedLine.MAX_RAW);
    }

    @Test
    void nothingIsLeftOfAWipedLine() {
        TypedLine line = typed("hunter2");
        line.wipe();

        assertThat(line.raw()).isEmpty();
        assertThat(line.edited.text()).isEmpty();
        assertThat(line.edited.kernelText()).isEmpty();
    }
}
