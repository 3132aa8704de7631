package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoundTripTest {

    private static final long MILLISECOND = 1_000_000;

    private final RoundTrip roundTrip = new RoundTrip();
    private long now;

    private void keyAndAnswer(long silence, long answer) {
        now += silence * MILLISECOND;
        roundTrip.key(now);
        now += answer * MILLISECOND;
        roundTrip.output(now);
    }

    @Test
    void isTheMedianOfAnswersToKeysBehindASilence() {
        assertThat(roundTrip.nanos()).isZero();

        keyAndAnswer(1_000, 50);
        keyAndAnswer(1_000, 70);
        keyAndAnswer(1_000, 2_000);
        assertThat(roundTrip.nanos()).isEqualTo(70 * MILLISECOND);
    }

    @Test
    void keysInAFlowAndEndlessWaitsDoNotCount() {
        keyAndAnswer(1_000, 50);
        keyAndAnswer(10, 1);
        keyAndAnswer(10, 1);
        keyAndAnswer(1_000, 60_000);

        assertThat(roundTrip.nanos()).isEqualTo(50 * MILLISECOND);
    }

    @Test
    void onlyTheLastAnswersCount() {
        for (int i = 0; i < 9; i++) {
            keyAndAnswer(1_000, 500);
        }
        for (int i = 0; i < 5; i++) {
            keyAndAnswer(1_000, 20);
        }

        assertThat(roundTrip.nanos()).isEqualTo(20 * MILLISECOND);
    }

    @Test
    void whatComesFasterThanTheFastAnswersIsNone() {
        keyAndAnswer(1_000, 400);
        keyAndAnswer(1_000, 160);
        keyAndAnswer(1_000, 500);
        keyAndAnswer(1_000, 10);

        assertThat(roundTrip.mayBeAnswered(0, 100 * MILLISECOND)).isFalse();
        assertThat(roundTrip.mayBeAnswered(0, 130 * MILLISECOND)).isTrue();
    }

    @Test
    void aShortRoundTripTellsNothing() {
        keyAndAnswer(1_000, 30);

        assertThat(roundTrip.mayBeAnswered(0, MILLISECOND)).isTrue();
    }
}
