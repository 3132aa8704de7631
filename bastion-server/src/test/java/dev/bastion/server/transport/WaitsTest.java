package dev.bastion.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitsTest {

    private final Waits waits = new Waits();
    private final List<String> ended = new ArrayList<>();

    private Waits.Wait begin(String name) {
        return waits.begin(() -> ended.add(name));
    }

    @Test
    void whatIsWaitedForIsGivenUpOnceWhenNobodyWaitsAnyMore() {
        Waits.Wait came = begin("came");
        begin("host");
        begin("other");
        came.close();
        came.close();

        assertThat(waits.areGivenUp()).isFalse();
        waits.giveUp();
        waits.giveUp();

        assertThat(waits.areGivenUp()).isTrue();
        assertThat(ended).containsExactlyInAnyOrder("host", "other");
    }

    @Test
    void whatBeginsLaterIsGivenUpAtOnce() {
        waits.giveUp();
        begin("late").close();

        assertThat(ended).containsExactly("late");
    }

    /** As when a connection that is closed tells another wait that it has come. */
    @Test
    void whatIsGivenUpMayEndOtherWaitsMeanwhile() {
        Waits.Wait inner = begin("inner");
        waits.begin(inner::close);
        waits.giveUp();

        assertThat(ended).containsExactly("inner");
    }
}
