package dev.bastion.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the ledger is signed. Immutable.
 *
 * @param key file of the private key
 * @param node name of this bastion in what it signs, when the key is made
 * @param entries so many make a checkpoint due
 * @param interval so long after an entry one is due
 * @param file where checkpoints go besides; may be absent
 * @param standardOutput whether they are printed, too
 * @param syslog whether they are sent to the receivers of syslog, too
 */
public record CheckpointSettings(
        Path key,
        String node,
        int entries,
        Duration interval,
        @Nullable Path file,
        boolean standardOutput,
        boolean syslog) {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int MOST_CHARACTERS = 64;

    /** A checkpoint each 1,000 entries and each minute, kept with the ledger only. */
    static CheckpointSettings defaults(Path keys) {
        return new CheckpointSettings(
                keys.resolve("ledger_ed25519"),
                hostName(),
                1_000,
                Duration.ofSeconds(60),
                /* file= */ null,
                /* standardOutput= */ false,
                /* syslog= */ false);
    }

    private static String hostName() {
        try {
            String name = Files.readString(HOST_NAME).strip().replaceAll("[^A-Za-z0-9._-]", "-");
            String bounded = name.substring(0, Math.min(name.length(), MOST_CHARACTERS));
            return bounded.matches("[A-Za-z0-9].*") ? bounded : "bastion";
        } catch (IOException e) {
            return "bastion";
        }
    }
}
