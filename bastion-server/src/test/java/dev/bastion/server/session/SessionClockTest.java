package dev.bastion.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.config.SessionLimits;
import dev.bastion.server.relay.RelayEnd;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionClockTest {

    private static final long START = Long.MAX_VALUE - 1000;
    private static final boolean ACTIVE = true;
    private static final boolean QUIET = false;

    private SessionClock clock = new SessionClock(SessionLimits.NONE, START);

    @Test
    void withoutLimitsNothingIsDue() {
        assertThat(after(Duration.ofDays(100), QUIET)).isEqualTo(new SessionClock.Nothing());
    }

    @Test
    void warnsOnceAMinuteBeforeAnIdleSessionEnds() {
        limit(Duration.ofMinutes(15), Duration.ZERO);

        assertThat(after(Duration.ofSeconds(839), QUIET)).isEqualTo(new SessionClock.Nothing());
        assertThat(after(Duration.ofMinutes(14), QUIET))
                .isEqualTo(
                        new SessionClock.Warning(
                                "this session has been idle for 14 minutes and ends in 1 minute if"
                                        + " it stays so"));
        assertThat(after(Duration.ofSeconds(841), QUIET)).isEqualTo(new SessionClock.Nothing());
        assertThat(after(Duration.ofSeconds(899), QUIET)).isEqualTo(new SessionClock.Nothing());
        assertThat(after(Duration.ofMinutes(15), QUIET))
                .isEqualTo(ended("idle", "the session was idle for 15 minutes"));
    }

    @Test
    void activityPutsTheEndOffAndTheWarningComesAgain() {
        limit(Duration.ofSeconds(10), Duration.ZERO);

        assertThat(after(Duration.ofSeconds(5), QUIET)).isInstanceOf(SessionClock.Warning.class);
        assertThat(after(Duration.ofSeconds(9), ACTIVE)).isEqualTo(new SessionClock.Nothing());
        assertThat(after(Duration.ofSeconds(13), QUIET)).isEqualTo(new SessionClock.Nothing());
        assertThat(after(Duration.ofSeconds(14), QUIET)).isInstanceOf(SessionClock.Warning.class);
        assertThat(after(Duration.ofSeconds(19), QUIET)).isInstanceOf(SessionClock.End.class);
    }

    @Test
    void noActivityPutsOffTheTimeLimit() {
        limit(Duration.ofSeconds(10), Duration.ofHours(8));

        assertThat(after(Duration.ofMinutes(479).minusSeconds(1), ACTIVE))
                .isEqualTo(new SessionClock.Nothing());
        assertThat(after(Duration.ofMinutes(479), ACTIVE))
                .isEqualTo(
                        new SessionClock.Warning(
                                "this session ends in 1 minute: it may last 8 hours"));
        assertThat(after(Duration.ofHours(8).minusSeconds(1), ACTIVE))
                .isEqualTo(new SessionClock.Nothing());
        assertThat(after(Duration.ofHours(8), ACTIVE))
                .isEqualTo(
                        ended("time-limit", "the session has lasted 8 hours, which is its limit"));
    }

    private void limit(Duration idle, Duration total) {
        clock = new SessionClock(new SessionLimits(idle, total), START);
    }

    private SessionClock.Due after(Duration passed, boolean active) {
        return clock.turn(START + passed.toNanos(), active);
    }

    private static SessionClock.End ended(String reason, String detail) {
        return new SessionClock.End(new RelayEnd(reason, detail));
    }
}
