package dev.bastion.server.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A far end that writes down what it is sent; its room is what the test gives it. */
final class FakeEnd implements ChannelEnd {

    /** What came, in order: {@code data:TEXT stderr:TEXT eof TYPE reply:BOOLEAN close}. */
    final List<String> events = new ArrayList<>();

    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    long room = Long.MAX_VALUE;

    /** What it may still send; the test that sends takes it away. */
    long granted = Flow.WINDOW_BYTES;

    @Nullable IOException failure;

    @Override
    public long room() {
        return room;
    }

    @Override
    public void send(int stream, byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (length < 1 || length > room) {
            throw new AssertionError("sent " + length + " where " + room + " had room");
        }
        room -= length;
        received.write(bytes, offset, length);
        events.add(
                (stream == DATA ? "data:" : "stderr:")
                        + new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void sendEof() {
        events.add("eof");
    }

    @Override
    public void sendRequest(ChannelRequest request) {
        events.add(request.type());
    }

    @Override
    public void sendReply(boolean success) {
        events.add("reply:" + success);
    }

    @Override
    public long granted() {
        return granted;
    }

    @Override
    public void grant(long bytes) {
        if (bytes < 1) {
            throw new AssertionError("a grant of " + bytes);
        }
        granted += bytes;
    }

    @Override
    public RelayEnd lost() {
        return new RelayEnd("lost", "");
    }

    @Override
    public void closeChannel() {
        events.add("close");
    }

    String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }
}
