package dev.bastion.server.local;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** One of a command's output streams, in frames: a kind, a length, bytes. */
final class Frames extends OutputStream {

    static final int OUT = 1;
    static final int ERR = 2;
    static final int EXIT = 3;

    private final DataOutputStream frames;
    private final int kind;

    Frames(DataOutputStream frames, int kind) {
        this.frames = frames;
        this.kind = kind;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        synchronized (frames) {
            frames.writeByte(kind);
            frames.writeInt(length);
            frames.write(bytes, offset, length);
            frames.flush();
        }
    }
}
