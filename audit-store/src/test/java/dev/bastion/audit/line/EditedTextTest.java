package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys, the text that they make, and how sure that is. */
class EditedTextTest {

    private final EditedText edited = new EditedText();

    private void type(String input) {
        KeyTokenizer tokenizer =
                new KeyTokenizer(
                        new Keys() {
                            @Override
                            public void text(int point, boolean pasted) {
                                edited.insert(point);
                            }

                            @Override
                            public void edit(EditKey key, String raw) {
                                edited.edit(key);
                            }

                            @Override
                            public void enter(char key) {}

                            @Override
                            public void abort(char key) {}
                        });
        byte[] bytes =
                input.replace("\\e", "\033").translateEscapes().getBytes(StandardCharsets.UTF_8);
        tokenizer.feed(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource({
        "echo, echo, EXACT",
        "ecx\\177ho, echo, EXACT",
        "eho\\e[D\\e[Dc, echo, EXACT",
        "cho\\1e\\5!, echo!, EXACT",
        "echo xx\\1\\13, '', EXACT",
        "echx\\e[D\\13o, echo, EXACT",
        "xecho\\1\\e[3~, echo, EXACT",
        "wrong\\25right, right, EXACT",
        "one two\\1\\25x, xone two, DIFFERS",
        "one two\\27x, one x, DIFFERS",
        "one two\\27\\31, one two, DIFFERS",
        "echo\\e[C, echo, DIFFERS",
        "echo\\t, echo, UNKNOWN",
        "\\e[A, '', UNKNOWN",
        "été\\177好, ét好, EXACT",
        "a😀\\e[D\\177b, b😀, EXACT",
    })
    void reckonsTheLine(String input, String text, EditedText.Level level) {
        type(input);

        assertThat(edited.text()).isEqualTo(text);
        assertThat(edited.level()).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource({"abc\\177d, abd", "one two\\27x, one x", "wrong\\25right, right", "ab\\e[Dc, abc"})
    void knowsWhatTheKernelMakesOfTheSameKeys(String input, String text) {
        type(input);

        assertThat(edited.kernelText()).isEqualTo(text);
    }

    @Test
    void isBoundedAndSaysSo() {
        for (int i = 0; i < EditedText.MAX_LENGTH + 10; i++) {
            edited.insert('x');
        }

        assertThat(edited.text()).hasSize(EditedText.MAX_LENGTH);
        assertThat(edited.isExact()).isFalse();
    }
}
