package dev.bastion.server;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.menu.terminal.MenuWarmUp;
import dev.bastion.server.config.Settings;
import dev.bastion.server.gateway.Gateway;
import dev.bastion.server.gateway.GatewayLimits;
import dev.bastion.server.gateway.HostIdentity;
import dev.bastion.server.gateway.HostKeyFile;
import dev.bastion.server.gateway.LoginParts;
import dev.bastion.server.identity.AttemptLimiter;
import dev.bastion.server.identity.Authenticator;
import dev.bastion.server.local.ControlServer;
import dev.bastion.server.session.SessionParts;
import dev.bastion.server.session.SessionRegistry;
import dev.bastion.server.vault.VaultException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The composition root: opens every part in order, puts them together, and closes them in reverse.
 * Everything that is shared is made here, once.
 */
final class Bastion implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Bastion.class);
    private static final Duration SESSIONS_END = Duration.ofSeconds(5);

    private final Administration administration;
    private final SessionRegistry registry;
    private final Gateway gateway;
    private final ControlServer control;
    private final InetSocketAddress address;
    private boolean closed;

    private Bastion(
            Administration administration,
            SessionRegistry registry,
            Gateway gateway,
            ControlServer control,
            InetSocketAddress address) {
        this.administration = administration;
        this.registry = registry;
        this.gateway = gateway;
        this.control = control;
        this.address = address;
    }

    /**
     * Opens the data and the port.
     *
     * @throws IOException when the port or the control socket cannot be opened; the message is a
     *     sentence
     * @throws RuntimeException with a sentence when the data cannot be used
     */
    static Bastion start(Settings settings) throws IOException {
        warnOfSwitches();
        InstantSource clock = InstantSource.system();
        CompletableFuture<Void> menuIsWarm = warmUpMenu();
        SessionRegistry registry = new SessionRegistry(settings.ledgerHold(), settings.sessions());
        Administration administration = Administration.open(settings, clock, registry);
        registry.follow(administration.audit.log());
        registry.follow(administration.recordings);
        Gateway gateway = null;
        try {
            requireMasterKey(administration, settings);
            administration.recordings.closeUnfinished();
            gateway =
                    new Gateway(
                            new SessionParts(
                                    administration.directory,
                                    administration.access,
                                    administration.credentials,
                                    administration.hosts,
                                    administration.audit.log(),
                                    new SecretMask(settings.maskRules()),
                                    administration.console,
                                    registry,
                                    settings.sessions(),
                                    administration.recordings,
                                    settings.recordings().notice(),
                                    clock,
                                    new SecureRandom()),
                            new LoginParts(
                                    new Authenticator(administration.directory),
                                    new AttemptLimiter(clock),
                                    administration.audit.log(),
                                    clock),
                            new GatewayLimits(
                                    settings.loginGrace(),
                                    GatewayLimits.DEFAULT.authenticationRequests(),
                                    GatewayLimits.DEFAULT.channels(),
                                    settings.silenceLimit(),
                                    settings.rekey(),
                                    settings.door()),
                            new HostIdentity(
                                    hostKeys(settings),
                                    administration.jumpKeys,
                                    administration.certificates),
                            administration.loops);
            decideLeftOver(administration);
            menuIsWarm.join();
            InetSocketAddress address =
                    gateway.listen(settings.listenHost(), settings.listenPort());
            administration
                    .audit
                    .evidence()
                    .keep(settings.retention(), administration.shipping::oldestNeeded);
            ControlServer control = ControlServer.start(settings.control(), administration.console);
            administration.shipping.start();
            return new Bastion(administration, registry, gateway, control, address);
        } catch (IOException | RuntimeException e) {
            if (gateway != null) {
                gateway.close();
            }
            administration.close();
            throw e;
        }
    }

    private static List<HostKeyFile> hostKeys(Settings settings) throws IOException {
        List<HostKeyFile> keys = new ArrayList<>();
        keys.add(HostKeyFile.load(settings.hostKey()));
        if (settings.nextHostKey() != null) {
            keys.add(HostKeyFile.load(settings.nextHostKey()));
        }
        return keys;
    }

    /** A bastion with another's master key could reach no host; its admin hears it at once. */
    private static void requireMasterKey(Administration administration, Settings settings) {
        if (!administration.credentials.opensAny()) {
            throw new VaultException(
                    "the master key "
                            + settings.masterKey()
                            + " opens none of the stored credentials: put back the one that they"
                            + " were sealed under, or remove the accounts with 'bastion admin'");
        }
        var _ = administration.recordingKeys.current();
    }

    /**
     * Lines of sessions that a kill ended; beside all else, since it may take the database long.
     */
    private static void decideLeftOver(Administration administration) {
        var _ =
                Thread.ofVirtual()
                        .name("left-over-lines")
                        .start(() -> {
                            try {
                                int lines = administration.audit.decideLeftOver();
                                if (lines > 0) {
                                    LOG.warn("decided {} lines of sessions without an end", lines);
                                }
                            } catch (AuditLogException e) {
                                LOG.warn("lines of sessions without an end wait for a start", e);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    /** They are for benchmarks: whoever is recorded less than the documents say must be told. */
    private static void warnOfSwitches() {
        for (String switched : List.of("bastion.recordings", "bastion.lines")) {
            String value = System.getProperty(switched);
            if (value != null) {
                LOG.warn("-D{}={} is set: less is recorded than it should be", switched, value);
            }
        }
    }

    /** Beside the opening of the data, so that it costs the start little. */
    private static CompletableFuture<Void> warmUpMenu() {
        return CompletableFuture.runAsync(
                        MenuWarmUp::run, Thread.ofPlatform().name("menu-warm-up")::start)
                .exceptionally(failure -> {
                    LOG.warn("the menu could not be drawn at the start", failure);
                    return null;
                });
    }

    InetSocketAddress address() {
        return address;
    }

    Administration administration() {
        return administration;
    }

    /** How many sessions are relayed now. */
    int liveSessions() {
        return registry.size();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        LOG.info("stopping; {} sessions are told", registry.size());
        control.close();
        registry.close(SESSIONS_END);
        gateway.close();
        administration.close();
    }
}
