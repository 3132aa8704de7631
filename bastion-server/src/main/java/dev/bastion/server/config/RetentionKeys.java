package dev.bastion.server.config;

import dev.bastion.audit.jdbc.RetentionOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The keys below {@code retention} in the configuration file; what is left out is kept for ever.
 */
record RetentionKeys(
        @Nullable Integer ledgerDays,
        @Nullable Integer ledgerMebibytes,
        @Nullable Integer recordingDays,
        @Nullable Integer recordingMebibytes) {

    private static final int MOST_DAYS = 36_500;

    /**
     * @throws IllegalArgumentException with the rest of a sentence when a value does not fit
     */
    RetentionOptions options() {
        return new RetentionOptions(
                days("ledgerDays", ledgerDays),
                bytes("ledgerMebibytes", ledgerMebibytes),
                days("recordingDays", recordingDays),
                bytes("recordingMebibytes", recordingMebibytes));
    }

    private static @Nullable Duration days(String key, @Nullable Integer value) {
        if (value == null) {
            return null;
        }
        if (value < 1 || value > MOST_DAYS) {
            throw new IllegalArgumentException(
                    key + " must be 1 to " + MOST_DAYS + ", was " + value);
        }
        return Duration.ofDays(value);
    }

    private static @Nullable Long bytes(String key, @Nullable Integer value) {
        if (value == null) {
            return null;
        }
        if (value < 1) {
            throw new IllegalArgumentException(key + " must be at least 1, was " + value);
        }
        return (long) value << 20;
    }
}
