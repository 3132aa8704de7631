package dev.bastion.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.recording.RecordingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person's terminal of 60 by 12 shows of a recorded one. */
final class ScreenPaintTest {

    private final ScriptedTerminal person = new ScriptedTerminal().at(0, ScriptedTerminal.LOOK);
    private final ScreenPaint paint = new ScreenPaint(person);
    private final EmulatedScreen screen = new EmulatedScreen();

    private String painted(String status) throws Exception {
        paint.paint(screen, status);
        var _ = person.keys().read(Duration.ZERO);
        return person.shown().getLast();
    }

    private void shows(String output) {
        screen.apply(new RecordingEvent.Output(0, output.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u6f22", "x\u6f22", "\ud83d\ude00", "x"})
    void aStatusThatIsTooWideIsCutAndScrollsNothing(String character) throws Exception {
        screen.reset(60, 11);
        shows("first row\r\nsecond row");
        String rows = painted(character.repeat(200));
        assertThat(rows).startsWith("first row\nsecond row\n");
        assertThat(rows.lines()).hasSize(12);
        assertThat(rows.lines().toList().getLast()).startsWith(character.repeat(14));
    }

    @Test
    void ofALargerScreenThePartWithTheCursorIsShown() throws Exception {
        screen.reset(200, 50);
        shows("corner\033[40;150Hhere");
        assertThat(painted("status")).contains("here").doesNotContain("corner");
        shows("\033[H");
        person.at(0, ScriptedTerminal.LOOK);
        assertThat(painted("status")).startsWith("corner").doesNotContain("here");
    }

    @Test
    void nothingIsSentWhenNothingChanged() throws Exception {
        screen.reset(60, 11);
        shows("row");
        painted("status");
        int before = person.sent().length();
        paint.paint(screen, "status");
        assertThat(person.sent()).hasSize(before);
    }
}
