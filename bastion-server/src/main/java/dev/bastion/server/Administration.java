package dev.bastion.server;

import dev.bastion.audit.jdbc.AuditStore;
import dev.bastion.audit.ledger.LedgerOptions;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.audit.proof.CheckpointFile;
import dev.bastion.audit.proof.CheckpointSink;
import dev.bastion.audit.proof.ProofOptions;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.audit.shipping.ShipTo;
import dev.bastion.audit.shipping.Shipping;
import dev.bastion.audit.shipping.SyslogCheckpoints;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostConnector;
import dev.bastion.server.config.CheckpointSettings;
import dev.bastion.server.config.Settings;
import dev.bastion.server.console.Console;
import dev.bastion.server.console.ConsoleParts;
import dev.bastion.server.console.HostAuthority;
import dev.bastion.server.console.LiveSessions;
import dev.bastion.server.directory.BastionDatabase;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import dev.bastion.server.gateway.HostCertificates;
import dev.bastion.server.transport.DerivedHostKeys;
import dev.bastion.server.transport.loop.EventLoops;
import dev.bastion.server.vault.MasterKey;
import dev.bastion.server.vault.RecordingKeyFile;
import dev.bastion.server.vault.Vault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A data folder, opened: all that commands work on, without the door. Used by the running bastion,
 * and by {@code bastion admin} when none runs.
 */
final class Administration implements AutoCloseable {

    final AuditStore audit;
    final Shipping shipping;
    final BastionDatabase database;
    final Directory directory;
    final Recordings recordings;
    final RecordingKeyFile recordingKeys;
    final AccessControl access;
    final CredentialStore credentials;
    final EventLoops loops = new EventLoops();
    final HostConnector hosts;
    final Console console;
    final DerivedHostKeys jumpKeys;
    final @Nullable HostCertificates certificates;

    /**
     * Opens it.
     *
     * @throws RuntimeException with a sentence when something of it is missing, damaged or in use
     */
    static Administration open(Settings settings, InstantSource clock) {
        return open(settings, clock, LiveSessions.NONE);
    }

    /**
     * The same of a bastion that serves.
     *
     * @param sessions those under way
     */
    static Administration open(Settings settings, InstantSource clock, LiveSessions sessions) {
        MasterKey master = MasterKey.load(settings.masterKey());
        AuditStore audit =
                AuditStore.open(
                        settings.ledger(),
                        settings.database(),
                        clock,
                        LedgerOptions.defaults(),
                        proof(settings));
        try {
            return new Administration(settings, clock, sessions, master, audit);
        } catch (RuntimeException e) {
            audit.close();
            throw e;
        }
    }

    private Administration(
            Settings settings,
            InstantSource clock,
            LiveSessions sessions,
            MasterKey master,
            AuditStore audit) {
        this.audit = audit;
        Vault vault = new Vault(master);
        this.recordingKeys = new RecordingKeyFile(settings.recordings().keys(), vault);
        this.recordings =
                new Recordings(settings.recordings().folder(), recordingKeys, audit.log(), clock);
        this.shipping = Shipping.of(audit.ledger(), settings.shipping(), settings.ship());
        this.database = BastionDatabase.open(settings.database());
        this.directory = Directory.load(database);
        this.access = new AccessControl(directory::snapshot, directory);
        this.credentials = new CredentialStore(directory, vault);
        this.jumpKeys = new DerivedHostKeys(master.derive("host keys of jumps"));
        this.certificates = certificates(settings, clock);
        this.hosts =
                new HostConnector(
                        new HostConnector.Limits(
                                settings.connectLimit(),
                                settings.authenticateLimit(),
                                settings.silenceLimit(),
                                settings.rekey()),
                        loops);
        this.console =
                new Console(
                        new ConsoleParts(
                                directory,
                                access,
                                credentials,
                                audit.log(),
                                audit.reader(),
                                audit.ledger()::read,
                                recordings,
                                sessions,
                                audit.evidence(),
                                hosts,
                                jumpKeys::publicKeyOf,
                                certificates == null
                                        ? null
                                        : new HostAuthority(
                                                certificates.publicKey(), certificates.names()),
                                new SecretMask(settings.maskRules()),
                                shipping::states,
                                clock));
        hosts.start();
    }

    private static ProofOptions proof(Settings settings) {
        CheckpointSettings checkpoints = settings.checkpoints();
        List<CheckpointSink> sinks = new ArrayList<>();
        Path file = checkpoints.file();
        if (file != null) {
            sinks.add(new CheckpointFile(file));
        }
        if (checkpoints.syslog()) {
            for (ShipTo receiver : settings.ship()) {
                if (receiver instanceof ShipTo.Syslog syslog) {
                    sinks.add(new SyslogCheckpoints(syslog));
                }
            }
        }
        return new ProofOptions(
                checkpoints.key(),
                checkpoints.node(),
                checkpoints.entries(),
                checkpoints.interval(),
                settings.recordings().folder(),
                sinks);
    }

    private static @Nullable HostCertificates certificates(Settings settings, InstantSource clock) {
        if (!settings.door().hostCertificates()) {
            return null;
        }
        try {
            return HostCertificates.load(settings.hostCa(), settings.door().names(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        hosts.close();
        loops.close();
        recordings.close();
        database.close();
        audit.close();
        shipping.close();
    }
}
