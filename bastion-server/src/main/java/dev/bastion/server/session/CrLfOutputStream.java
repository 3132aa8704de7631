package dev.bastion.server.session;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Turns LF into CR LF, for text that goes to a raw terminal. Buffers until flushed. */
final class CrLfOutputStream extends FilterOutputStream {

    private static final int BUFFER_BYTES = 8192;

    CrLfOutputStream(OutputStream out) {
        super(new BufferedOutputStream(out, BUFFER_BYTES));
    }

    @Override
    public void write(int value) throws IOException {
        if (value == '\n') {
            out.write('\r');
        }
        out.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }
}
