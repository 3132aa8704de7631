package dev.bastion.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AttemptLimiterTest {

    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final AttemptLimiter limiter = new AttemptLimiter(() -> now);

    @Test
    void limitsAPairUntilTheWindowIsOver() {
        fail("alice", "10.0.0.1", AttemptLimiter.PER_PAIR - 1);
        assertThat(limiter.permits("alice", "10.0.0.1")).isTrue();
        fail("alice", "10.0.0.1", 1);
        assertThat(limiter.permits("alice", "10.0.0.1")).isFalse();
        assertThat(limiter.permits("bob", "10.0.0.1")).isTrue();
        assertThat(limiter.permits("alice", "10.0.0.2")).isTrue();
        now = now.plus(AttemptLimiter.WINDOW).plus(Duration.ofMillis(1));
        assertThat(limiter.permits("alice", "10.0.0.1")).isTrue();
    }

    @Test
    void limitsAnAddressWhateverUsersItTries() {
        for (int i = 0; i < AttemptLimiter.PER_ADDRESS; i++) {
            fail("user" + i, "2001:db8::" + i, 1);
        }
        assertThat(limiter.permits("alice", "2001:db8::ffff")).isFalse();
        assertThat(limiter.permits("alice", "2001:db8:0:1::1")).isTrue();
    }

    @Test
    void leavesAUserOneTryFromEachOtherAddress() {
        for (int i = 0; i < AttemptLimiter.PER_USER; i++) {
            fail("alice", "10.0.1." + i, 1);
        }
        assertThat(limiter.permits("alice", "10.0.0.9")).isTrue();
        fail("alice", "10.0.0.9", 1);
        assertThat(limiter.permits("alice", "10.0.0.9")).isFalse();
    }

    @Test
    void remembersABoundedNumber() {
        for (int i = 0; i < AttemptLimiter.MAX_TRACKED + 10; i++) {
            fail("user" + i, "10.1." + i / 256 + "." + i % 256, 1);
        }
        assertThat(limiter.tracked()).isEqualTo(AttemptLimiter.MAX_TRACKED);
    }

    private void fail(String user, String address, int times) {
        for (int i = 0; i < times; i++) {
            limiter.failed(user, address);
        }
    }
}
