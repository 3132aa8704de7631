package dev.bastion.server.gateway;

import dev.bastion.menu.terminal.KeySource;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** What the client sends as a stream; blocks, ends with the client's EOF. */
final class PulledInputStream extends InputStream {

    private static final Duration STEP = Duration.ofMinutes(1);

    private final KeySource keys;

    PulledInputStream(KeySource keys) {
        this.keys = keys;
    }

    @Override
    public int read() throws IOException {
        while (true) {
            int answer = keys.read(STEP);
            if (answer >= 0 || answer == KeySource.END) {
                return answer;
            }
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int first = read();
        if (first < 0) {
            return -1;
        }
        bytes[offset] = (byte) first;
        int count = 1;
        while (count < length) {
            int next = keys.read(Duration.ZERO);
            if (next < 0) {
                break;
            }
            bytes[offset + count++] = (byte) next;
        }
        return count;
    }
}
