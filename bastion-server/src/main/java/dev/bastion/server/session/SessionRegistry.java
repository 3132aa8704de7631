package dev.bastion.server.session;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.audit.recording.RecordingsState;
import dev.bastion.server.config.SessionLimits;
import dev.bastion.server.console.LiveSessions;
import dev.bastion.server.relay.RelayEnd;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions that are under way, and what hosts listen on for them. Holds them while the ledger
 * cannot be written, and those that are recorded while recordings cannot; ends what was held too
 * long, ends each at its own limits, and all at shutdown. Thread-safe.
 */
public final class SessionRegistry implements LiveSessions {

    private static final Logger LOG = LoggerFactory.getLogger(SessionRegistry.class);

    /** How often a limit is looked at before it is reached; at least once a second. */
    private static final int TURNS = 20;

    private static final long LONGEST_TURN_MILLIS = 1000;

    private static final RelayEnd LEDGER_LOST =
            new RelayEnd("ledger", "the audit log could not be written for too long");

    private static final RelayEnd RECORDING_LOST =
            new RelayEnd("recording", "the recording could not be written for too long");

    private final Duration holdLimit;
    private final Set<UnderWay> live = ConcurrentHashMap.newKeySet();
    private final Set<Thread> serving = ConcurrentHashMap.newKeySet();
    private final @Nullable ScheduledExecutorService timer;
    private final AtomicLong ledgerHolds = new AtomicLong();
    private final AtomicLong recordingHolds = new AtomicLong();

    /** Whoever holds or releases sessions does it to all of them. */
    private final Object holding = new Object();

    @GuardedBy("stateLock")
    private Holds wanted = Holds.NONE;

    private final Object stateLock = new Object();
    private volatile boolean closed;

    /**
     * @param holdLimit how long sessions are held while the ledger cannot be written
     * @param limits how long each session may last; looked at by one timer for all
     */
    public SessionRegistry(Duration holdLimit, SessionLimits limits) {
        this.holdLimit = holdLimit;
        this.timer = limits.equals(SessionLimits.NONE) ? null : timer(limits);
    }

    private ScheduledExecutorService timer(SessionLimits limits) {
        long shortest =
                Stream.of(limits.idle(), limits.total())
                        .filter(Duration::isPositive)
                        .mapToLong(Duration::toMillis)
                        .min()
                        .orElseThrow();
        long interval = Math.clamp(shortest / TURNS, 1, LONGEST_TURN_MILLIS);
        ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("limits").factory());
        var _ = executor.scheduleAtFixedRate(this::turn, interval, interval, TimeUnit.MILLISECONDS);
        return executor;
    }

    private void turn() {
        long now = System.nanoTime();
        for (UnderWay session : live) {
            try {
                session.turn(now);
            } catch (RuntimeException e) {
                LOG.error("the limits of a session could not be looked at", e);
            }
        }
    }

    /** Follows the ledger's state from now on. */
    public AutoCloseable follow(AuditLog log) {
        return log.onStateChange(state -> {
            switch (state) {
                case AuditLogState.Unwritable unwritable -> {
                    if (want(holds -> holds.withLedger(true))) {
                        endHeld(ledgerHolds, LEDGER_LOST, session -> true, Holds::ledger);
                    }
                }
                case AuditLogState.Writable writable -> want(holds -> holds.withLedger(false));
            }
        });
    }

    /** Follows what can be done with recordings from now on. */
    public AutoCloseable follow(Recordings recordings) {
        return recordings.onStateChange(state -> {
            switch (state) {
                case RecordingsState.Unwritable unwritable -> {
                    if (want(holds -> holds.withRecordings(true))) {
                        endHeld(
                                recordingHolds,
                                RECORDING_LOST,
                                UnderWay::isRecorded,
                                Holds::recordings);
                    }
                }
                case RecordingsState.Writable writable ->
                        want(holds -> holds.withRecordings(false));
            }
        });
    }

    void add(UnderWay session) {
        synchronized (holding) {
            live.add(session);
            session.hold(holds());
        }
        if (closed) {
            session.cut(RelayEnd.SHUTDOWN);
        }
    }

    void remove(UnderWay session) {
        live.remove(session);
    }

    /** How many sessions are relayed now. */
    public int size() {
        return (int) live.stream().filter(LiveSession.class::isInstance).count();
    }

    /** Runs one channel's service on a thread of its own, and knows of it until it ends. */
    public void serve(String name, Runnable service) {
        Thread thread =
                Thread.ofVirtual()
                        .name(name)
                        .unstarted(() -> {
                            try {
                                service.run();
                            } finally {
                                serving.remove(Thread.currentThread());
                            }
                        });
        serving.add(thread);
        thread.start();
    }

    private Holds holds() {
        synchronized (stateLock) {
            return wanted;
        }
    }

    /** Sessions are held or released on a thread of their own; whether there is anything to do. */
    @CanIgnoreReturnValue
    private boolean want(UnaryOperator<Holds> change) {
        synchronized (stateLock) {
            Holds now = change.apply(wanted);
            if (wanted.equals(now)) {
                return false;
            }
            wanted = now;
        }
        Thread.ofVirtual().name("session-holds").start(this::holdOrRelease);
        return true;
    }

    /** As it is at this moment, whatever was asked for last. */
    private void holdOrRelease() {
        synchronized (holding) {
            Holds now = holds();
            live.forEach(session -> session.hold(now));
        }
    }

    /**
     * Ends sessions that are held for too long. A hold that ended in time does not end those that
     * came after it early.
     */
    private void endHeld(
            AtomicLong count, RelayEnd end, Predicate<UnderWay> which, Predicate<Holds> held) {
        long hold = count.incrementAndGet();
        Thread.ofVirtual()
                .name("hold-limit")
                .start(() -> {
                    try {
                        TimeUnit.MILLISECONDS.sleep(holdLimit.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                    if (held.test(holds()) && count.get() == hold) {
                        live.stream().filter(which).forEach(session -> session.cut(end));
                    }
                });
    }

    @Override
    public List<Live> list() {
        return live.stream()
                .map(SessionRegistry::named)
                .flatMap(Optional::stream)
                .sorted(Comparator.comparing(Live::start))
                .toList();
    }

    private static Optional<Live> named(UnderWay session) {
        return Optional.ofNullable(session.about())
                .map(about ->
                        new Live(
                                about.context(),
                                about.kind(),
                                about.start(),
                                session.idle(),
                                about.recording() != null));
    }

    @Override
    public boolean cut(SessionId id, String sentence) {
        List<UnderWay> found =
                live.stream()
                        .filter(session -> {
                            AboutSession about = session.about();
                            return about != null && about.context().session().equals(id);
                        })
                        .toList();
        RelayEnd end = new RelayEnd("cut", Shown.text(sentence));
        found.forEach(session -> session.cut(end));
        return !found.isEmpty();
    }

    /**
     * Tells and ends all sessions, and waits for their records.
     *
     * @param limit how long to wait
     */
    public void close(Duration limit) {
        closed = true;
        if (timer != null) {
            timer.shutdown();
        }
        live.forEach(session -> session.cut(RelayEnd.SHUTDOWN));
        long end = System.nanoTime() + limit.toNanos();
        for (Thread thread : serving) {
            try {
                long left = end - System.nanoTime();
                if (left <= 0 || !thread.join(Duration.ofNanos(left))) {
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
