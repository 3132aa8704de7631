package dev.bastion.server.transport;

import dev.bastion.server.transport.loop.Carrier;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.future.DefaultKeyExchangeFuture;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.apache.sshd.common.session.helpers.PendingWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.slf4j.Logger;

/**
 * Key re-exchange of one connection that an event loop serves (RFC 4253 section 9). It differs from
 * MINA's own in three ways:
 *
 * <ul>
 *   <li>No write waits for an exchange to end. The loop that would have to read the peer's part may
 *       be the one that writes, or wait for a lock of one that does. Meanwhile the connection takes
 *       no data ({@link Carrier#exchangesKeys}), so that it waits where its amount is bounded.
 *   <li>What is written meanwhile all the same, answers to the peer's requests, is bounded: a peer
 *       that asks on and never answers the exchange is disconnected, by {@link SilentPeers} too.
 *   <li>An exchange that this side begins is begun on the reader's thread, between two reads. MINA
 *       begins it on the thread that wrote last, and fails when the peer's answer is read before
 *       that thread is ready for it.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class KeyExchanges extends KeyExchangeMessageHandler {

    /** What may wait for the end of an exchange, of one connection. */
    private static final long MOST_PENDING_BYTES = 8 << 20;

    /** What a packet that waits takes beside its own bytes. */
    private static final int PACKET_BYTES = 256;

    private static final String UNANSWERED =
            "too many requests while a key exchange is not answered";

    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicLong pendingBytes = new AtomicLong();
    private final AtomicBoolean overrun = new AtomicBoolean();

    public KeyExchanges(AbstractSession session, Logger log) {
        super(session, log);
    }

    /**
     * Begins an exchange on the reader's thread. Asking again before that changes nothing.
     *
     * @param start begins it, if it is still needed
     */
    public void begin(Callable<?> start) {
        Carrier carrier = Carrier.of(session);
        if (carrier == null || !asked.compareAndSet(false, true)) {
            return;
        }
        carrier.betweenReads(() -> {
            asked.set(false);
            try {
                var _ = start.call();
            } catch (Exception e) {
                session.exceptionCaught(e);
            }
        });
    }

    @Override
    protected boolean isBlockAllowed(int command) {
        return false;
    }

    /** Called with a lock held, so that the end is said later, by the reader's thread. */
    @Override
    protected PendingWriteFuture enqueuePendingPacket(int command, Buffer packet) {
        int size = PACKET_BYTES + packet.array().length;
        if (pendingBytes.addAndGet(size) > MOST_PENDING_BYTES) {
            pendingBytes.addAndGet(-size);
            Carrier carrier = Carrier.of(session);
            if (carrier != null && overrun.compareAndSet(false, true)) {
                carrier.betweenReads(this::disconnect);
            }
            PendingWriteFuture refused = new PendingWriteFuture("too much pending", packet);
            refused.setException(new SshException(UNANSWERED));
            return refused;
        }
        PendingWriteFuture pending = super.enqueuePendingPacket(command, packet);
        pending.addListener(written -> pendingBytes.addAndGet(-size));
        return pending;
    }

    private void disconnect() {
        try {
            session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, UNANSWERED);
        } catch (IOException e) {
            log.debug("{} does not hear why it is disconnected", session, e);
            session.close(true);
        }
    }

    @Override
    public DefaultKeyExchangeFuture initNewKeyExchange() {
        DefaultKeyExchangeFuture before = super.initNewKeyExchange();
        Carrier carrier = Carrier.of(session);
        if (carrier != null) {
            carrier.exchangesKeys(true);
            kexFlushedFuture.get().addListener(flushed -> over(carrier));
        }
        return before;
    }

    /** Unless the next exchange has begun. */
    private void over(Carrier carrier) {
        updateState(() -> {
            if (kexFlushed.get()) {
                carrier.exchangesKeys(false);
            }
        });
    }
}
