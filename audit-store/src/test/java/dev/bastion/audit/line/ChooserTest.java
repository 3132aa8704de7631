package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the screen shows, what the keys say, and what is chosen. */
class ChooserTest {

    private static final int COLUMNS = 40;

    private final Edit edit = new Edit(1, true, new Screen(COLUMNS, 5));

    private static Reading reading(String shown) {
        return new Reading(shown, shown, "$ ", "$ ", Reading.Start.ANCHOR);
    }

    /** A tilde stands for a key of which only the host knows what it did. */
    private static TypedLine typed(String keys, boolean echoed) {
        TypedLine line = new TypedLine();
        for (int point : keys.translateEscapes().codePoints().toArray()) {
            if (point == '~') {
                line.edit(EditKey.UNKNOWN, "\t", false);
            } else {
                line.text(point, false);
                if (echoed) {
                    line.shown(point);
                }
            }
        }
        return line;
    }

    private static String said(Choice choice) {
        return switch (choice) {
            case Choice.Text text -> text.source() + " " + text.text();
            case Choice.NotShown _ -> "not shown";
            case Choice.Nothing _ -> "nothing";
            case Choice.Wait _ -> "wait";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ls -l   | ls -l          | false | BOTH ls -l",
                "gco x   | git checkout x | false | SCREEN git checkout x",
                "no~     | notes.txt      | false | SCREEN notes.txt",
                "hunter2 | ''             | false | not shown",
                "hunter2 | *******        | false | not shown",
                "hunter2 | •••            | false | not shown",
                "''      | ''             | false | nothing",
                "~       | ''             | false | nothing",
                "abc~    | ''             | true  | nothing",
                "ls      | 'l\nJOB\ns'    | true  | TYPED ls",
                "cafe\u0301 x | cafe x    | true  | TYPED cafe\u0301 x",
                "echo 0123456789 0123456789 | <456789 0123456789 | true | TYPED echo 0123456789 0123456789",
                "echo 0123456789 0123456789 | cho 0123456789 0123456789 | true | SCREEN cho 0123456789 0123456789",
            })
    void whenAnEditorLetsGo(String keys, String shown, boolean echoed, String chosen) {
        Choice choice = Chooser.inEditor(reading(shown), typed(keys, echoed), edit, COLUMNS);

        assertThat(said(choice)).isEqualTo(chosen);
    }

    @Test
    void blanksAtTheEndComeFromTheKeysAndAResizedRowIsNotTrusted() {
        assertThat(said(Chooser.inEditor(reading("ls"), typed("ls  ", true), edit, COLUMNS)))
                .isEqualTo("BOTH ls  ");

        edit.resized = true;
        assertThat(said(Chooser.inEditor(reading("ls -"), typed("ls -la", true), edit, COLUMNS)))
                .isEqualTo("TYPED ls -la");
    }

    @Test
    void theEndOfALineThatAJobMovedOverItsBeginIsNotAllOfIt() {
        String shown = "JOB OUT\nev/nullone two three > /d";
        edit.otherOutput = true;

        assertThat(
                        said(
                                Chooser.inEditor(
                                        reading(shown),
                                        typed("echo one two three > /dev/null", true),
                                        edit,
                                        COLUMNS)))
                .isEqualTo("TYPED echo one two three > /dev/null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ls      | ls        | $ ls          | true  | BOTH ls",
                "ls      | other     | other output  | false | wait",
                "ls      | other     | outputls      | false | BOTH ls",
                "hunter2 | ''        | Password:     | false | not shown",
                "hunter2 | *******   | Pass: ******* | false | not shown",
                "''      | ''        | $             | false | nothing",
                "''      | output    | output        | false | wait",
                "~       | make      | $ make        | false | SCREEN make",
                "echo    | 'ec#ho#'  | 'ec#ho#'      | true  | TYPED echo",
                "echo    | 'ec#ho#'  | 'ec#ho#'      | false | wait",
            })
    void atALineFeed(String keys, String shown, String row, boolean echoed, String chosen) {
        Choice choice =
                Chooser.onPlainTerminal(reading(shown), row, row, typed(keys, echoed), COLUMNS);

        assertThat(said(choice)).isEqualTo(chosen);
    }

    @Test
    void onlyWhatStandsThereExactlyFitsSurely() {
        assertThat(Chooser.fitsSurely(reading("ls"), typed("ls", true))).isTrue();
        assertThat(Chooser.fitsSurely(reading("ls -l"), typed("ls", true))).isFalse();
        assertThat(Chooser.fitsSurely(reading(""), typed("", true))).isFalse();
        assertThat(Chooser.fitsSurely(reading("ls"), typed("ls~", true))).isFalse();
    }
}
