package dev.bastion.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.recording.RecordingEnd;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.server.replay.Player.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A recording that shows "one" at 1 s, "two" at 2 s, "three" at 12 s and ends at 13 s; the Enters
 * of its commands 3 and 5 are at 2 s and 12 s.
 */
final class PlayerTest {

    private static final Duration ALL = Duration.ofDays(365);
    private static final List<Player.Command> COMMANDS =
            List.of(
                    new Player.Command(3, 2_000_000, "ls"),
                    new Player.Command(5, 12_000_000, "make"));

    @TempDir private Path folder;
    private final ScriptedTerminal person = new ScriptedTerminal();
    private RecordedScene scene;

    @BeforeEach
    void record() throws Exception {
        scene =
                new RecordedScene(folder.resolve("recordings"))
                        .shows(1, "one\r\n")
                        .shows(2, "two\r\n")
                        .shows(12, "three\r\n")
                        .ends(13);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private RecordingEnd play(double speed, Duration maxIdle, double start) throws Exception {
        try (RecordingReader reader = scene.open()) {
            return new Player(
                            reader,
                            COMMANDS,
                            person,
                            "alice",
                            new Options(speed, maxIdle, Math.round(start * 1e6)),
                            person)
                    .run();
        }
    }

    /** Plays as it was, from the beginning. */
    private RecordingEnd play() throws Exception {
        return play(1, ALL, 0);
    }

    private String shown(int look) {
        return person.shown().get(look);
    }

    private String status(int look) {
        return shown(look).lines().toList().getLast().strip();
    }

    private String screen(int look) {
        String all = shown(look);
        return String.join(" ", all.lines().limit(11).map(String::strip).toList()).strip();
    }

    @Test
    void showsEachThingWhenItWasShown() throws Exception {
        person.at(0.99, ScriptedTerminal.LOOK)
                .at(1.01, ScriptedTerminal.LOOK)
                .at(1.99, ScriptedTerminal.LOOK)
                .at(2.01, ScriptedTerminal.LOOK)
                .at(11.99, ScriptedTerminal.LOOK)
                .at(12.01, ScriptedTerminal.LOOK)
                .at(14, 'q');
        assertThat(play()).isInstanceOf(RecordingEnd.Complete.class);
        assertThat(screen(0)).isEmpty();
        assertThat(screen(1)).isEqualTo("one");
        assertThat(screen(2)).isEqualTo("one");
        assertThat(screen(3)).isEqualTo("one two");
        assertThat(screen(4)).isEqualTo("one two");
        assertThat(screen(5)).isEqualTo("one two three");
        assertThat(status(1))
                .isEqualTo("playing 00:00:01 / 00:00:13  alice  space pause, +/- speed");
        assertThat(status(3)).isEqualTo("playing 00:00:02 / 00:00:13  alice  #3 ls");
        assertThat(status(6)).isEqualTo("end 00:00:13 / 00:00:13  alice  #5 make");
        assertThat(person.sent()).startsWith("\033[?1049h").endsWith("\033[?1049l");
    }

    @Test
    void spacePausesForAnyTimeAndGoesOnWhereItWas() throws Exception {
        person.at(1.5, ' ')
                .at(100, ScriptedTerminal.LOOK)
                .at(100, ' ')
                .at(100.49, ScriptedTerminal.LOOK)
                .at(100.51, 'q');
        play();
        assertThat(status(1)).startsWith("paused 00:00:01");
        assertThat(screen(1)).isEqualTo("one");
        assertThat(screen(3)).isEqualTo("one");
        assertThat(screen(4)).isEqualTo("one two");
    }

    @Test
    void aPauseIsNoLongerThanMaxIdleAndTheClockLeapsOverTheRest() throws Exception {
        person.at(2.01, ScriptedTerminal.LOOK).at(3.99, ScriptedTerminal.LOOK).at(4.01, 'q');
        play(1, Duration.ofSeconds(2), 0);
        assertThat(screen(0)).isEqualTo("one two");
        assertThat(screen(1)).isEqualTo("one two");
        assertThat(status(1)).startsWith("playing 00:00:11");
        assertThat(screen(2)).isEqualTo("one two three");
    }

    @ParameterizedTest
    @CsvSource({"4, x4", "0.5, x0.5", "1.5, x1.5", "1000, x256", "0.0001, x0.0625"})
    void goesAtTheSpeedThatIsAskedFor(double speed, String said) throws Exception {
        double real = Math.clamp(speed, 0.0625, 256);
        person.at(0.99 / real, ScriptedTerminal.LOOK).at(1.01 / real, 'q');
        play(speed, ALL, 0);
        assertThat(screen(0)).isEmpty();
        assertThat(screen(1)).isEqualTo("one");
        assertThat(status(1)).contains("13 " + said + "  alice");
    }

    @Test
    void keysChangeTheSpeedWithinItsLimits() throws Exception {
        person.at(0.2, '+').at(0.2, ScriptedTerminal.LOOK);
        person.at(0.59, ScriptedTerminal.LOOK).at(0.61, '=');
        person.at(0.61, "-_-").at(0.61, ScriptedTerminal.LOOK);
        person.at(0.61, "-".repeat(30)).at(0.62, ScriptedTerminal.LOOK);
        person.at(0.62, "+".repeat(30)).at(0.62, ScriptedTerminal.LOOK);
        person.at(0.62, '1').at(0.62, 'q');
        play();
        assertThat(status(1)).contains("13 x2  alice");
        assertThat(screen(2)).isEmpty();
        assertThat(screen(3)).isEqualTo("one");
        assertThat(status(7)).contains("13 x0.5  alice");
        assertThat(status(38)).contains("13 x0.0625  alice");
        assertThat(status(69)).contains("13 x256  alice");
        assertThat(status(71)).contains("13  alice");
    }

    @Test
    void aPointGoesToTheNextOutputAndStaysThere() throws Exception {
        person.at(0.1, '.').at(50, '.').at(51, '.').at(52, '.').at(53, '.').at(54, 'q');
        assertThat(play()).isInstanceOf(RecordingEnd.Complete.class);
        assertThat(screen(1)).isEqualTo("one");
        assertThat(status(1)).startsWith("paused 00:00:01");
        assertThat(screen(2)).isEqualTo("one two");
        assertThat(screen(3)).isEqualTo("one two three");
        assertThat(status(3)).startsWith("paused 00:00:12");
        assertThat(status(4)).startsWith("end 00:00:13");
        assertThat(status(5)).startsWith("end 00:00:13");
    }

    @Test
    void goesFromCommandToCommandBothWays() throws Exception {
        person.at(0, ' ').at(0, 'n').at(1, 'n').at(2, 'n').at(3, 'p').at(4, 'p').at(5, 'q');
        play();
        assertThat(status(2)).isEqualTo("paused 00:00:02 / 00:00:13  alice  #3 ls");
        assertThat(screen(2)).isEqualTo("one");
        assertThat(status(3)).endsWith("#5 make");
        assertThat(screen(3)).isEqualTo("one two");
        assertThat(status(4)).endsWith("#5 make");
        assertThat(status(5)).endsWith("#3 ls");
        assertThat(status(6)).startsWith("paused 00:00:00");
        assertThat(screen(6)).isEmpty();
    }

    @Test
    void whileItPlaysPGoesOnToTheOneBeforeSoonAfterACommandOnly() throws Exception {
        person.at(0, 'n').at(0.9, 'p').at(0.9, ScriptedTerminal.LOOK);
        person.at(0.9, 'n').at(2.0, 'p').at(2.0, 'q');
        play();
        assertThat(status(2)).startsWith("playing 00:00:00");
        assertThat(status(5)).isEqualTo("playing 00:00:02 / 00:00:13  alice  #3 ls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\033[C", "\033OC", "\033[1;5C"})
    void theRightArrowGoesTenSecondsOnAndTheLeftOneBack(String right) throws Exception {
        person.at(0, ' ').at(0, right).at(1, ScriptedTerminal.LOOK);
        person.at(1, right).at(2, ScriptedTerminal.LOOK);
        String left = right.replace('C', 'D');
        person.at(2, left).at(3, ScriptedTerminal.LOOK).at(3, left).at(4, 'q');
        play();
        int keys = right.length();
        assertThat(status(1 + keys)).startsWith("paused 00:00:10");
        assertThat(screen(1 + keys)).isEqualTo("one two");
        assertThat(status(2 + 2 * keys)).startsWith("end 00:00:13");
        assertThat(status(3 + 3 * keys)).startsWith("paused 00:00:03");
        assertThat(status(4 + 4 * keys)).startsWith("paused 00:00:00");
    }

    @Test
    void goesToTheEndsAndShowsAllThatIsThere() throws Exception {
        person.at(0, ' ').at(0, 'G').at(1, 'g').at(2, "\033[F").at(3, "\033[H").at(4, 'q');
        play();
        assertThat(status(2)).startsWith("end 00:00:13");
        assertThat(screen(2)).isEqualTo("one two three");
        assertThat(status(3)).startsWith("paused 00:00:00");
        assertThat(screen(3)).isEmpty();
        assertThat(status(6)).startsWith("end 00:00:13");
        assertThat(status(9)).startsWith("paused 00:00:00");
    }

    @ParameterizedTest
    @ValueSource(ints = {'q', 'Q', 3, 4, -1})
    void isLeftAtAnyMomentAndLeavesTheTerminalAsItWas(int key) throws Exception {
        person.at(1.5, key).at(1.6, ScriptedTerminal.LOOK);
        assertThat(play()).isInstanceOf(RecordingEnd.Unfinished.class);
        assertThat(person.shown()).hasSize(1);
        assertThat(person.sent()).endsWith("\033[0m\033[?25h\033[?1049l");
    }

    @Test
    void otherKeysDoNothing() throws Exception {
        person.at(0.5, "xyz\r\t").at(0.5, -3, -4).at(0.6, 0x1b, ScriptedTerminal.LOOK);
        person.at(0.7, "\033[A").at(1.01, 'q');
        play();
        assertThat(screen(person.shown().size() - 1)).isEqualTo("one");
        assertThat(status(person.shown().size() - 1)).startsWith("playing 00:00:01");
    }

    @Test
    void beginsAtACommandWithTheScreenOfThatMoment() throws Exception {
        person.at(0, ScriptedTerminal.LOOK).at(0.99, ScriptedTerminal.LOOK).at(1.01, 'q');
        play(1, ALL, 11);
        assertThat(screen(0)).isEqualTo("one two");
        assertThat(status(0)).startsWith("playing 00:00:11");
        assertThat(screen(1)).isEqualTo("one two");
        assertThat(screen(2)).isEqualTo("one two three");
    }

    @Test
    void looksAtKeysWhileAFloodIsDrawn() throws Exception {
        try (RecordedScene flood = new RecordedScene(folder.resolve("flood"))) {
            for (int i = 0; i < 10; i++) {
                flood.shows(0, "y\r\n".repeat(30_000));
            }
            flood.shows(0, "the last").ends(1);
            person.at(0, 'x', 'q');
            try (RecordingReader reader = flood.open()) {
                new Player(reader, List.of(), person, "", new Options(1, ALL, 0), person).run();
            }
            assertThat(shown(0)).contains("y").doesNotContain("the last");
        }
    }

    @Test
    void saysThatARecordingHasNoEnd() throws Exception {
        cut(file -> Arrays.copyOf(file, file.length - 60));
        person.at(20, ScriptedTerminal.LOOK).at(20, 'q');
        assertThat(play()).isInstanceOf(RecordingEnd.Unfinished.class);
        assertThat(status(0)).startsWith("no end 00:00:1");
    }

    /** A killed bastion leaves no end; the last frame begins a second before its last event. */
    @ParameterizedTest
    @CsvSource({"0, true", "12.95, false", "60, false"})
    void theEndOfARecordingWithoutOneIsItsLastEvent(double start, boolean go) throws Exception {
        try (RecordedScene killed = new RecordedScene(folder.resolve("killed"))) {
            killed.shows(1, "one\r\n").adds(12.1, "two\r\n").adds(12.9, "three\r\n").ends(13);
            cut(killed, file -> Arrays.copyOf(file, file.length - 60));
            if (go) {
                person.at(0, ' ').at(0, 'G');
            }
            person.at(0, 'q');
            try (RecordingReader reader = killed.open()) {
                Options options = new Options(1, ALL, Math.round(start * 1e6));
                new Player(reader, COMMANDS, person, "alice", options, person).run();
            }
        }
        assertThat(screen(person.shown().size() - 1)).isEqualTo("one two three");
        assertThat(status(person.shown().size() - 1))
                .contains(start == 12.95 ? "00:00:12 / 00:00:13" : "00:00:13 / 00:00:13");
    }

    @ParameterizedTest
    @CsvSource({
        "2, no end 00:00:02 / 00:00:02  alice  #7 ls",
        "3.5, no end 00:00:03 / 00:00:03  alice  #7 ls"
    })
    void anEnterAfterAllThatWasRecordedCanBeGoneTo(double enter, String said) throws Exception {
        var last = new Player.Command(7, Math.round(enter * 1e6), "ls");
        try (RecordedScene killed = new RecordedScene(folder.resolve("killed"))) {
            killed.shows(1, "one\r\n").adds(2, "two\r\n").shows(2.9, "three\r\n").ends(13);
            cut(killed, file -> Arrays.copyOf(file, frame(file, 2)));
            person.at(0, ' ').at(0, 'G').at(1, 'p').at(2, 'n').at(3, 'q');
            try (RecordingReader reader = killed.open()) {
                new Player(reader, List.of(last), person, "alice", new Options(1, ALL, 0), person)
                        .run();
            }
        }
        assertThat(status(2)).isEqualTo(said);
        assertThat(screen(2)).isEqualTo("one two three");
        assertThat(status(4)).endsWith("#7 ls");
    }

    @Test
    void whatIsDamagedIsToldAlsoWhenOneWentBackBeforeLeaving() throws Exception {
        cut(file -> {
            // In the frame of "three", which is followed by the end's frames alone.
            file[indexOfThird(file)] ^= 1;
            return file;
        });
        person.at(20, 'g').at(20, 'q');
        assertThat(play()).isInstanceOf(RecordingEnd.Damaged.class);
        assertThat(status(0)).startsWith("damaged ");
        assertThat(screen(0)).isEqualTo("one two");
    }

    private interface Change {
        byte[] of(byte[] file);
    }

    private void cut(Change change) throws Exception {
        cut(scene, change);
    }

    private static void cut(RecordedScene of, Change change) throws Exception {
        Files.write(of.file(), change.of(Files.readAllBytes(of.file())));
    }

    /** A byte of what is sealed in the frame before the last but one, by the frames' lengths. */
    private static int indexOfThird(byte[] file) {
        return frame(file, 2) + 44;
    }

    /** Where a frame begins. */
    private static int frame(byte[] file, int number) {
        var bytes = java.nio.ByteBuffer.wrap(file);
        int at = 48 + bytes.getInt(12) + 4;
        for (int frame = 0; frame < number; frame++) {
            at += 44 + bytes.getInt(at) + 4;
        }
        return at;
    }
}
