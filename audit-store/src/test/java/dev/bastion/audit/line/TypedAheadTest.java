package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A terminal echoes what is typed while a program works. If a prompt that does not echo takes it
 * later it may be a secret, and looks almost like what a program asked for and showed.
 */
class TypedAheadTest {

    private static final String BASH = "\\e[?2004hbash$ ";
    private static final String ACCEPTED = "\\r\\n\\e[?2004l\\r";

    private final Console console = new Console();

    private void runs(Shell shell, String command) {
        shell.runs(console, command);
    }

    private void begins(Shell shell) {
        shell.begins(console);
    }

    private static Stream<Arguments> secretsTypedAhead() {
        return Stream.of(Shell.values())
                .flatMap(shell ->
                        Stream.of(
                                        "",
                                        "50% ",
                                        "Loading... ",
                                        "[####    ] ",
                                        "#####",
                                        "(1/3) # ",
                                        "a -> ",
                                        "Fetching: ",
                                        "olga$ ",
                                        "web: 7%")
                                .flatMap(place ->
                                        Stream.of(
                                                        "Password: ",
                                                        "Kennwort: ",
                                                        "Heslo:",
                                                        "パスワード：",
                                                        "token> ")
                                                .flatMap(asks ->
                                                        Stream.of(
                                                                        "\\r\\n",
                                                                        "\\r\\nok\\r\\n",
                                                                        "",
                                                                        "ok\\r\\n")
                                                                .map(end ->
                                                                        Arguments.of(
                                                                                shell, place, asks,
                                                                                end)))));
    }

    @ParameterizedTest
    @MethodSource("secretsTypedAhead")
    void aSecretThatAPromptTookLaterIsNotKept(Shell shell, String place, String asks, String end) {
        begins(shell);
        runs(shell, "install");
        console.prints(place).waits(300);
        console.echoes("hunter2").types("\\r").prints("\\r\\n").waits(900);
        console.prints("more\\r\\n").waits(300).prints(asks).prints(end + shell.prompt).waits(900);
        runs(shell, "pwd");
        console.prints("/\\r\\n" + shell.prompt).lines.close();

        assertThat(console.told()).contains("COMMAND install", "COMMAND pwd");
        assertThat(console.told()).filteredOn(told -> told.startsWith("NO_ECHO")).hasSize(1);
        assertThat(console.decided.toString()).doesNotContain("hunter");
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void aSecretThatAPromptOfMoreThanARowTookLaterIsNotKept(Shell shell) {
        String asks = "Kennwort".repeat(10).substring(1) + ": ";
        begins(shell);
        runs(shell, "install");
        console.prints("Fetching: ").waits(300);
        console.echoes("hunter2").types("\r").prints("\r\n").waits(900);
        console.prints("more\r\n").waits(300).prints(asks).prints("\r\n" + shell.prompt).waits(900);
        runs(shell, "pwd");

        assertThat(console.told()).contains("COMMAND install", "COMMAND pwd");
        assertThat(console.decided.toString()).doesNotContain("hunter");
    }

    @Test
    void aSecretUnderAProgressThatIsDrawnOverItIsNotKept() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "install");
        console.prints("50% ").echoes("hunter2").prints("\\r51% ").types("\\r").prints("\\r\\n");
        console.waits(300).prints("Enter PEM\\r\\n" + BASH).waits(900);
        runs(Shell.EDITOR, "pwd");

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND install", "NO_ECHO ", "COMMAND pwd");
    }

    @Test
    void ofTwoAnswersTypedAtOnceTheOneThatWasNotAskedForIsNotKept() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "login");
        console.prints("Name: ").waits(900).types("olga\\rhunter2\\r");
        console.prints("olga\\r\\nhunter2\\r\\nKennwort: \\r\\n" + BASH).waits(900);
        runs(Shell.EDITOR, "pwd");

        assertThat(console.told()).contains("COMMAND login", "COMMAND pwd");
        assertThat(console.decided.toString()).doesNotContain("hunter");
    }

    /** The command line itself says what the screen does not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sleep 9; read -s X|''",
                "sleep 9; read -r -s -p 'Enter PEM' X|'Fetching: '",
                "sleep 9 && read -rsn 20 X|'50% '",
                "sleep 9; read --silent X|''",
                "stty -echo; head -1; stty echo|''",
                "python3 -c 'import getpass; getpass.getpass(\"\")'|''",
            })
    void aSecretThatWasTakenWithoutAWordIsNotKept(String command, String place) {
        for (Shell shell : Shell.values()) {
            Console screen = new Console();
            screen.prints(shell.prompt).waits(300);
            screen.echoes(command).types("\r").prints(shell.accepted);
            screen.prints(place).waits(300).echoes("hunter2").types("\r").prints("\r\n").waits(900);
            screen.prints(shell.prompt).waits(900);
            screen.echoes("pwd").types("\r").prints(shell.accepted).prints("/\r\n" + shell.prompt);
            screen.lines.close();

            assertThat(screen.told())
                    .containsExactly("COMMAND " + command, "NO_ECHO ", "COMMAND pwd");
            assertThat(screen.decided.toString()).doesNotContain("hunter");
        }
    }

    @Test
    void aSecretTypedBehindItsCommandBeforeEitherIsReadIsNotKept() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "make");
        console.waits(300).echoes("read -s X").types("\r").prints("\r\n");
        console.echoes("hunter2").types("\r").prints("\r\n").waits(900);
        console.prints(BASH).waits(20).prints("read -s X" + ACCEPTED).waits(900).prints(BASH);
        console.waits(900);
        runs(Shell.EDITOR, "pwd");

        assertThat(console.told())
                .containsExactly(
                        "COMMAND id",
                        "COMMAND make",
                        "COMMAND read -s X",
                        "NO_ECHO ",
                        "COMMAND pwd");
        assertThat(console.decided.toString()).doesNotContain("hunter");
    }

    /** What is answered at once was waited for, also where a secret may follow. */
    @Test
    void whatWasAskedForBeforeASecretIsKept() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "read -p 'Name: ' N; read -sp 'Kennwort: ' P");
        console.prints("Name: ").waits(900).echoes("olga").types("\r").prints("\r\n");
        console.prints("Kennwort: ").waits(900).types("hunter2\r").prints("\r\n" + BASH);
        console.waits(900);
        runs(Shell.EDITOR, "pwd");

        assertThat(console.told()).contains("INPUT olga", "NO_ECHO ");
    }

    /** What a program asked for, or seems to have waited for. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'Name: '|'Hello olga\\r\\n'",
                "'Name: '|''",
                "'Continue? [y/N] '|'Reading lists\\r\\nDone\\r\\n'",
                "''|'a row\\r\\n'",
                "''|''",
                "'(gdb) '|'a row\\r\\n'",
            })
    void whatWasAskedForIsKept(String asks, String answer) {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "program");
        console.prints(asks).waits(900).echoes("some words").types("\\r").prints("\\r\\n");
        console.prints(answer + BASH).waits(300);
        runs(Shell.EDITOR, "pwd");

        assertThat(console.told())
                .containsExactly(
                        "COMMAND id", "COMMAND program", "INPUT some words", "COMMAND pwd");
    }

    @Test
    void aPromptThatWaitsForItsOwnKeysTookNoneBefore() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "login");
        console.prints("Name: ").waits(900).echoes("olga").types("\\r").prints("\\r\\n");
        console.prints("Kennwort: ").waits(900).types("hunter2\\r").prints("\\r\\nok\\r\\n" + BASH);
        console.waits(900);
        runs(Shell.EDITOR, "pwd");

        assertThat(console.told())
                .containsExactly(
                        "COMMAND id", "COMMAND login", "INPUT olga", "NO_ECHO ", "COMMAND pwd");
    }

    @Test
    void aCommandTypedBeforeASilentPromptCameIsToldAsTheShellsEditorShowsIt() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "askpass");
        console.types("ls -l\r").prints("Password: \r\n").prints(BASH).prints("ls -l" + ACCEPTED);

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND askpass", "COMMAND ls -l");
        assertThat(console.keystrokes()).last().isEqualTo("ls -l");
    }

    @Test
    void whatAProgramReadBeforeTheOperatorEndedItIsKept() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "cat > notes");
        console.echoes("one").types("\\r").prints("\\r\\n").waits(50);
        console.echoes("two")
                .types("\\r")
                .prints("\\r\\n")
                .types("\\004")
                .prints("x: y\\r\\n" + BASH);
        console.waits(300);
        runs(Shell.EDITOR, "pwd");

        assertThat(console.told()).contains("INPUT one", "INPUT two");
    }

    @Test
    void anAnsweredLineIsToldBeforeTheProgramEnds() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "bc");
        console.waits(900).echoes("1+2").types("\\r").prints("\\r\\n3\\r\\n");
        assertThat(console.told()).doesNotContain("INPUT 1+2");
        console.waits(600).types("4");

        assertThat(console.told()).endsWith("INPUT 1+2");
    }

    @Test
    void aShellInsideWhosePromptIsNotKnownHasCommands() {
        begins(Shell.EDITOR);
        runs(Shell.EDITOR, "su");
        console.prints("# ").waits(900).echoes("id").types("\\r").prints("\\r\\nroot\\r\\n# ");
        console.waits(900).echoes("ls").types("\\r").prints("\\r\\n").waits(50);

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND su", "COMMAND id", "COMMAND ls");
    }
}
