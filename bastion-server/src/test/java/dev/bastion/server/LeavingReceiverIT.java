package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.audit.AuditRecord.ForwardClosed;
import dev.bastion.audit.AuditRecord.ForwardOpened;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.audit.AuditRecord.SessionStarted;
import dev.bastion.server.QuietHost.Silence;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.ConnectionService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * An operator whose client is killed while a host opens a channel to it: it is stopped first, so
 * that it has been asked and has not answered.
 *
 * <pre>
 *   client           bastion             host
 *     │ (stopped)       │◄─ OPEN ───────────│
 *     │◄─ OPEN ─────────│                   │
 *     ✗ (killed)        │── refused, end ──►│
 * </pre>
 */
@TestInstance(Lifecycle.PER_CLASS)
final class LeavingReceiverIT {

    private final Path folder;
    private final RunningBastion bastion;
    private final QuietHost host = new QuietHost();
    private int startsBefore;

    LeavingReceiverIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
        bastion.addHost("quiet", host.address(), host.fingerprint());
        bastion.addKeyAccount("quiet", bastion.login(), bastion.web1().userKeys());
        bastion.grant("quiet", bastion.login(), "exec,shell,forward,agent");
    }

    @BeforeEach
    void countRecords() {
        startsBefore = bastion.records(SessionStarted.class).size();
        host.said().clear();
    }

    @AfterEach
    void nothingIsLeft() {
        bastion.awaitNothingLeft();
        await().atMost(LIMIT).until(() -> host.open() == 0);
    }

    @AfterAll
    void close() {
        bastion.close();
        host.close();
    }

    @Test
    void aConnectionThatComesToAHostsPort() throws Exception {
        try (RunningSsh client =
                RunningSsh.start(bastion.ssh("alice+quiet", "-N", "-R", "0:127.0.0.1:9"))) {
            ConnectionService connection = next(host.clients());
            client.signal("-STOP");
            QuietHost.open(connection, "forwarded-tcpip");
            awaitOpened("remote");
        }

        isRefusedAndRecorded();
    }

    @Test
    void aProgramThatWantsTheAgent() throws Exception {
        try (SshAgent agent = SshAgent.start(folder)) {
            try (RunningSsh client = RunningSsh.start(withAgent(agent.socket()))) {
                ConnectionService connection = next(host.clients());
                await().atMost(LIMIT).until(() -> bastion.liveSessions() == 1);
                client.signal("-STOP");
                QuietHost.open(connection, "auth-agent@openssh.com");
                awaitOpened("agent");
            }

            isRefusedAndRecorded();
        }
    }

    /** It waits for an answer that the client is owed first, and so does nobody else then. */
    @Test
    void aConnectionThatComesBeforeTheHostHasAnsweredAll() throws Exception {
        host.silentAt(Silence.LISTENING_ONCE_MORE);
        try (RunningSsh _ =
                RunningSsh.start(
                        bastion.ssh(
                                "alice+quiet",
                                "-N",
                                "-R",
                                "127.0.0.1:0:127.0.0.1:9",
                                "-R",
                                "127.0.0.2:0:127.0.0.1:9"))) {
            ConnectionService connection = next(host.clients());
            assertThat(next(host.unanswered())).isEqualTo(Silence.LISTENING_ONCE_MORE);
            QuietHost.open(connection, "forwarded-tcpip");
        } finally {
            host.silentAt(Silence.NOTHING);
        }

        hasHeard();
        everySessionHasAnEnd();
    }

    private List<String> withAgent(Path socket) {
        return bastion.ssh("alice+quiet", "-A", "top").stream()
                .map(word -> word.equals("IdentityAgent=none") ? "IdentityAgent=" + socket : word)
                .toList();
    }

    private void awaitOpened(String direction) {
        await().atMost(LIMIT)
                .until(() -> bastion.records(SessionStarted.class).size() > startsBefore + 1);
        assertThat(opened().direction()).isEqualTo(direction);
    }

    /** The record of the newest connection. */
    private ForwardOpened opened() {
        return bastion.records(ForwardOpened.class).getLast();
    }

    private void isRefusedAndRecorded() throws Exception {
        hasHeard();
        ForwardOpened opened = opened();
        SessionEnded end =
                bastion.awaitRecord(
                        SessionEnded.class, one -> one.context().equals(opened.context()));
        assertThat(end.reason()).isEqualTo("closed-by-client");
        ForwardClosed closed =
                bastion.awaitRecord(
                        ForwardClosed.class, one -> one.context().equals(opened.context()));
        assertThat(closed.toHost()).isZero();
        assertThat(closed.toOperator()).isZero();
        everySessionHasAnEnd();
    }

    /** The host's connection ends with the client's, maybe before it hears that it is refused. */
    private void hasHeard() {
        await().atMost(LIMIT).until(() -> host.open() == 0);
        assertThat(host.said())
                .hasSizeLessThanOrEqualTo(1)
                .allSatisfy(said -> {
                    assertThat(said.word()).isEqualTo("refused");
                    assertThat(said.reason()).isEqualTo(SshConstants.SSH_OPEN_CONNECT_FAILED);
                });
    }

    private void everySessionHasAnEnd() {
        List<SessionStarted> started = bastion.records(SessionStarted.class);
        await().atMost(LIMIT)
                .untilAsserted(() -> {
                    List<SessionEnded> ended = new ArrayList<>(bastion.records(SessionEnded.class));
                    assertThat(ended)
                            .extracting(SessionEnded::context)
                            .containsExactlyInAnyOrderElementsOf(
                                    started.stream().map(SessionStarted::context).toList());
                });
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException, IOException {
        @Nullable T next = queue.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (next == null) {
            throw new IOException("nothing came to the host");
        }
        return next;
    }
}
