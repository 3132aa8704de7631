package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerEntry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One entry as one line of JSON: {@code entry}, {@code hash}, {@code written}, {@code place}, and
 * {@code record} byte for byte as the ledger has it, so that the chain can be computed again from
 * the lines alone.
 */
final class JsonLine {

    /** What stands in a line besides the record, roughly. */
    private static final int FRAME_BYTES = 192;

    private JsonLine() {}

    /** The lines of these entries, each ended. */
    static byte[] lines(List<LedgerEntry> entries) {
        int size = entries.stream().mapToInt(entry -> entry.payloadBytes() + FRAME_BYTES).sum();
        var bytes = new ByteArrayOutputStream(size);
        for (LedgerEntry entry : entries) {
            bytes.writeBytes(
                    ("{\"entry\":"
                                    + entry.sequence().value()
                                    + ",\"hash\":\""
                                    + entry.hash()
                                    + "\",\"written\":\""
                                    + entry.written()
                                    + "\",\"place\":"
                                    + entry.placeInBatch()
                                    + ",\"record\":")
                            .getBytes(StandardCharsets.US_ASCII));
            bytes.writeBytes(entry.payload());
            bytes.writeBytes(new byte[] {'}', '\n'});
        }
        return bytes.toByteArray();
    }
}
