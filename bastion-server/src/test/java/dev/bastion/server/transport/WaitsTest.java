package dev.bastion.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    void whatIsGivenUpElsewhereIsGivenUpByAnotherThread() throws Exception {
        CompletableFuture<Thread> by = new CompletableFuture<>();
        waits.begin(() -> by.complete(Thread.currentThread()));
        waits.giveUpElsewhere();

        assertThat(waits.areGivenUp()).isTrue();
        assertThat(by.get(10, TimeUnit.SECONDS)).isNotEqualTo(Thread.currentThread());
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
