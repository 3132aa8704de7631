package dev.bastion.audit.recording;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditLogState;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.crypto.spec.SecretKeySpec;

/** Recordings of alice in a folder, under one key, and the list of what the ledger would get. */
final class RecordingScene implements AutoCloseable {

    static final Instant START = Instant.parse("2026-03-01T12:00:00.123456Z");

    final Path folder;
    final List<AuditRecord> ledger = new CopyOnWriteArrayList<>();
    final RecordingKeys keys = keys(7, (byte) 1);
    final Recordings recordings;

    RecordingScene(Path folder) {
        this.folder = folder;
        recordings = new Recordings(folder, keys, new ListLog(ledger), () -> START);
    }

    static RecordingKeys keys(long id, byte content) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, content);
        RecordingKey key = new RecordingKey(id, new SecretKeySpec(bytes, "Generic"));
        return new RecordingKeys() {
            @Override
            public RecordingKey current() {
                return key;
            }

            @Override
            public Optional<RecordingKey> byId(long wanted) {
                return wanted == id ? Optional.of(key) : Optional.empty();
            }
        };
    }

    Recording begin(String session) throws RecordingException {
        return recordings.begin(
                new RecordingHeader.Subject(
                        Records.context("alice", session, "web1"), "shell", "xterm", 80, 24),
                START);
    }

    Path file(String session) {
        return folder.resolve(session + ".recording");
    }

    static void await(CompletableFuture<?> future) {
        try {
            future.get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** All events of a file as far as it can be read, then its end. */
    record Read(List<RecordingEvent> events, RecordingEnd end) {

        byte[] output() {
            var bytes = new java.io.ByteArrayOutputStream();
            for (RecordingEvent event : events) {
                if (event instanceof RecordingEvent.Output output) {
                    bytes.writeBytes(output.bytes());
                }
            }
            return bytes.toByteArray();
        }
    }

    Read read(Path file) throws RecordingException {
        try (RecordingReader reader = RecordingReader.open(file, keys)) {
            return rest(reader);
        }
    }

    static Read rest(RecordingReader reader) throws RecordingException {
        List<RecordingEvent> events = new ArrayList<>();
        for (RecordingEvent event = reader.next(); event != null; event = reader.next()) {
            events.add(event);
        }
        return new Read(events, reader.end());
    }

    Read read(String session) throws RecordingException {
        try (RecordingReader reader = recordings.read(new SessionId(session))) {
            return rest(reader);
        }
    }

    @Override
    public void close() {
        recordings.close();
    }

    /** Durable at once. */
    private record ListLog(List<AuditRecord> records) implements AuditLog {

        @Override
        public CompletableFuture<SequenceNumber> append(AuditRecord record) {
            records.add(record);
            return CompletableFuture.completedFuture(new SequenceNumber(records.size()));
        }

        @Override
        public CompletableFuture<SequenceNumber> appendAll(List<? extends AuditRecord> all) {
            records.addAll(all);
            return CompletableFuture.completedFuture(new SequenceNumber(records.size()));
        }

        @Override
        public CompletableFuture<SequenceNumber> appendSoon(List<? extends AuditRecord> all) {
            return appendAll(all);
        }

        @Override
        public void hurry() {}

        @Override
        public AuditLogState state() {
            return new AuditLogState.Writable();
        }

        @Override
        public AutoCloseable onStateChange(Consumer<AuditLogState> listener) {
            return () -> {};
        }

        @Override
        public void close() {}
    }
}
