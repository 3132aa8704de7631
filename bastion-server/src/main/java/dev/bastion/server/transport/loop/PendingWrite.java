package dev.bastion.server.transport.loop;

import java.nio.ByteBuffer;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.jspecify.annotations.Nullable;

/** Bytes on their way to a socket, or to a channel, and the future of their writer. */
public final class PendingWrite extends AbstractIoWriteFuture {

    /** Absent for the end of the output. */
    public final @Nullable ByteBuffer bytes;

    public PendingWrite(Object id, @Nullable ByteBuffer bytes) {
        super(id, null);
        this.bytes = bytes;
    }

    /** Bytes that have not gone yet. */
    public int length() {
        return bytes == null ? 0 : bytes.remaining();
    }

    public void succeeded() {
        setValue(true);
    }

    public void failed(Throwable failure) {
        setValue(failure);
    }
}
