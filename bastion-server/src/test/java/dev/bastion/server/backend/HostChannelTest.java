package dev.bastion.server.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.relay.ChannelRequest;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.junit.jupiter.api.Test;

/** What a host says before anything was started in its channel ends no connection. */
final class HostChannelTest {

    private final HostChannel channel = new HostChannel();

    @Test
    void whatHasNoMeaningYetIsDropped() throws IOException {
        channel.handleChannelRequest("unknown@example.org", false, new ByteArrayBuffer());
        channel.doWriteData(new byte[3], 0, 3);
        channel.doWriteExtendedData(new byte[3], 0, 3);
        channel.handleSuccess();
        channel.handleFailure();

        assertThat(channel.isClosing()).isFalse();
    }

    @Test
    void aChannelThatIsOverAnswersWhatIsAskedAtOnce() throws IOException {
        channel.answerAll();

        CompletableFuture<Boolean> answer =
                channel.ask(new ChannelRequest("shell", true, new byte[0]));

        assertThat(answer).isCompletedWithValue(false);
    }
}
