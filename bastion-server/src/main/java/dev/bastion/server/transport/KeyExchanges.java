package dev.bastion.server.transport;

import dev.bastion.server.transport.loop.Carrier;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.future.DefaultKeyExchangeFuture;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.slf4j.Logger;

/**
 * Key re-exchange of one connection that an event loop serves (RFC 4253 section 9). It differs from
 * MINA's own in two ways:
 *
 * <ul>
 *   <li>No write waits for an exchange to end. The loop that would have to read the peer's part may
 *       be the one that writes, or wait for a lock of one that does. Meanwhile the connection takes
 *       no data ({@link Carrier#exchangesKeys}), so that it waits where its amount is bounded.
 *   <li>An exchange that this side begins is begun on the reader's thread, between two reads. MINA
 *       begins it on the thread that wrote last, and fails when the peer's answer is read before
 *       that thread is ready for it.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class KeyExchanges extends KeyExchangeMessageHandler {

    private final AtomicBoolean asked = new AtomicBoolean();

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
