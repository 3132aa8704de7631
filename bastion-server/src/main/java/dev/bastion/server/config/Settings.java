package dev.bastion.server.config;

import dev.bastion.audit.jdbc.RetentionOptions;
import dev.bastion.audit.mask.MaskRule;
import dev.bastion.audit.shipping.ShipTo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a bastion keeps its things, and its limits. Immutable.
 *
 * @param listenHost an address of this machine
 * @param listenPort 0 for any free one
 * @param nextHostKey that clients are to learn before it is used; may be absent
 * @param ledgerHold how long sessions are held while the ledger cannot be written, before they are
 *     ended
 * @param connectLimit name and TCP of a host
 * @param authenticateLimit key exchange and authentication at a host, and each answer after it
 * @param loginGrace from an operator's connect to their being logged in
 * @param silenceLimit how long a client or a host that was logged in may say nothing
 * @param sessions how long sessions may last
 * @param rekey when keys are exchanged anew
 * @param recordings where they are
 * @param maskRules shapes of secrets in command lines besides the known ones
 * @param shipping folder of the positions of those that the record is passed on to
 * @param ship whom the record is passed on to
 * @param checkpoints how the ledger is signed
 * @param retention what is kept
 */
public record Settings(
        String listenHost,
        int listenPort,
        Path ledger,
        Path database,
        Path hostKey,
        @Nullable Path nextHostKey,
        Path masterKey,
        Path control,
        Duration ledgerHold,
        Duration connectLimit,
        Duration authenticateLimit,
        Duration loginGrace,
        Duration silenceLimit,
        SessionLimits sessions,
        RekeyLimit rekey,
        DoorSettings door,
        List<MaskRule> maskRules,
        Path shipping,
        List<ShipTo> ship,
        RecordingSettings recordings,
        CheckpointSettings checkpoints,
        RetentionOptions retention) {

    public Settings {
        maskRules = List.copyOf(maskRules);
        ship = List.copyOf(ship);
    }

    /** The settings of a data folder that no file changes. */
    public static Settings of(Path data) {
        Path keys = data.resolve("keys");
        return new Settings(
                "127.0.0.1",
                2222,
                data.resolve("ledger"),
                data.resolve("db"),
                keys.resolve("host_ed25519"),
                null,
                keys.resolve("master.key"),
                data.resolve("control"),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(60),
                Duration.ofSeconds(90),
                SessionLimits.NONE,
                RekeyLimit.DEFAULT,
                DoorSettings.DEFAULT,
                List.of(),
                data.resolve("shipping"),
                List.of(),
                RecordingSettings.of(data, keys),
                CheckpointSettings.defaults(keys),
                RetentionOptions.KEEP_ALL);
    }

    /**
     * The settings of a data folder with what the file and the command line change.
     *
     * @param file absent for the defaults
     * @param listen {@code HOST:PORT} of the command line, which wins over the file; may be absent
     * @throws SettingsException when something in them is wrong
     */
    public static Settings load(Path data, @Nullable Path file, @Nullable String listen) {
        Settings settings = file == null ? of(data) : SettingsFile.read(file, of(data));
        return listen == null ? settings : ListenAddress.parse(listen).applyTo(settings);
    }

    /** The same, listening elsewhere. */
    public Settings listening(String host, int port) {
        return new Settings(
                host,
                port,
                ledger,
                database,
                hostKey,
                nextHostKey,
                masterKey,
                control,
                ledgerHold,
                connectLimit,
                authenticateLimit,
                loginGrace,
                silenceLimit,
                sessions,
                rekey,
                door,
                maskRules,
                shipping,
                ship,
                recordings,
                checkpoints,
                retention);
    }

    /** The key that signs host certificates, beside the host key. */
    public Path hostCa() {
        return hostKey.resolveSibling("host_ca");
    }
}
