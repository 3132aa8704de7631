package dev.bastion.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.terminal.KeySource;
import dev.bastion.server.gateway.ClientInput.Kept;
import dev.bastion.server.relay.ChannelRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ClientInputTest {

    private static final ChannelRequest SIGNAL = new ChannelRequest("signal", true, new byte[4]);

    private final ClientInput input = new ClientInput();
    private final AtomicInteger refused = new AtomicInteger();

    private int pull() throws IOException {
        return input.pull(Duration.ZERO, refused::incrementAndGet);
    }

    @Test
    void requestsWaitOnlyWhileAHostIsAwaited() {
        assertThat(input.keep(SIGNAL, true)).isEqualTo(Kept.NOT_KEPT);
        input.beginning();
        assertThat(input.keep(SIGNAL, true)).isEqualTo(Kept.KEPT);
    }

    @Test
    void soManyRequestsMayWaitAndNoMore() {
        input.beginning();
        for (int i = 0; i < EarlyRequests.MOST; i++) {
            assertThat(input.keep(SIGNAL, true)).isEqualTo(Kept.KEPT);
        }
        assertThat(input.keep(SIGNAL, true)).isEqualTo(Kept.ONE_TOO_MANY);
    }

    @Test
    void whatWaitedForAHostThatNeverCameIsRefusedOnceWhenTheSessionReadsAgain() throws IOException {
        input.beginning();
        input.keep(SIGNAL, true);
        input.keep(SIGNAL, false);
        input.keep(new ChannelRequest("signal", false, new byte[4]), true);
        assertThat(refused).hasValue(0);

        assertThat(pull()).isEqualTo(KeySource.TIMEOUT);
        assertThat(refused).hasValue(2);
        assertThat(pull()).isEqualTo(KeySource.TIMEOUT);
        assertThat(refused).hasValue(2);
        assertThat(input.keep(SIGNAL, true)).isEqualTo(Kept.NOT_KEPT);
    }

    @Test
    void dataIsPulledByteByByteAndThenTheEnd() throws IOException {
        byte[] typed = "xab".getBytes(StandardCharsets.US_ASCII);
        input.data(typed, 1, 2);
        assertThat(input.size()).isEqualTo(2);
        input.resized();
        input.eof();

        assertThat(pull()).isEqualTo(KeySource.RESIZED);
        assertThat(pull()).isEqualTo('a');
        assertThat(pull()).isEqualTo('b');
        assertThat(pull()).isEqualTo(KeySource.END);
    }

    @Test
    void aCloseIsAnsweredAtOnceUnlessAHostHasTheWord() {
        assertThat(input.closing()).isFalse();
        input.beginning();
        assertThat(input.closing()).isTrue();
        assertThat(input.told()).isTrue();
    }
}
