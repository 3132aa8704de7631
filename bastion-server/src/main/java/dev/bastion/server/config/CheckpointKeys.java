package dev.bastion.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The keys below {@code checkpoints} in the configuration file.
 *
 * @param node letters, digits, {@code . _ -}
 */
record CheckpointKeys(
        @Nullable String key,
        @Nullable String node,
        @Nullable Integer entries,
        @Nullable Integer seconds,
        @Nullable String file,
        @Nullable Boolean standardOutput,
        @Nullable Boolean syslog) {

    private static final int MOST_ENTRIES = 1_000_000;
    private static final int MOST_SECONDS = 86_400;

    /**
     * @throws IllegalArgumentException with the rest of a sentence when a value does not fit
     */
    CheckpointSettings over(CheckpointSettings defaults) {
        if (node != null && !node.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "node must be letters, digits, '.', '_' or '-', was '" + node + "'");
        }
        return new CheckpointSettings(
                path("key", key, defaults.key()),
                node == null ? defaults.node() : node,
                number("entries", entries, defaults.entries(), MOST_ENTRIES),
                Duration.ofSeconds(
                        number(
                                "seconds",
                                seconds,
                                (int) defaults.interval().toSeconds(),
                                MOST_SECONDS)),
                file == null ? defaults.file() : path("file", file, Path.of("")),
                standardOutput == null ? defaults.standardOutput() : standardOutput,
                syslog == null ? defaults.syslog() : syslog);
    }

    private static int number(String key, @Nullable Integer value, int otherwise, int most) {
        if (value == null) {
            return otherwise;
        }
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(key + " must be 1 to " + most + ", was " + value);
        }
        return value;
    }

    private static Path path(String key, @Nullable String text, Path otherwise) {
        try {
            return text == null ? otherwise : Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(key + " is no path: " + e.getReason(), e);
        }
    }
}
