package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Short plays of shells, and the lines that are told of them. */
class CommandLinesTest {

    private static final String BASH = "\\e[?2004hbash$ ";
    private static final String ACCEPTED = "\\r\\n\\e[?2004l\\r";

    private final Console console = new Console();

    @Test
    void aTypedCommandIsToldWhenTheEditorLetsGo() {
        console.prints(BASH).echoes("ls -l").types("\\r");
        assertThat(console.decided).as("not when Enter is typed").isEmpty();

        console.prints(ACCEPTED);
        assertThat(console.told()).containsExactly("COMMAND ls -l");
        DecidedLine line = console.decided.getFirst();
        assertThat(line.prompt()).isEqualTo("bash$ ");
        assertThat(line.keystrokes()).isEqualTo("ls -l");
        assertThat(line.source()).isEqualTo(DecidedLine.Source.BOTH);
        assertThat(line.confidence()).isEqualTo(1.0);
        assertThat(line.enters()).isEqualTo(1);
    }

    @Test
    void aRecalledCommandIsReadOffTheScreen() {
        console.prints(BASH).types("\\e[A").prints("make test").types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND make test");
        assertThat(console.decided.getFirst().source()).isEqualTo(DecidedLine.Source.SCREEN);
        assertThat(console.keystrokes()).containsExactly("^[[A");
    }

    @Test
    void completionIsReadOffTheScreen() {
        console.prints(BASH).echoes("cat no").types("\\t").prints("tes.txt ").types("\\r");
        console.prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND cat notes.txt");
    }

    @Test
    void aListOfCompletionsIsNoPartOfTheLine() {
        console.prints(BASH).echoes("cat n").types("\\t\\t");
        console.prints("\\r\\nnew notes\\r\\nbash$ cat n")
                .echoes("ew")
                .types("\\r")
                .prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND cat new");
    }

    @Test
    void aLineThatWrapsIsOneLine() {
        String command = "echo 0123456789 0123456789 0123456789 0123456789";
        console.prints(BASH).types("\\e[A").prints(command).types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND " + command);
    }

    @Test
    void aRightPromptIsNoPartOfTheLine() {
        console.prints("\\e[?2004hfish> \\e[35G12:01\\e[7G").types("\\e[A");
        console.prints("make all\\e[35G12:02\\e[15G").types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND make all");
    }

    @Test
    void aSuggestionThatWasNotTakenIsNoPartOfTheLine() {
        console.prints("\\e[?2004hfish> ").types("git ");
        console.prints("git \\e[90mpush --force\\e[39m").types("\\e[D\\e[C\\t").types("\\r");
        console.prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND git ");
    }

    @Test
    void whatReadDoesNotEchoIsNotKept() {
        console.prints(BASH).echoes("read -s X").types("\\r").prints(ACCEPTED);
        console.waits(300).types("hunter2").types("\\r").prints("\\r\\n" + BASH);
        console.waits(300).echoes("id").types("\\r").prints(ACCEPTED).lines.close();

        assertThat(console.told()).containsExactly("COMMAND read -s X", "NO_ECHO ", "COMMAND id");
        assertThat(console.decided.toString())
                .doesNotContain("hunter2")
                .contains("[not echoed: 1-7");
    }

    @Test
    void aPasswordIsNotKeptAndNeitherIsOneShownAsStars() {
        console.prints("$ ").echoes("sudo id").types("\\r").prints("\\r\\nPassword: ");
        console.waits(300).types("hunter2").prints("*******").types("\\r").prints("\\r\\n$ ");
        console.waits(300).echoes("id").types("\\r").prints("\\r\\n").lines.close();

        assertThat(console.told()).containsExactly("COMMAND sudo id", "NO_ECHO ", "COMMAND id");
        assertThat(console.decided.toString()).doesNotContain("hunter2");
    }

    @Test
    void aPasswordTypedBeforeItsPromptIsNotKept() {
        console.prints("$ ").echoes("su").types("\\r").prints("\\r\\n");
        console.echoes("hunter2").prints("Password: ").types("\\r").prints("\\r\\n$ ");
        console.waits(500).types("x").lines.close();

        assertThat(console.decided.toString()).doesNotContain("hunter2");
    }

    @Test
    void aPasswordEnteredBeforeItsPromptIsNotKept() {
        console.prints("$ ").echoes("su").types("\\r").prints("\\r\\n");
        console.echoes("hunter2").types("\\r").prints("\\r\\n").prints("Password: ");
        console.prints("\\r\\n$ ").waits(500).types("x").lines.close();

        assertThat(console.told()).startsWith("COMMAND su", "NO_ECHO ");
        assertThat(console.decided.toString()).doesNotContain("hunter2");
    }

    @Test
    void aSecretThatWasAbortedDoesNotReachTheNextLinesKeystrokes() {
        console.prints("$ ").echoes("su").types("\\r").prints("\\r\\nPassword: ");
        console.waits(300).types("hunter2\\3").prints("^C\\r\\n$ ");
        console.waits(300).echoes("id").types("\\r").prints("\\r\\n").lines.close();

        assertThat(console.told()).containsExactly("COMMAND su", "COMMAND id");
        assertThat(console.decided.toString()).doesNotContain("hunter2");
    }

    @Test
    void whatAProgramEchoesIsInput() {
        console.prints("$ ").echoes("ask").types("\\r").prints("\\r\\nYour name: ");
        console.waits(300).echoes("Alice").types("\\r").prints("\\r\\nHello\\r\\n$ ");
        console.waits(300).echoes("id").types("\\r").prints("\\r\\n").lines.close();

        assertThat(console.told()).containsExactly("COMMAND ask", "INPUT Alice", "COMMAND id");
    }

    @Test
    void aCommandTypedAheadIsToldWhenTheShellShowsIt() {
        console.prints(BASH).echoes("sleep 1").types("\\r").prints(ACCEPTED);
        console.types("id\\r").prints("id\\r\\n");
        assertThat(console.told()).containsExactly("COMMAND sleep 1");

        console.prints(BASH + "id" + ACCEPTED);
        assertThat(console.told()).containsExactly("COMMAND sleep 1", "COMMAND id");
    }

    @Test
    void commandsTypedAheadOfACookedShellAreToldByItsPrompts() {
        console.prints("$ ").echoes("sleep 1").types("\\r").prints("\\r\\n");
        console.types("id\\rls\\r").prints("id\\r\\nls\\r\\n").prints("$ uid=0\\r\\n$ ");
        console.waits(300).types("x").lines.close();

        assertThat(console.told()).startsWith("COMMAND sleep 1", "COMMAND id");
    }

    @Test
    void anAbortedLineIsNoCommand() {
        console.prints(BASH).echoes("rm -rf /").types("\\3").prints("^C\\e[?2004l\\r\\n" + BASH);
        console.echoes("id").types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND id");
    }

    @Test
    void theExpandedCommandIsToldOfHistory() {
        console.prints(BASH).echoes("!! now").types("\\r").prints(ACCEPTED);
        assertThat(console.decided).isEmpty();

        console.prints("shutdown now\\r\\n");
        assertThat(console.told()).containsExactly("COMMAND shutdown now");
    }

    @Test
    void keysInAFullScreenProgramAreCounted() {
        console.prints(BASH).echoes("vi").types("\\r").prints(ACCEPTED + "\\e[?1049h\\e[H~");
        console.types("isecret\\e:wq\\r").prints("\\e[?1049l" + BASH);

        assertThat(console.told()).containsExactly("COMMAND vi", "FULLSCREEN ");
        assertThat(console.decided.toString()).doesNotContain("secret").contains("[11 keys]");
    }

    @Test
    void aShellInsideAFullScreenProgramIsToldByItsPrompt() {
        console.prints(BASH).echoes("tmux").types("\\r").prints(ACCEPTED + "\\e[?1049h\\e[Hbash$ ");
        console.echoes("whoami").types("\\r").prints("\\r\\nroot\\r\\nbash$ ");

        assertThat(console.told()).containsExactly("COMMAND tmux", "COMMAND whoami");
    }

    @Test
    void aBracketedPasteIsOneBlock() {
        console.prints(BASH).types("\\e[200~echo a\\recho b\\e[201~").prints("echo a\\r\\necho b");
        console.types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND echo a\necho b");
    }

    @Test
    void outputInTheMiddleOfALineIsNoPartOfIt() {
        console.prints("$ ").echoes("echo one").types("\\r").prints("\\r\\none\\r\\n$ ");
        console.waits(300).echoes("echo t").prints("JOB OUT\\r\\n").echoes("wo").types("\\r");
        console.prints("\\r\\n");

        assertThat(console.told()).containsExactly("COMMAND echo one", "COMMAND echo two");
    }

    @Test
    void theShellsOwnMarksTellWhereTheLineBegins() {
        console.prints("\\e]133;A\\7any prompt whatever\\e]133;B\\7").types("\\e[A").prints("make");
        console.types("\\r").prints("\\r\\n\\e]133;C\\7");

        assertThat(console.told()).containsExactly("COMMAND make");
    }

    @Test
    void anAnswerThatComesLateChangesNothing() {
        console.prints(BASH).types("l").types("s").types("\\r").waits(400);
        console.prints("l").prints("s").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND ls");
    }

    @Test
    void whatWaitsIsToldAtTheEnd() {
        console.prints("$ ").types("id\\r").lines.close();
        console.lines.close();

        assertThat(console.told()).containsExactly("NO_ECHO ");
    }
}
