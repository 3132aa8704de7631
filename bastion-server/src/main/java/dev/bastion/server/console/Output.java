package dev.bastion.server.console;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes text as UTF-8, buffered. Confined to one thread. */
final class Output {

    private static final int BUFFER_BYTES = 16_384;

    private final OutputStream out;

    Output(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    }

    /** Writes text that is harmless already. */
    void print(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ClientLeftException(e);
        }
    }

    /** Writes a line; what could steer a terminal is escaped. */
    void line(String text) {
        print(ShownText.escape(text) + "\n");
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new ClientLeftException(e);
        }
    }
}
