package dev.bastion.server.tap.sftp;

import dev.bastion.audit.AuditRecord.FileOperated;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.server.relay.ChannelEnd;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.rig.InMemoryAuditLog;
import dev.bastion.server.tap.FileRecorder;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A client, the tap, and a host that answers what the test says. */
final class TappedSftp {

    final InMemoryAuditLog log = new InMemoryAuditLog();
    final SftpTap tap;
    final ByteArrayOutputStream host = new ByteArrayOutputStream();
    final ByteArrayOutputStream client = new ByteArrayOutputStream();

    /** Why the tap ended the session, if it did. */
    @Nullable Throwable failure;

    TappedSftp(boolean read, boolean write) {
        SessionContext context =
                new SessionContext(
                        new ConnectionId("c"), new SessionId("s"), "olga", "::1", "web1", "root");
        FileRecorder recorder = new FileRecorder(log, context, () -> Instant.EPOCH);
        tap = new SftpTap(recorder, new FileRights(read, write));
    }

    /** One whose beginning is over. */
    static TappedSftp begun(boolean read, boolean write) {
        TappedSftp begun = new TappedSftp(read, write);
        begun.fromClient(Packets.INIT);
        begun.fromHost(Packets.VERSION);
        begun.host.reset();
        begun.client.reset();
        return begun;
    }

    void fromClient(byte[] bytes) {
        fromClient(bytes, 0, bytes.length);
    }

    void fromClient(byte[] bytes, int offset, int length) {
        tap.toHost(bytes, offset, length, new Passage(bytes, host));
    }

    void fromHost(byte[] bytes) {
        fromHost(bytes, 0, bytes.length);
    }

    void fromHost(byte[] bytes, int offset, int length) {
        tap.toOperator(ChannelEnd.DATA, bytes, offset, length, new Passage(bytes, client));
    }

    /** A request and its answer. */
    void exchange(byte[] request, byte[] reply) {
        fromClient(request);
        fromHost(reply);
    }

    /** The records as lines: operation, path, target, bytes, first of the hash, result. */
    List<String> records() {
        return log.records.stream().map(record -> line((FileOperated) record)).toList();
    }

    private static String line(FileOperated file) {
        String sha256 = file.sha256();
        return String.join(
                "|",
                file.operation(),
                file.path(),
                file.target(),
                String.valueOf(file.bytes()),
                sha256 == null ? "-" : sha256.substring(0, 8),
                file.result());
    }

    private final class Passage implements RelayTap.Passage {

        private final byte[] chunk;
        private final ByteArrayOutputStream to;

        Passage(byte[] chunk, ByteArrayOutputStream to) {
            this.chunk = chunk;
            this.to = to;
        }

        @Override
        public void pass(int offset, int length, @Nullable CompletableFuture<?> barrier) {
            if (barrier != null && barrier.isCompletedExceptionally()) {
                failure = barrier.exceptionNow();
                return;
            }
            to.write(chunk, offset, length);
        }

        @Override
        public void passKept(byte[] kept, int offset, int length) {
            to.write(kept, offset, length);
        }

        @Override
        public void answer(byte[] bytes) {
            client.writeBytes(bytes);
        }
    }
}
