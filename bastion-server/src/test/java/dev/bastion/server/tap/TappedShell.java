package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.server.relay.RelayTap;
import dev.bastion.server.rig.InMemoryAuditLog;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** keys → tap → host, which gets what no barrier holds back; log and clock are the test's. */
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
    final RelayTap tap;
    private long nowNanos;
    private boolean faulty;
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private final ByteArrayOutputStream host = new ByteArrayOutputStream();

    /** A shell in a terminal of 80 columns and 24 rows. */
    TappedShell() {
        tap = new ShellTap(recorder(), new SecureRandom(), 80, 24, 0, () -> nowNanos);
    }

    private TappedShell(RelayTapOf made) {
        tap = made.tap(recorder());
    }

    private interface RelayTapOf {
        RelayTap tap(SessionRecorder recorder);
    }

    /** A shell without a terminal. */
    static TappedShell script() {
        return new TappedShell(recorder -> new ScriptTap(recorder, true));
    }

    private SessionRecorder recorder() {
        SessionContext context =
                new SessionContext(
                        new ConnectionId("c"), new SessionId("s"), "olga", "::1", "web1", "root");
        return new SessionRecorder(log, context, this::now, new SecretMask(List.of()));
    }

    private Instant now() {
        if (faulty) {
            faulty = false;
            throw new IllegalStateException("the clock");
        }
        return Instant.EPOCH;
    }

    /** What makes the next record fails while it does. */
    void failNextRecord() {
        faulty = true;
    }

    /** Time passes. */
    void waits(long milliseconds) {
        nowNanos += milliseconds * 1_000_000;
    }

    CompletableFuture<?> end() {
        return tap.ended();
    }

    /** Keys that must not be passed on. */
    void typeInVain(String keys) {
        byte[] bytes = keys.getBytes(StandardCharsets.UTF_8);
        tap.toHost(
                bytes,
                0,
                bytes.length,
                passage((offset, length, barrier) -> {
                    throw new AssertionError("passed after the end");
                }));
    }

    void type(String keys) {
        type(keys.getBytes(StandardCharsets.UTF_8));
    }

    void type(byte[] keys) {
        waits(50);
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
        waits(1);
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
        for (int i = 0; i < keys.length(); i++) {
            type(keys.substring(i, i + 1));
            show(keys.substring(i, i + 1));
        }
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
     * Lines as they stand in the ledger: {@code NUMBER:TEXT} as entered, {@code NUMBER=KIND TEXT}
     * as decided.
     */
    List<String> lines() {
        return log.records.stream().map(TappedShell::line).toList();
    }

    /** The ones that were decided. */
    List<String> decided() {
        return lines().stream().filter(line -> line.matches("(?s)\\d+=.*")).toList();
    }

    private static String line(AuditRecord record) {
        return switch (record) {
            case AuditRecord.CommandEntered script -> script.seq() + ":" + script.command();
            case AuditRecord.LineEntered entered -> entered.seq() + ":" + entered.command();
            case AuditRecord.LineDecided decided ->
                    decided.seq() + "=" + decided.line().word() + " " + decided.command();
            default -> throw new AssertionError(record);
        };
    }
}
