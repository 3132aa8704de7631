package dev.bastion.server.replay;

import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.recording.Recording;
import dev.bastion.audit.recording.RecordingException;
import dev.bastion.audit.recording.RecordingHeader;
import dev.bastion.audit.recording.RecordingKey;
import dev.bastion.audit.recording.RecordingKeys;
import dev.bastion.audit.recording.RecordingReader;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.server.rig.InMemoryAuditLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;

/** The recording of session s1, of a terminal of 40 by 8, made by a clock that the test sets. */
public final class RecordedScene implements RecordingKeys, AutoCloseable {

    public static final SessionContext CONTEXT =
            new SessionContext(
                    new ConnectionId("c"), new SessionId("s1"), "alice", "::1", "web1", "root");

    private final RecordingKey key =
            new RecordingKey(1, new SecretKeySpec(new byte[32], "Generic"));
    private final Path folder;
    private final Recordings recordings;
    private final Recording recording;
    private long nanos;

    public RecordedScene(Path folder) throws RecordingException {
        this.folder = folder;
        Instant start = Instant.parse("2026-03-01T12:00:00Z");
        recordings = new Recordings(folder, this, new InMemoryAuditLog(), () -> start);
        recording =
                recordings.begin(
                        new RecordingHeader.Subject(CONTEXT, "shell", "xterm", 40, 8),
                        start,
                        () -> nanos);
    }

    @Override
    public RecordingKey current() {
        return key;
    }

    @Override
    public Optional<RecordingKey> byId(long id) {
        return Optional.of(key);
    }

    /** The host shows this at this time; a frame of its own. */
    public RecordedScene shows(double seconds, String text) throws RecordingException {
        adds(seconds, text);
        recording.flush();
        return this;
    }

    /** The same, in one frame with what comes next. */
    RecordedScene adds(double seconds, String text) {
        nanos = Math.round(seconds * 1e9);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var _ = recording.output(bytes, 0, bytes.length);
        return this;
    }

    public RecordedScene ends(double seconds) throws Exception {
        nanos = Math.round(seconds * 1e9);
        recording.end("exit-status 0 exited").get(20, TimeUnit.SECONDS);
        return this;
    }

    public Path file() {
        return folder.resolve("s1.recording");
    }

    public Recordings recordings() {
        return recordings;
    }

    RecordingReader open() throws RecordingException {
        return RecordingReader.open(file(), this);
    }

    @Override
    public void close() {
        recordings.close();
    }
}
