package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is told is written down: characters as they are, {@code <lf> <on> <off>}. */
class OutputScannerTest {

    private final OutputScanner scanner = new OutputScanner();
    private final StringBuilder told = new StringBuilder();
    private final OutputScanner.Listener listener =
            new OutputScanner.Listener() {
                @Override
                public void printed(int point) {
                    told.appendCodePoint(point);
                }

                @Override
                public void carriageReturn() {}

                @Override
                public void backspace() {}

                @Override
                public void lineFeed() {
                    told.append("<lf>");
                }

                @Override
                public void lineEditor(boolean active) {
                    told.append(active ? "<on>" : "<off>");
                }
            };

    @ParameterizedTest
    @CsvSource({
        "abc, abc",
        "a\\r\\nb, a<lf>b",
        "a\\b\\tb, ab",
        "grün €😀, grün €😀",
        "\\e[31mred\\e[0m, red",
        "\\e[?2004h$ \\e[?2004l, <on>$ <off>",
        "\\e[?2004$p\\e[2004h\\e[?25hx, x",
        "\\e]0;title\\ax, x",
        "\\e]0;title\\e\\\\x, x",
        "\\e]8;;http://a\\e\\\\link\\e]8;;\\e\\\\, link",
        "\\ePq#1\\e\\\\x, x",
        "\\e_hidden\\e\\\\\\e^hidden\\e\\\\\\eXhidden\\e\\\\x, x",
        "\\e(Bx\\e)0y, xy",
        "\\e=\\e>\\eMx, x",
        "\\e[3\\e[31mx, x",
    })
    void tellsOfWhatIsShownHoweverItIsCut(String output, String expected) {
        byte[] bytes =
                output.replace("\\e", "\u001b")
                        .replace("\\\\", "\\")
                        .replace("\\r", "\r")
                        .replace("\\n", "\n")
                        .replace("\\b", "\b")
                        .replace("\\t", "\t")
                        .replace("\\a", "\u0007")
                        .getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            told.setLength(0);
            for (int at = 0; at < bytes.length; at += size) {
                scanner.scan(bytes, at, Math.min(size, bytes.length - at), listener);
            }
            assertThat(told.toString()).as("in chunks of %d", size).isEqualTo(expected.strip());
        }
    }

    @Test
    void keepsLittleOfASequenceWithoutAnEnd() throws ReflectiveOperationException {
        byte[] digits = new byte[1 << 20];
        Arrays.fill(digits, (byte) '1');
        scan("\u001b[");
        scanner.scan(digits, 0, digits.length, listener);
        Field parameters = OutputScanner.class.getDeclaredField("parameters");
        parameters.setAccessible(true);
        assertThat(((StringBuilder) parameters.get(scanner)).capacity()).isLessThan(100);
        scan("m\u001b]");
        scanner.scan(digits, 0, digits.length, listener);
        assertThat(((StringBuilder) parameters.get(scanner)).capacity()).isLessThan(100);
        scan("\u0007x");
        assertThat(told.toString()).isEqualTo("x");
    }

    private void scan(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        scanner.scan(bytes, 0, bytes.length, listener);
    }
}
