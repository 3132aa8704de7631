package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditLogException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a ledger ready to be appended to: checks all of it, cuts a torn write off its end, refuses
 * when anything else is wrong. Runs on the opener's thread, under the directory's lock.
 *
 * <p>The last segment's bytes are written and synced once more: if the process before died after a
 * failed sync, the system may show what is not on the device.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int COPY_BYTES = 1 << 20;

    private Recovery() {}

    /** What was found, and where appending goes on. */
    record Recovered(RecoveryReport report, SegmentAppender.LedgerEnd end) {}

    /**
     * @throws AuditLogException when the ledger is damaged, naming the segment, the offset and the
     *     sequence number
     */
    static Recovered recover(SegmentFolder folder, SegmentFiles files, LedgerStart start)
            throws IOException {
        Files.deleteIfExists(folder.unfinished());
        folder.deleteUpTo(start.segments());
        return switch (LedgerWalk.walk(folder.path(), start)) {
            case LedgerWalk.Outcome.Damaged damaged ->
                    throw new AuditLogException(
                            "The ledger is damaged: segment %s, offset %d, entry %d: %s"
                                    .formatted(
                                            damaged.segment(),
                                            damaged.offset(),
                                            damaged.sequence(),
                                            damaged.reason()));
            case LedgerWalk.Outcome.Whole whole when whole.lastOrdinal() == 0 ->
                    new Recovered(
                            report(whole, ""),
                            new SegmentAppender.LedgerEnd(LedgerPosition.START, 0, 0, null, 0, 0));
            case LedgerWalk.Outcome.Whole whole -> reopen(folder, files, whole);
        };
    }

    private static Recovered reopen(
            SegmentFolder folder, SegmentFiles files, LedgerWalk.Outcome.Whole whole)
            throws IOException {
        Path path = folder.segment(whole.lastOrdinal());
        String name = String.valueOf(path.getFileName());
        SegmentHeader header;
        try {
            header = SegmentHeader.read(path);
        } catch (SegmentHeader.DamagedHeaderException e) {
            throw new IOException(e);
        }
        SegmentFile segment = files.open(path);
        try {
            if (whole.tornBytes() > 0) {
                LOG.warn(
                        "Cut {} bytes of a torn, never acknowledged write from segment {} at"
                                + " offset {}, after entry {}.",
                        whole.tornBytes(),
                        name,
                        whole.end(),
                        whole.position().sequence());
                segment.write(ByteBuffer.allocate(Math.toIntExact(whole.tornBytes())), whole.end());
            }
            writeAgain(path, segment, whole.end());
            segment.force();
        } catch (IOException | RuntimeException e) {
            segment.close();
            throw e;
        }
        return new Recovered(
                report(whole, whole.tornBytes() > 0 ? name : ""),
                new SegmentAppender.LedgerEnd(
                        whole.position(),
                        whole.lastOrdinal(),
                        header.first(),
                        segment,
                        Files.size(path),
                        whole.end()));
    }

    private static void writeAgain(Path path, SegmentFile segment, long end) throws IOException {
        try (var in = Files.newInputStream(path)) {
            long at = 0;
            while (at < end) {
                byte[] bytes = in.readNBytes((int) Math.min(COPY_BYTES, end - at));
                segment.write(ByteBuffer.wrap(bytes), at);
                at += bytes.length;
            }
        }
    }

    private static RecoveryReport report(LedgerWalk.Outcome.Whole whole, String cutSegment) {
        return new RecoveryReport(
                whole.position().sequence(),
                whole.position().hash(),
                whole.tornBytes(),
                cutSegment);
    }
}
