package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.rig.InMemoryAuditLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** keys → ShellTap → host, which gets what no barrier holds back; the log is the test's. */
final class TappedShell {

    /** What a shell's tap does with a chunk: it passes, and answers nothing itself. */
    interface Passing {
        void pass(int offset, int length, @Nullable CompletableFuture<?> barrier);
    }

    static RelayTap.Passage passage(Passing passing) {
        return new RelayTap.Passage() {
            @Override
            public void pass(int offset, int length, @Nullable CompletableFuture<?> barrier) {
                passing.pass(offset, length, barrier);
            }

            @Override
            public void passKept(byte[] kept, int offset, int length) {
                throw new AssertionError("a shell's tap keeps nothing back");
            }

            @Override
            public void answer(byte[] bytes) {
                throw new AssertionError("a shell's tap answers nothing");
            }
        };
    }

    private record Part(byte[] bytes, @Nullable CompletableFuture<?> barrier) {}

    final InMemoryAuditLog log = new InMemoryAuditLog();
    final ShellTap tap;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private final ByteArrayOutputStream host = new ByteArrayOutputStream();

    TappedShell(boolean terminal) {
        SessionContext context =
                new SessionContext(
                        new ConnectionId("c"), new SessionId("s"), "olga", "::1", "web1", "root");
        SessionRecorder recorder = new SessionRecorder(log, context, () -> Instant.EPOCH);
        tap = new ShellTap(recorder, terminal, true, 0);
    }

    void type(String keys) {
        type(keys.getBytes(StandardCharsets.UTF_8));
    }

    void type(byte[] keys) {
        int[] passed = {0};
        tap.toHost(
                keys,
                0,
                keys.length,
                passage((offset, length, barrier) -> {
                    assertThat(offset).isEqualTo(passed[0]);
                    passed[0] += length;
                    byte[] part = java.util.Arrays.copyOfRange(keys, offset, offset + length);
                    parts.add(new Part(part, barrier));
                }));
        assertThat(passed[0]).isEqualTo(keys.length);
    }

    void show(String output) {
        byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
        tap.toOperator(
                0,
                bytes,
                0,
                bytes.length,
                passage((offset, length, barrier) -> assertThat(length).isEqualTo(bytes.length)));
    }

    /** Types, and the host echoes each key. */
    void echoed(String keys) {
        type(keys);
        show(keys);
    }

    /** What the host has by now. */
    byte[] hostBytes() {
        Part next = parts.peek();
        while (next != null && (next.barrier == null || next.barrier.isDone())) {
            if (next.barrier != null && next.barrier.isCompletedExceptionally()) {
                break;
            }
            host.writeBytes(next.bytes);
            parts.remove();
            next = parts.peek();
        }
        return host.toByteArray();
    }

    String host() {
        return new String(hostBytes(), StandardCharsets.UTF_8);
    }

    /**
     * Lines as they stand in the ledger, {@code NUMBER:COMMAND}; what a judgement says: {@code =}.
     */
    List<String> lines() {
        return log.records.stream().map(TappedShell::line).toList();
    }

    private static String line(AuditRecord record) {
        return switch (record) {
            case AuditRecord.CommandEntered entered -> entered.seq() + ":" + entered.command();
            case AuditRecord.CommandJudged judged -> judged.seq() + "=" + judged.command();
            default -> throw new AssertionError(record);
        };
    }
}
