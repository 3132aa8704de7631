package dev.bastion.server.transport;

import dev.bastion.server.transport.loop.Carrier;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends authenticated connections whose peer is gone without a word: a host that hangs, a laptop
 * that sleeps. Each peer is asked three times within the limit, with a request that RFC 4254
 * section 4 makes it answer; whatever comes counts as an answer, since on a slow link the answer
 * stands behind data. And those whose peer talks on but leaves an exchange of keys unanswered for
 * four times the limit: on a slow link that may stand behind a window of data, too.
 *
 * <p>Thread-safe. Asking and ending run on virtual threads.
 */
public final class SilentPeers implements SessionListener {

    private static final Logger LOG = LoggerFactory.getLogger(SilentPeers.class);
    private static final AttributeKey<Watch> WATCH = new AttributeKey<>();

    /** Asked by OpenSSH itself, and known to peers that answer only what they know. */
    private static final String REQUEST = "keepalive@openssh.com";

    private static final int UNANSWERED = 3;

    /** How often one exchange of keys may be found to be still under way: four times the limit. */
    private static final int EXCHANGE_TURNS = 4 * UNANSWERED;

    private static final String UNANSWERED_EXCHANGE = "a key exchange was not answered in time";

    private final Duration interval;

    private SilentPeers(Duration limit) {
        this.interval = limit.dividedBy(UNANSWERED);
    }

    /**
     * Watches all connections of a server or a client that are authenticated from now on.
     *
     * @param limit how long a peer may say nothing; it is ended at most a third of this later
     */
    public static void end(FactoryManager manager, Duration limit) {
        manager.addSessionListener(new SilentPeers(limit));
    }

    /** Whether the connection was ended because its peer did not say what it had to. */
    public static boolean wasSilent(Session session) {
        Watch watch = session.getAttribute(WATCH);
        return watch != null && watch.ended;
    }

    @Override
    public void sessionEvent(Session session, Event event) {
        Carrier carrier = Carrier.of(session);
        if (event == Event.Authenticated && carrier != null) {
            Watch watch = new Watch(session, carrier, interval);
            session.setAttribute(WATCH, watch);
            watch.start();
        }
    }

    @Override
    public void sessionClosed(Session session) {
        Watch watch = session.getAttribute(WATCH);
        if (watch != null) {
            watch.stop();
        }
    }

    /** One connection. Its fields that are not volatile are confined to its timer's turns. */
    private static final class Watch {

        private final Session session;
        private final Carrier carrier;
        private final Duration interval;
        private volatile @Nullable ScheduledFuture<?> timer;
        private volatile boolean ended;
        private long lastTurnNanos = System.nanoTime();
        private long heardNanosBefore;
        private int unanswered;
        private int exchangeBefore;
        private int exchangeTurns;

        Watch(Session session, Carrier carrier, Duration interval) {
            this.session = session;
            this.carrier = carrier;
            this.interval = interval;
        }

        void start() {
            long nanos = interval.toNanos();
            timer =
                    session.getFactoryManager()
                            .getScheduledExecutorService()
                            .scheduleAtFixedRate(this::turn, nanos, nanos, TimeUnit.NANOSECONDS);
        }

        void stop() {
            ScheduledFuture<?> running = timer;
            if (running != null) {
                running.cancel(false);
            }
        }

        private void turn() {
            long now = System.nanoTime();
            if (now - lastTurnNanos < interval.toNanos() / 2) {
                // This process was stopped, and its missed turns come at once: no peer's fault.
                return;
            }
            lastTurnNanos = now;
            long heard = carrier.heardNanos();
            unanswered = heard != heardNanosBefore ? 0 : unanswered + 1;
            heardNanosBefore = heard;
            int exchange = carrier.exchangesKeys() ? carrier.exchanges() : 0;
            exchangeTurns = exchange != 0 && exchange == exchangeBefore ? exchangeTurns + 1 : 0;
            exchangeBefore = exchange;
            Thread.ofVirtual().name("keep-alive").start(step());
        }

        private Runnable step() {
            if (unanswered >= UNANSWERED) {
                return this::end;
            }
            return exchangeTurns < EXCHANGE_TURNS ? this::ask : this::sendAway;
        }

        private void ask() {
            try {
                Buffer request = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
                request.putString(REQUEST);
                request.putBoolean(true);
                session.request(
                        request, REQUEST, (command, answer) -> LOG.trace("{} answered", session));
            } catch (IOException e) {
                LOG.debug("{} could not be asked whether it is there", session, e);
            }
        }

        /** At once: a peer that takes nothing would not take a farewell either. */
        private void end() {
            stop();
            ended = true;
            session.close(true);
        }

        private void sendAway() {
            stop();
            ended = true;
            try {
                session.disconnect(
                        SshConstants.SSH2_DISCONNECT_BY_APPLICATION, UNANSWERED_EXCHANGE);
            } catch (IOException e) {
                LOG.debug("{} does not hear why it is disconnected", session, e);
                session.close(true);
            }
        }
    }
}
