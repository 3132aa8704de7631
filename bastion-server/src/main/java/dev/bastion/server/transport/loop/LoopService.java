package dev.bastion.server.transport.loop;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.util.closeable.AbstractInnerCloseable;
import org.jspecify.annotations.Nullable;

/** The connections of one server or client. Thread-safe. */
abstract class LoopService extends AbstractInnerCloseable implements IoService {

    final IoHandler handler;
    final EventLoops loops;
    final SocketOptions options;
    private final Map<Long, IoSession> sessions = new ConcurrentHashMap<>();
    private final Object admission = new Object();

    @GuardedBy("admission")
    private boolean ended;

    private volatile @Nullable IoServiceEventListener listener;

    LoopService(IoHandler handler, EventLoops loops, SocketOptions options) {
        this.handler = handler;
        this.loops = loops;
        this.options = options;
    }

    /** Takes a new connection; false when the service has ended. */
    boolean admit(LoopSession session) {
        synchronized (admission) {
            if (ended) {
                return false;
            }
            sessions.put(session.getId(), session);
            return true;
        }
    }

    void forget(LoopSession session) {
        sessions.remove(session.getId());
    }

    /** Admits no more, and tells who is there. */
    List<Closeable> endAdmission() {
        synchronized (admission) {
            ended = true;
            return List.copyOf(sessions.values());
        }
    }

    @Override
    public Map<Long, IoSession> getManagedSessions() {
        return Collections.unmodifiableMap(sessions);
    }

    @Override
    public @Nullable IoServiceEventListener getIoServiceEventListener() {
        return listener;
    }

    @Override
    public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
        this.listener = listener;
    }

    @Override
    protected Closeable getInnerCloseable() {
        return builder().parallel(toString(), endAdmission()).build();
    }
}
