package dev.bastion.audit.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerPosition;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ResendWindowTest {

    private static final long WINDOW = 1 << 20;

    @Test
    void whatIsWithinTheWindowIsNeverSafe() {
        var window = new ResendWindow(LedgerPosition.START, WINDOW);
        window.wrote(at(1), WINDOW);
        assertThat(window.safe()).isEqualTo(LedgerPosition.START);
        window.wrote(at(2), WINDOW);
        assertThat(window.safe()).isEqualTo(at(1));
    }

    @Test
    void theSafePositionFollowsTheWindowAMarkBehindAtMost() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var window = new ResendWindow(LedgerPosition.START, WINDOW);
        long[] ends = new long[100_000];
        for (int i = 1; i < ends.length; i++) {
            long bytes = 1L + random.nextInt(500);
            ends[i] = ends[i - 1] + bytes;
            window.wrote(at(i), bytes);
            int safe = (int) window.safe().sequence();
            assertThat(ends[i] - ends[safe])
                    .as("seed %d, entry %d", seed, i)
                    .isGreaterThanOrEqualTo(Math.min(WINDOW, ends[i]))
                    .isLessThan(WINDOW + 2 * ResendWindow.MARK_BYTES);
        }
    }

    private static LedgerPosition at(long sequence) {
        return new LedgerPosition(sequence, EntryHash.NONE);
    }
}
