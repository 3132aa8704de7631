package dev.bastion.audit.jdbc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is kept; an absent limit keeps all. Immutable.
 *
 * @param ledgerAge of the newest entry of a segment
 * @param ledgerBytes of all segments together
 * @param recordingAge since a recording was last written
 * @param recordingBytes of all recordings together
 */
public record RetentionOptions(
        @Nullable Duration ledgerAge,
        @Nullable Long ledgerBytes,
        @Nullable Duration recordingAge,
        @Nullable Long recordingBytes) {

    /** Nothing is removed. */
    public static final RetentionOptions KEEP_ALL = new RetentionOptions(null, null, null, null);

    boolean keepsAll() {
        return equals(KEEP_ALL);
    }
}
