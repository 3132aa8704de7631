package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A shell that is slow, or a slow line: what it shows belongs to a line of some time ago. */
class SlowLineTest {

    private static final String BASH = "\\e[?2004hbash$ ";
    private static final String ACCEPTED = "\\r\\n\\e[?2004l\\r";

    private final Console console = new Console();

    private void runs(String command) {
        console.prints(BASH).waits(300).echoes(command).types("\\r").prints(ACCEPTED);
    }

    private void shows(String command) {
        console.prints(BASH + command + ACCEPTED);
    }

    @Test
    void aRecalledLineTypedAheadIsNotToldForTheNextOne() {
        runs("id");
        runs("sleep 1");
        console.types("\\e[A -u\\r").prints("^[[A -u\\r\\n").types("pwd\\r");
        shows("id -u");
        console.prints("pwd\\r\\n");
        shows("pwd");

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND sleep 1", "COMMAND id -u", "COMMAND pwd");
    }

    @Test
    void whatAShellShowsAgainIsNotToldForTheNextOne() {
        runs("id");
        runs("sleep 1");
        console.prints("bash$ sleep 1\\r\\n");
        console.types("ls a\\r").prints("ls a\\r\\n").types("ls b\\r").prints("ls b\\r\\n");
        shows("ls a");
        shows("ls b");

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND sleep 1", "COMMAND ls a", "COMMAND ls b");
    }

    @Test
    void aLineOfWhichAProgramTookTheFirstKeysIsNotToldForTheNextOne() {
        runs("id");
        runs("top");
        console.types("qecho a\\r").types("\\e[A -d\\r");
        shows("echo a");
        shows("top -d");

        assertThat(console.told())
                .containsExactly("COMMAND id", "COMMAND top", "COMMAND echo a", "COMMAND top -d");
    }

    @Test
    void aLineTypedBeforeTheEndOfAFullScreenProgramWasSeenIsTold() {
        answersAfter150Milliseconds();
        console.types("i\\r").waits(150).prints("i" + ACCEPTED + "\\e[?1049h~").waits(500);
        console.types(":q\\r").waits(60).types("echo after\\r").waits(60).prints("\\e[?1049l");
        shows("echo after");

        assertThat(console.told())
                .containsExactly("COMMAND vi", "FULLSCREEN ", "COMMAND echo after");
        assertThat(console.keystrokes()).last().isEqualTo("[not echoed: 8-15 keys]");
    }

    @Test
    void theEnterThatEndsAFullScreenProgramIsNoLine() {
        answersAfter150Milliseconds();
        console.types("i\\r").waits(150).prints("i" + ACCEPTED + "\\e[?1049h~").waits(500);
        console.types(":q\\r").waits(150).prints("\\e[?1049l" + BASH).waits(300);
        console.types("\\e[A").waits(150).prints("vi").types("\\r").waits(150).prints(ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND vi", "FULLSCREEN ", "COMMAND vi");
        assertThat(console.decided).extracting(DecidedLine::enters).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aLineThatAShellInsideTheFullScreenProgramWasToldForIsNotToldTwice() {
        answersAfter150Milliseconds();
        console.types("i\\r").waits(150).prints("i" + ACCEPTED + "\\e[?1049h\\e[Hbash$ ");
        console.echoes("exit").types("\\r").types("ls\\r").prints("\\e[?1049l");
        shows("ls");

        assertThat(console.told())
                .containsExactly("COMMAND vi", "COMMAND exit", "FULLSCREEN ", "COMMAND ls");
        assertThat(console.decided).extracting(DecidedLine::enters).containsExactly(1L, 2L, 3L, 3L);
    }

    private void answersAfter150Milliseconds() {
        console.prints(BASH).waits(300).types("v").waits(149).prints("v");
    }
}
