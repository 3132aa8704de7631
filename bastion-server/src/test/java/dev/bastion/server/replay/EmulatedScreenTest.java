package dev.bastion.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.recording.RecordingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmulatedScreenTest {

    /** For some two hundred sequences; one that counts to its number takes longer alone. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private final EmulatedScreen screen = new EmulatedScreen();

    private void shows(String output) {
        screen.apply(new RecordingEvent.Output(0, output.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"y\r\n", "yy\r\n", "a text that wraps again and again "})
    void aFloodLeavesNoMoreRowsThanAFew(String flood) {
        screen.reset(80, 24);
        for (int i = 0; i < 100; i++) {
            shows(flood.repeat(10_000));
            assertThat(screen.history()).isLessThan(6_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", ">", "!"})
    void noSequenceHowLargeItsNumbersTakesLong(String prefix) {
        screen.reset(500, 200);
        long begin = System.nanoTime();
        for (char letter = '@'; letter <= '~'; letter++) {
            for (String numbers : List.of("2147483647", "999999999;999999999", "0;99999999999")) {
                shows("text\033[" + prefix + numbers + letter);
            }
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONG);
    }

    @Test
    void theScreenItselfStays() {
        screen.reset(20, 4);
        shows("line\r\n".repeat(20_000) + "last");
        EmulatedScreen.Picture picture = screen.picture();
        assertThat(picture.cursorRow()).isEqualTo(3);
        assertThat(picture.cursorColumn()).isEqualTo(4);
        assertThat(CellText.of(picture.cells(), 40, 60)).startsWith("line");
        assertThat(CellText.of(picture.cells(), 60, 80)).startsWith("last");
    }
}
