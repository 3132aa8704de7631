package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A paste of many lines comes in pieces. What comes while an editor reads is not echoed by the
 * terminal but shown by the editor, later; what comes while a command runs is echoed at once,
 * before that.
 */
class PastedLinesTest {

    /** More than a person types ahead. */
    private static final int PASTED = 20;

    private static final int SECRET = 7;
    private static final int ECHOED = 14;

    private final Console console = new Console();

    @ParameterizedTest
    @EnumSource(Shell.class)
    void linesOfAPasteWhoseLaterOnesAreEchoedFirstAreCommands(Shell shell) {
        shell.begins(console);
        pastesInPieces(shell, lines(1, PASTED, "\\r"), lines(ECHOED, PASTED, "\\r\\n"));
        IntStream.rangeClosed(2, PASTED).forEach(i -> takes(shell, "say line-" + i));

        assertThat(console.told()).isEqualTo(firstAnd(PASTED));
        assertThat(console.keystrokes()).doesNotContain("[not echoed: 8-15 keys]");
    }

    /** One of them is a secret, which a program takes without a word. */
    @ParameterizedTest
    @EnumSource(Shell.class)
    void theLineOfAPasteThatNoEditorShowsIsNotKept(Shell shell) {
        shell.begins(console);
        pastesInPieces(shell, lines(1, PASTED, "\\r"), lines(ECHOED, PASTED, "\\r\\n"));
        IntStream shown = IntStream.rangeClosed(2, PASTED).filter(i -> i != SECRET);
        shown.forEach(i -> takes(shell, "say line-" + i));

        assertThat(console.told()).contains("NO_ECHO ", "COMMAND say line-" + (SECRET + 1));
        assertThat(console.told()).doesNotContain("COMMAND say line-" + SECRET).hasSize(PASTED + 1);
        assertThat(console.keystrokes()).doesNotContain("say line-" + SECRET);
    }

    /** The first of two that are the same is shown while the other one still waits. */
    @ParameterizedTest
    @EnumSource(Shell.class)
    void ofLinesOfAPasteThatAreTheSameTheFirstIsTakenFirst(Shell shell) {
        shell.begins(console);
        String same = "say line-3";
        pastesInPieces(
                shell, lines(1, PASTED, "\\r") + same + "\\r", lines(ECHOED, PASTED, "\\r\\n"));
        IntStream.rangeClosed(2, PASTED).forEach(i -> takes(shell, "say line-" + i));
        takes(shell, same);

        assertThat(console.told()).isEqualTo(firstAnd(PASTED, "COMMAND " + same));
    }

    /**
     * The first command's output and the next prompt come into the echo of later lines. The prompt
     * is not counted there, so that the last line is one for which none is left.
     */
    @Test
    void linesOfAPasteWhoseEchoAPromptComesIntoAreCommands() {
        Shell.PLAIN.begins(console);
        console.types(lines(1, PASTED, "\\r"));
        console.prints("say line-1\\r\\n" + lines(2, ECHOED, "\\r\\n") + "say l");
        console.prints("line-1\\r\\nine-" + (ECHOED + 1) + "\\r\\nsay " + Shell.PLAIN.prompt);
        console.prints("line-" + (ECHOED + 2) + "\\r\\n");
        console.prints(lines(ECHOED + 3, PASTED, "\\r\\n"));
        IntStream.rangeClosed(2, PASTED)
                .forEach(i -> console.prints("line-" + i + "\\r\\n" + Shell.PLAIN.prompt));
        console.waits(900);
        Shell.PLAIN.runs(console, "pwd");

        assertThat(console.told()).isEqualTo(firstAnd(PASTED - 1, "NO_ECHO ", "COMMAND pwd"));
    }

    /** What stands left of the key is no prompt, however long the editor rests there. */
    @Test
    void aKeyWhileAnEditorShowsALineOfAPasteChangesNothing() {
        Shell.EDITOR.begins(console);
        pastesInPieces(Shell.EDITOR, lines(1, PASTED, "\\r"), lines(ECHOED, PASTED, "\\r\\n"));
        console.prints("say li").waits(300).types("pwd\\r");
        takes(Shell.EDITOR, "ne-2");
        IntStream.rangeClosed(3, PASTED).forEach(i -> takes(Shell.EDITOR, "say line-" + i));
        takes(Shell.EDITOR, "pwd");

        assertThat(console.told()).isEqualTo(firstAnd(PASTED, "COMMAND pwd"));
    }

    /** The first command, so many lines of the paste, and these. */
    private static List<String> firstAnd(int lines, String... more) {
        List<String> told = new ArrayList<>(List.of("COMMAND id"));
        IntStream.rangeClosed(1, lines).forEach(i -> told.add("COMMAND say line-" + i));
        told.addAll(List.of(more));
        return told;
    }

    /** All is typed; of what comes behind the first line the terminal echoes this. */
    private void pastesInPieces(Shell shell, String typed, String echoed) {
        console.types(typed);
        console.prints("say line-1" + shell.accepted + echoed);
        console.prints("line-1\\r\\n" + shell.prompt);
    }

    /** The shell shows the line that it takes, and runs it. */
    private void takes(Shell shell, String command) {
        console.prints(
                command
                        + shell.accepted
                        + command.replaceFirst("^say ", "")
                        + "\\r\\n"
                        + shell.prompt);
    }

    private static String lines(int from, int to, String end) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i -> "say line-" + i + end)
                .collect(Collectors.joining());
    }
}
