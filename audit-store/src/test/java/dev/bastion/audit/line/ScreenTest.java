package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A terminal of ten columns and four rows, and what it shows. */
class ScreenTest {

    private static final OutputMarks NO_MARKS =
            new OutputMarks() {
                @Override
                public void printed(int point) {}

                @Override
                public void lineFeed() {}

                @Override
                public void controlSequence() {}

                @Override
                public void bracketedPaste(boolean on) {}

                @Override
                public void alternateScreen(boolean on) {}

                @Override
                public void shellMark(char letter) {}
            };

    private final Screen screen = new Screen(10, 4);
    private final OutputParser parser = new OutputParser(screen, NO_MARKS);

    private void show(String output) {
        byte[] bytes =
                output.replace("\\e", "\033").translateEscapes().getBytes(StandardCharsets.UTF_8);
        parser.feed(bytes, 0, bytes.length);
    }

    private String rows() {
        StringBuilder text = new StringBuilder();
        for (long i = screen.lastRow() - 3; i <= screen.lastRow(); i++) {
            text.append(RowText.of(screen, i).stripTrailing()).append('|');
        }
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "one~ |||one|~ 3",
                "one\\r\\ntwo~ ||one|two|~ 3",
                "one\\rtw~ |||twe|~ 2",
                "abc\\b\\bX~ |||aXc|~ 2",
                "\\e[H1\\e[2;3Hx~ 1|  x|||~ 3",
                "0123456789~ |||0123456789|~ 9",
                "0123456789a~ ||0123456789|a|~ 1",
                "0123456789\\e[Ka~ ||0123456789|a|~ 1",
                "0123456789\\rX~ |||X123456789|~ 1",
                "abcdef\\e[4D\\e[2P~ |||abef|~ 2",
                "abcdef\\e[4D\\e[2@XY~ |||abXYcdef|~ 4",
                "abcdef\\e[3D\\e[K~ |||abc|~ 3",
                "abcdef\\e[3D\\e[1K~ |||    ef|~ 3",
                "abcdef\\e[5D\\e[2X~ |||a  def|~ 1",
                "a\\tb~ |||a       b|~ 9",
                "one\\e[2J~ ||||~ 3",
                "one\\e]0;title\\7bc~ |||onebc|~ 5",
                "one\\e]0;title\\e\\\\bc~ |||onebc|~ 5",
                "one\\ePq#1\\e\\\\bc~ |||onebc|~ 5",
                "\\e(Bab\\e[1;31mc\\e[0m~ |||abc|~ 3",
                "\\e[1mx\\e[?25ly\\e[>4;2mz~ |||xyz|~ 3",
                "a\\e[10Gb~ |||a        b|~ 9",
                "ab\\e[?1049hfull\\e[?1049lc~ |||abc|~ 3",
                "a\\e7bc\\e8X~ |||aXc|~ 2",
            })
    void showsWhatATerminalShows(String output, String rows, int column) {
        show(output);

        assertThat(rows()).isEqualTo(rows);
        assertThat(screen.column()).isEqualTo(column);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "重启~ |||重启|~ 4",
                "123456789重~ ||123456789|重|~ 2",
                "重启\\b\\bX~ |||重X|~ 3",
                "重启\\b\\b\\bX~ ||| X启|~ 2",
                "e\u0301te\u0301~ |||été|~ 3",
                "e\u0301x\\r\\e[@~ ||| éx|~ 0",
                "a😀b~ |||a😀b|~ 4",
                "ﾊﾝ~ |||ﾊﾝ|~ 2",
            })
    void countsTheColumnsOfCharacters(String output, String rows, int column) {
        show(output);

        assertThat(Normalizer.normalize(rows(), Normalizer.Form.NFC)).isEqualTo(rows);
        assertThat(screen.column()).isEqualTo(column);
    }

    @Test
    void rowsKnowThatTheyWrapped() {
        show("0123456789abc");
        assertThat(RowText.logicalStart(screen, screen.cursorRow(), 9))
                .isEqualTo(screen.cursorRow() - 1);

        show("\\r\\e[Kx");
        assertThat(RowText.logicalStart(screen, screen.cursorRow(), 9))
                .as("a row that was emptied begins anew")
                .isEqualTo(screen.cursorRow());
    }

    @Test
    void rowsThatScrollAwayKeepTheirNumber() {
        show("first");
        long number = screen.cursorRow();
        show("\\r\\n".repeat(40));

        assertThat(RowText.of(screen, number)).isEqualTo("first");

        show("\\r\\n".repeat(20));
        assertThat(screen.row(number)).as("50 rows are kept").isNull();
    }

    @Test
    void insertsAndDeletesRowsInsideItsMargins() {
        show("\\e[H1\\r\\n2\\r\\n3\\r\\n4\\e[2;3r\\e[2;1H\\e[L");
        assertThat(rows()).isEqualTo("1||2|4|");

        show("\\e[M");
        assertThat(rows()).isEqualTo("1|2||4|");

        show("\\e[3;1H\\nx");
        assertThat(rows()).isEqualTo("1||x|4|");
    }

    @Test
    void aSmallerScreenKeepsTheCursorsRow() {
        show("one\\r\\ntwo");
        screen.resize(6, 2);

        assertThat(RowText.of(screen, screen.cursorRow())).isEqualTo("two");
        assertThat(screen.cursorRow()).isEqualTo(screen.lastRow());

        screen.resize(0, 0);
        assertThat(screen.columns()).as("an unknown size").isEqualTo(80);
    }

    @Test
    void greyTextIsFaintUntilTheColourChanges() {
        show("a\\e[38;5;240mb\\e[31mc\\e[2md\\e[0me\\e[90mf\\e[39mg");

        Row row = Objects.requireNonNull(screen.row(screen.cursorRow()));
        StringBuilder faint = new StringBuilder();
        for (int i = 0; i < 7; i++) {
            faint.append((row.cell(i) & Row.FAINT) == 0 ? '-' : 'f');
        }
        assertThat(faint).hasToString("-f-f-f-");
    }
}
