package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;

/**
 * A hold that is not released. Immutable.
 *
 * @param entry in which it was placed
 */
public record Hold(long entry, AuditRecord.HoldPlaced record) {

    /**
     * Whether an entry is held: all that the hold names is the entry's.
     *
     * @param fields of its record: {@code session}, {@code user} or {@code actor}, {@code host},
     *     {@code time}
     */
    boolean holds(long sequence, Map<String, String> fields) {
        // The hold itself stays as long as it holds, so that a rebuilt database knows it.
        return sequence == entry
                || (matches(record.session(), fields.get("session"))
                        && (matches(record.user(), fields.get("user"))
                                || matches(record.user(), fields.get("actor")))
                        && matches(record.host(), fields.get("host"))
                        && within(fields.get("time")));
    }

    private static boolean matches(String wanted, @org.jspecify.annotations.Nullable String value) {
        return wanted.isEmpty() || wanted.equals(value);
    }

    private boolean within(@org.jspecify.annotations.Nullable String time) {
        if (record.since().isEmpty() && record.until().isEmpty()) {
            return true;
        }
        try {
            Instant at = Instant.parse(String.valueOf(time));
            return (record.since().isEmpty() || !at.isBefore(Instant.parse(record.since())))
                    && (record.until().isEmpty() || at.isBefore(Instant.parse(record.until())));
        } catch (DateTimeException e) {
            return true;
        }
    }
}
