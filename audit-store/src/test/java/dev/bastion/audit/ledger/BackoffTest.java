package dev.bastion.audit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How often something that is away is tried, and how many lines of the log that makes. */
final class BackoffTest {

    @ParameterizedTest
    @CsvSource({
        "1, 100",
        "2, 200",
        "3, 400",
        "7, 6400",
        "8, 10000",
        "17, 10000",
        "18, 10000",
        "65, 10000",
        "2147483647, 10000"
    })
    void waitsTwiceAsLongAndNeverLongerThanTenSeconds(int failures, long millis) {
        assertThat(Backoff.TEN_SECONDS.after(failures)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void anHourHasFewTriesAndFewerLinesOfTheLog() {
        List<Integer> told = new ArrayList<>();
        int tries = 0;
        for (Duration at = Duration.ZERO;
                at.compareTo(Duration.ofHours(1)) <= 0;
                at = at.plus(Backoff.TEN_SECONDS.after(tries))) {
            tries++;
            if (Backoff.isTold(tries)) {
                told.add(tries);
            }
        }
        assertThat(tries).isEqualTo(366);
        assertThat(told).containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 256);
    }
}
