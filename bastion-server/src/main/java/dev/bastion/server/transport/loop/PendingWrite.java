package dev.bastion.server.transport.loop;

import java.nio.ByteBuffer;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.jspecify.annotations.Nullable;

/** Bytes on their way to a socket, and the future of their writer. */
final class PendingWrite extends AbstractIoWriteFuture {

    /** Absent for the end of the output. */
    final @Nullable ByteBuffer bytes;

    PendingWrite(Object id, @Nullable ByteBuffer bytes) {
        super(id, null);
        this.bytes = bytes;
    }

    int length() {
        return bytes == null ? 0 : bytes.remaining();
    }

    void succeeded() {
        setValue(true);
    }

    void failed(Throwable failure) {
        setValue(failure);
    }
}
