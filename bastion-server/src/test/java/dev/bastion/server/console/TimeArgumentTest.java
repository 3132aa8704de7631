package dev.bastion.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeArgumentTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "0s, 2026-11-21T12:00:00Z, 2026-11-21T12:00:00Z",
        "30s, 2026-11-21T11:59:30Z, 2026-11-21T12:00:30Z",
        "90m, 2026-11-21T10:30:00Z, 2026-11-21T13:30:00Z",
        "12h, 2026-11-21T00:00:00Z, 2026-11-22T00:00:00Z",
        "2d, 2026-11-19T12:00:00Z, 2026-11-23T12:00:00Z",
        "1w, 2026-11-14T12:00:00Z, 2026-11-28T12:00:00Z",
        "2026-11-01, 2026-11-01T00:00:00Z, 2026-11-01T00:00:00Z",
        "2026-11-01T10:00Z, 2026-11-01T10:00:00Z, 2026-11-01T10:00:00Z",
        "2026-11-01T10:00:05+02:00, 2026-11-01T08:00:05Z, 2026-11-01T08:00:05Z",
    })
    void readsATime(String text, Instant past, Instant ahead) {
        assertThat(TimeArgument.past(text, NOW)).isEqualTo(past);
        assertThat(TimeArgument.ahead(text, NOW)).isEqualTo(ahead);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2",
                "d",
                "-2d",
                "2D",
                "2 d",
                "1000000d",
                "1.5h",
                "2y",
                "2026-11",
                "2026-02-30",
                "2026-11-01T10:00",
                "2026-11-01T25:00Z",
                "yesterday",
                "٢d"
            })
    void saysWhatATimeLooksLike(String text) {
        assertThatThrownBy(() -> TimeArgument.past(text, NOW))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'" + text + "' is not a time: write 2d");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-21T12:00:00Z, 2026-11-21T12:00:00.000Z",
        "2026-11-21T12:00:00.123999Z, 2026-11-21T12:00:00.123Z",
    })
    void showsMilliseconds(Instant time, String shown) {
        assertThat(TimeArgument.shown(time)).isEqualTo(shown);
    }
}
