package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes of a terminal, and the keys that they are. */
class KeyTokenizerTest {

    private final StringBuilder seen = new StringBuilder();
    private final KeyTokenizer tokenizer =
            new KeyTokenizer(
                    new Keys() {
                        @Override
                        public void text(int point, boolean pasted) {
                            seen.append(point == '\n' ? "NL" : Character.toString(point));
                        }

                        @Override
                        public void edit(EditKey key, String raw) {
                            seen.append('<').append(key).append('>');
                        }

                        @Override
                        public void enter(char key) {
                            seen.append("<ENTER>");
                        }

                        @Override
                        public void abort(char key) {
                            seen.append("<ABORT>");
                        }
                    });

    private static byte[] bytes(String input) {
        return input.replace("\\e", "\033").translateEscapes().getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "ls\\r, ls<ENTER>",
        "ls\\n, ls<ENTER>",
        "a\\177b\\bc, a<BACKSPACE>b<BACKSPACE>c",
        "\\3\\34, <ABORT><ABORT>",
        "\\e[A\\e[C\\e[D, <UNKNOWN><RIGHT><LEFT>",
        "\\eOH\\eOF\\eOD, <HOME><END><LEFT>",
        "\\1\\5\\2\\6, <HOME><END><LEFT><RIGHT>",
        "\\13\\25\\27\\31, <KILL_TO_END><KILL_LINE><KILL_WORD><YANK>",
        "\\e[3~\\e[1~\\e[4~\\e[5~, <DELETE><HOME><END><UNKNOWN>",
        "\\e[1;5C, <UNKNOWN>",
        "\\eb\\e\\177x, <UNKNOWN><UNKNOWN>x",
        "\\t\\22\\24, <UNKNOWN><UNKNOWN><UNKNOWN>",
        "\\4, <END_OF_FILE>",
        "\\e[200~a\\rb\\e[201~\\r, aNLb<ENTER>",
        "\\e[24;80Rx\\e[?1;2cy, xy",
        "\\e[<0;3;4Mx\\e[<0;3;4my, xy",
        "\\e[Mabcx, x",
        "\\e[I\\e[Ox, x",
        "\\e]11;rgb:0000/0000/0000\\e\\\\x, x",
        "\\eP1+r\\e\\\\x, x",
        "é好😀, é好😀",
    })
    void cutsBytesIntoKeys(String input, String keys) {
        byte[] all = bytes(input);
        tokenizer.feed(all, 0, all.length);
        assertThat(seen).hasToString(keys);

        seen.setLength(0);
        for (int i = 0; i < all.length; i++) {
            tokenizer.feed(all, i, 1);
        }
        assertThat(seen).as("byte by byte").hasToString(keys);
    }

    @Test
    void anEscapeThatNothingFollowsIsTheEscapeKey() {
        byte[] escape = bytes("\\e");
        tokenizer.feed(escape, 0, 1);
        assertThat(seen).isEmpty();

        tokenizer.pause();
        assertThat(seen).hasToString("<UNKNOWN>");
    }
}
