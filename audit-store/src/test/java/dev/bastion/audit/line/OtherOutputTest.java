package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Keys that went elsewhere, and output that came from elsewhere, do not change the line. */
class OtherOutputTest {

    private static final String BASH = "\\e[?2004hbash$ ";
    private static final String ACCEPTED = "\\r\\n\\e[?2004l\\r";

    private final Console console = new Console();

    private void learnPrompt() {
        console.prints(BASH).echoes("id").types("\\r").prints(ACCEPTED + BASH).waits(300);
    }

    @Test
    void keysThatAProgramTookOneByOneAreNoPartOfTheNextLine() {
        learnPrompt();
        console.echoes("top").types("\\r").prints(ACCEPTED + "\\e[H\\e[2Jtop - 17:00 up 1 day");
        console.waits(300).types("h").types("q").prints("\\r\\n" + BASH);
        console.waits(400).echoes("pwd").types("\\r").prints(ACCEPTED).lines.close();

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND top", "NO_ECHO ", "COMMAND pwd");
        assertThat(console.keystrokes()).last().isEqualTo("pwd");
    }

    @Test
    void keysBeforeASlowPromptAreNoPartOfTheLineEither() {
        learnPrompt();
        console.echoes("top").types("\\r").prints(ACCEPTED + "top - 17:00 up 1 day");
        console.waits(300).types("q").types("pwd").types("\\r");
        console.prints("\\e[H\\e[2J" + BASH + "pwd" + ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND top", "COMMAND pwd");
    }

    @Test
    void anAbortThatNobodyAnswersShiftsNothing() {
        learnPrompt();
        console.types("\\003").types("\\e[A").prints("make test").types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND make test");
    }

    @Test
    void aLineBeforeAnAbortThatNeverReachedTheEditorIsNotTheAbortedOne() {
        learnPrompt();
        console.types("lost\\r").echoes("sleep 9").types("\\003").prints("^C" + ACCEPTED + BASH);

        assertThat(console.told()).containsExactly("COMMAND id", "NO_ECHO ");
    }

    @Test
    void whatAJobPrintsBehindTheLineIsNoPartOfIt() {
        learnPrompt();
        console.echoes("sleep 9").prints("JOB OUT\\r\\n").types("\\r").prints(ACCEPTED + BASH);
        console.waits(300).prints("JOB OUT\\r\\n").waits(300).types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND sleep 9");
    }

    @Test
    void aPromptThatAJobPrintedBehindStillStands() {
        console.prints("$ ").echoes("id").types("\\r").prints("\\r\\n$ ").waits(300);
        console.prints("JOB OUT\\r\\n")
                .waits(300)
                .echoes("ls")
                .types("\\r")
                .prints("\\r\\na\\r\\n$ ");
        console.waits(300).echoes("pwd").types("\\r").prints("\\r\\n/\\r\\n$ ").lines.close();

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND ls", "COMMAND pwd");
    }

    @Test
    void aLineTypedAheadIsToldWhenTheEditorShowsItAndNotBefore() {
        learnPrompt();
        console.echoes("sleep 1").types("\\r").prints(ACCEPTED).waits(100);
        console.echoes("ls").types("\\r").prints("\\r\\n");
        console.echoes("pwd").types("\\r").prints("\\r\\n");
        console.prints(
                BASH + "ls\\e[?2004l\\r\\r\\na\\r\\n" + BASH + "pwd\\e[?2004l\\r\\r\\n/\\r\\n");

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND sleep 1", "COMMAND ls", "COMMAND pwd");
    }

    @Test
    void keysThatAnEditorReadAndDidNotShowAreNotKept() {
        learnPrompt();
        console.types("hunter2\\r").prints("ls -l" + ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND ls -l");
        assertThat(console.decided.toString()).doesNotContain("hunter2");
    }

    @Test
    void aMarkIsTakenWithItsCharacterWhereTheEditorDoesSo() {
        console.prints(BASH).echoes("e\u0301te\u0301").types("\\177\\177x");
        console.prints("\\b\\e[K\\b\\e[Kx").types("\\r").prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND e\u0301x");
    }

    @Test
    void aContinuationPromptOfPythonTakesCommands() {
        console.prints(">>> ").echoes("if 1:").types("\\r").prints("\\r\\n... ").waits(300);
        console.echoes(" a()").types("\\r").prints("\\r\\n... ").lines.close();

        assertThat(console.told()).containsExactly("COMMAND if 1:", "COMMAND  a()");
    }

    @Test
    void anEnterThatTookASearchIsNoPartOfTheNextBlock() {
        learnPrompt();
        console.types("\\e[A").prints("id").types("\\r").types("\\r").prints(ACCEPTED + BASH);
        console.echoes("if a").types("\\r").prints("\\r\\n").echoes("b").types("\\r");
        console.prints(ACCEPTED + BASH).waits(300).types("x");

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND id", "COMMAND if a\nb");
    }

    @Test
    void aPromptBetweenTheKeysOfALineThatTheTerminalKeptIsNoPartOfIt() {
        console.prints("dash$ ")
                .waits(300)
                .echoes("id")
                .types("\\r")
                .prints("\\r\\ndash$ ")
                .waits(300);
        console.echoes("pwd").types("\\r").prints("\\r\\n").waits(60);
        console.echoes("echo o")
                .prints("dash$ ")
                .echoes("ne")
                .types("\\r")
                .prints("\\r\\none\\r\\ndash$ ");

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND pwd", "COMMAND echo one");
    }

    @Test
    void anEnterThatIsAnsweredByAPromptAloneDoesNotTakeTheRowOfARecalledLine() {
        learnPrompt();
        console.types("\\r").prints("\\r\\n" + BASH).types("\\e[A").prints("id -u").types("\\r");
        console.prints(ACCEPTED + BASH);

        assertThat(console.told()).containsExactly("COMMAND id", "COMMAND id -u");
        assertThat(console.decided).extracting(DecidedLine::enters).containsExactly(1L, 3L);
    }
}
