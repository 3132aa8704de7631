package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shells inside a program that has the whole screen, on links fast and slow. */
class NestedShellTest {

    private static final String INNER = "inner$ ";

    /** The last row above the line at the bottom, and how tmux begins another below it. */
    private static final String LAST_ROW = "\\e[11;1H" + INNER;

    /** The same when two are to come at once. */
    private static final String SCROLLED_TWICE = "\\e[1;11r\\e[1;1H\\e[2S\\e[10d";

    private static final String SCROLLED = "\\e[1;11r\\e[11;1H\\n\\e[K\\e[1;12r\\e[11;1H";

    private final Console console = new Console();

    /** A line was typed inside, so that something is known of its prompt. */
    @BeforeEach
    void begin() {
        console.prints("\\e[?2004houter$ ").echoes("tmux").types("\\r");
        console.prints("\\r\\n\\e[?2004l\\r\\e[?1049h\\e[H" + INNER).waits(300);
        console.echoes("id").types("\\r").prints("\\r\\nolga\\r\\n" + INNER).waits(300);
        assertThat(told()).isEqualTo(List.of("COMMAND id"));
    }

    /** What was told after the program had begun; its own line apart. */
    private List<String> told() {
        List<String> told = new ArrayList<>(console.told());
        assertThat(told.removeFirst()).isEqualTo("COMMAND tmux");
        return told;
    }

    private List<String> toldAfter() {
        List<String> told = told();
        assertThat(told.removeFirst()).isEqualTo("COMMAND id");
        return told;
    }

    @Test
    void aLineThatIsShownIsToldWhenItIsEntered() {
        console.echoes("ls -l").types("\\r");

        assertThat(toldAfter()).containsExactly("COMMAND ls -l");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\r\\n", SCROLLED, SCROLLED_TWICE, "\\e[4;1H"})
    void aLineThatIsShownLaterIsToldThen(String below) {
        console.prints(below.startsWith("\\e[1;11r") ? LAST_ROW : "").waits(300);
        console.types("ls -l /etc").types("\\r");
        assertThat(toldAfter()).isEmpty();

        console.prints("ls -l /etc").prints(below).prints("hosts\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND ls -l /etc");
        assertThat(console.keystrokes()).endsWith("ls -l /etc");
        assertThat(console.decided.getLast().prompt()).isEqualTo(INNER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\r\\n", SCROLLED, SCROLLED_TWICE})
    void whatAShellMadeOfKeysThatEditIsTold(String below) {
        console.prints(below.startsWith("\\e[1;11r") ? LAST_ROW : "").waits(300);
        console.types("\\e[A").prints("id").types(" -u").types("\\r");
        assertThat(toldAfter()).isEmpty();

        console.prints(" -u").prints(below).prints("0\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND id -u");
    }

    @Test
    void linesThatWereTypedAheadAreToldAsTheyAreShown() {
        console.types("sleep 1\\r").types("echo two\\r").types("\\e[A\\r");
        console.prints("sleep 1\\r\\n" + INNER).waits(900);
        console.prints("echo two\\r\\ntwo\\r\\n" + INNER).prints("echo two\\r\\ntwo\\r\\n" + INNER);

        assertThat(toldAfter())
                .containsExactly("COMMAND sleep 1", "COMMAND echo two", "COMMAND echo two");
    }

    @Test
    void whatIsNotShownIsNotTold() {
        console.types("sudo ls\\r").prints("sudo ls\\r\\nPassword: ").waits(300);
        console.types("hunter2\\r").prints("\\r\\nfile\\r\\n" + INNER).waits(900);
        console.types("pwd\\r").prints("pwd\\r\\n/\\r\\n" + INNER);
        console.prints("\\e[?1049l\\e[?2004houter$ ").lines.close();

        assertThat(toldAfter()).containsExactly("COMMAND sudo ls", "COMMAND pwd", "FULLSCREEN ");
        assertThat(console.decided.toString()).doesNotContain("hunter");
    }

    /** It is the tail of what was typed, since something took the first keys one by one. */
    @Test
    void aLineBehindKeysThatAPagerTookIsTold() {
        console.echoes("less x").types("\\r").prints("\\r\\ntext\\r\\n:").types(" ").types("q");
        console.prints("\\r\\e[K" + INNER).waits(300).types("pwd").prints("pwd").types("\\r");
        console.prints("\\r\\n/\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND less x", "COMMAND pwd");
    }

    /** The first keys come before the prompt does, and are the line's. */
    @Test
    void aLineWhoseFirstKeysCameBeforeThePromptIsTold() {
        console.echoes("sleep 1").types("\\r").prints("\\r\\n").types("pw").prints(INNER);
        console.types("d").prints("pw").types("\\r").prints("d\\r\\n/\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND sleep 1", "COMMAND pwd");
    }

    @Test
    void aLiveHistoryReferenceIsToldAsWhatItBecame() {
        console.types("echo !!\\r").prints("echo !!\\r\\necho id\\r\\nid\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND echo id");
    }

    /** The line at the bottom is drawn while the echo is on its way. */
    @Test
    void aStatusLineEndsNoLine() {
        console.types("\\e[A\\r").prints("i").prints("\\e[12;1H[0] sh 12:00\\e[3;9H");
        assertThat(toldAfter()).isEmpty();

        console.prints("d\\r\\nolga\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND id");
    }

    @Test
    void linesThatGoOnBelowACommandAreTold() {
        console.echoes("for i in 1").types("\\r").prints("\\r\\n> ").waits(300);
        console.types("do id; done\\r").prints("do id; done\\r\\nolga\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND for i in 1", "COMMAND do id; done");
    }

    /** So that much output costs no more for it, a line that is not shown is given up. */
    @ParameterizedTest
    @ValueSource(strings = {"x\\e[m", "x\\r\\n", "\\e[Hx\\e[2;3H"})
    void linesAreNotLookedForInAllThatAProgramPrints(String piece) {
        console.types("a line that no host shows\\r".repeat(300));
        assertThat(console.nothings).hasSizeLessThan(300);

        for (int i = 0; i < 400; i++) {
            console.prints(piece.repeat(1_000));
        }

        assertThat(console.nothings).hasSize(300);
    }

    /** An editor begins the next row of a comment by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"# ", "## ", "> ", "  # ", " * # "})
    void whatStandsBehindTheMarkOfACommentInAnEditorIsNoLine(String mark) {
        console.echoes("vi").types("\\r").prints("\\r\\n\\e[H\\e[2J" + mark).waits(300);
        console.echoes("password: hunter2").types("\\r").prints("\\r\\n" + mark).waits(300);
        console.types("its hunter2\\r").prints("its hunter2\\r\\n" + mark);

        assertThat(toldAfter()).containsExactly("COMMAND vi");
    }

    @Test
    void inAnEditorNothingIsALine() {
        console.echoes("vi").types("\\r").prints("\\r\\n\\e[H\\e[2J~\\r\\n~\\e[H").waits(300);
        console.types("ipassword is hunter2\\r").prints("password is hunter2\\r\\n");
        console.types("\\e:wq\\r").prints("\\e[12;1H:wq\\e[H\\e[2J" + INNER).waits(900);
        console.echoes("pwd").types("\\r").prints("\\r\\n/\\r\\n" + INNER);

        assertThat(toldAfter()).containsExactly("COMMAND vi", "COMMAND pwd");
    }
}
