package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerStart;
import dev.bastion.audit.ledger.OldestSegments;
import dev.bastion.audit.proof.FolderEvidence;
import dev.bastion.audit.proof.RecordFields;
import dev.bastion.audit.recording.Recordings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is too old or too much: whole segments from the beginning of the ledger with their
 * rows, and recordings. Nothing under a hold, nothing that the database does not have yet, never
 * the last segment. Confined to the thread that runs it, under the lock of its owner.
 *
 * <p>The order is: the record in the ledger, the signed tombstone, the segments, the rows. Whatever
 * a kill leaves after the tombstone is finished by the next start or the next run.
 */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final FileLedger ledger;
    private final DataSource database;
    private final FolderEvidence files;
    private final RetentionOptions options;
    private final Consumer<AuditRecord> record;
    private final Instant now;

    /**
     * @param record returns when a record is durable
     */
    Retention(
            FileLedger ledger,
            DataSource database,
            FolderEvidence files,
            RetentionOptions options,
            Consumer<AuditRecord> record,
            Instant now) {
        this.ledger = ledger;
        this.database = database;
        this.files = files;
        this.options = options;
        this.record = record;
        this.now = now;
    }

    /** Signs a tombstone and makes it durable. */
    interface Gravedigger {
        void bury(long first, LedgerStart start, String reason) throws IOException;
    }

    /** Does all of it; returns how many entries went. */
    long run(long carried, Gravedigger gravedigger) throws IOException, SQLException {
        List<Hold> holds = HoldRows.active(database);
        long removed = entries(carried, holds, gravedigger);
        HoldRows.deleteUpTo(database, ledger.start().position().sequence());
        recordings(holds);
        return removed;
    }

    private long entries(long carried, List<Hold> holds, Gravedigger gravedigger)
            throws IOException {
        LedgerStart before = ledger.start();
        LedgerStart start = before;
        String reason = "";
        var oldest = new OldestSegments(files.segments(), before);
        long bytes = oldest.bytes();
        while (oldest.hasNext()) {
            boolean tooMuch = options.ledgerBytes() != null && bytes > options.ledgerBytes();
            boolean[] held = {false};
            OldestSegments.Segment segment =
                    oldest.next((sequence, payload) -> held[0] |= isHeld(holds, sequence, payload));
            boolean tooOld = isOlder(segment.newest(), options.ledgerAge());
            if (held[0] || !(tooMuch || tooOld) || segment.end().position().sequence() > carried) {
                break;
            }
            reason =
                    tooOld
                            ? "older than " + options.ledgerAge()
                            : "more than " + options.ledgerBytes() + " bytes";
            start = segment.end();
            bytes -= segment.bytes();
        }
        if (start.equals(before)) {
            return 0;
        }
        long first = before.position().sequence() + 1;
        long last = start.position().sequence();
        record.accept(
                new AuditRecord.EntriesRemoved(
                        now, first, last, start.position().hash().hex(), reason));
        gravedigger.bury(first, start, reason);
        ledger.remove(start);
        LOG.info("Retention removed entries {} to {} of the ledger: {}.", first, last, reason);
        return last - first + 1;
    }

    private static boolean isHeld(List<Hold> holds, long sequence, byte[] payload) {
        if (holds.isEmpty()) {
            return false;
        }
        Map<String, String> fields = RecordFields.of(payload);
        return holds.stream().anyMatch(hold -> hold.holds(sequence, fields));
    }

    private boolean isOlder(Instant time, @Nullable Duration age) {
        return age != null && time.isBefore(now.minus(age));
    }

    /** One recording's file. */
    private record Recording(Path file, Instant written, long bytes) {

        private static Recording of(Path file) {
            try {
                var attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Recording(
                        file, attributes.lastModifiedTime().toInstant(), attributes.size());
            } catch (IOException e) {
                throw new AuditLogException("The recording " + file + " cannot be read.", e);
            }
        }

        private String session() {
            String name = String.valueOf(file.getFileName());
            int point = name.indexOf('.');
            return point < 0 ? name : name.substring(0, point);
        }
    }

    private void recordings(List<Hold> holds) throws IOException, SQLException {
        Path folder = files.recordingFolder();
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Recording> oldestFirst = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(Recordings::hasEnded).map(Recording::of).forEach(oldestFirst::add);
        }
        oldestFirst.sort(Comparator.comparing(Recording::written));
        long bytes = oldestFirst.stream().mapToLong(Recording::bytes).sum();
        for (Recording recording : oldestFirst) {
            boolean tooMuch = options.recordingBytes() != null && bytes > options.recordingBytes();
            boolean tooOld = isOlder(recording.written(), options.recordingAge());
            if ((tooMuch || tooOld) && mayGo(recording, holds)) {
                remove(
                        recording,
                        tooOld
                                ? "older than " + options.recordingAge()
                                : "more than " + options.recordingBytes() + " bytes");
                bytes -= recording.bytes();
            }
        }
    }

    /** Of a session that has no rows any more nothing but its id is known. */
    private boolean mayGo(Recording recording, List<Hold> holds) throws SQLException {
        Optional<HoldRows.SessionFacts> found = HoldRows.session(database, recording.session());
        if (found.isEmpty()) {
            return holds.stream()
                    .noneMatch(hold -> hold.record().session().equals(recording.session()));
        }
        HoldRows.SessionFacts session = found.get();
        Map<String, String> fields =
                Map.of(
                        "session", recording.session(),
                        "user", session.user(),
                        "host", session.host(),
                        "time", session.time());
        return holds.stream().noneMatch(hold -> hold.holds(0, fields));
    }

    private void remove(Recording recording, String reason) throws IOException {
        String name = String.valueOf(recording.file().getFileName());
        SessionId session;
        try {
            session = new SessionId(recording.session());
        } catch (IllegalArgumentException e) {
            LOG.warn("{} is no recording; it is left alone.", recording.file());
            return;
        }
        record.accept(
                new AuditRecord.RecordingRemoved(now, session, name, files.sha256(name), reason));
        Files.deleteIfExists(recording.file());
        LOG.info("Retention removed the recording {}: {}.", name, reason);
    }
}
