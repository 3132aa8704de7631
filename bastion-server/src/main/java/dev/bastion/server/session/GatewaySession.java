package dev.bastion.server.session;

import dev.bastion.menu.MenuHost;
import dev.bastion.menu.TargetMenu;
import dev.bastion.menu.terminal.KeySource;
import dev.bastion.menu.terminal.MenuChoice;
import dev.bastion.menu.terminal.MenuTerminal;
import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.access.Right;
import dev.bastion.server.console.Caller;
import dev.bastion.server.console.ConsoleStreams;
import dev.bastion.server.identity.User;
import dev.bastion.server.relay.Terminal;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one channel of an operator from its request to its end: the bastion's own command, the
 * menu and the hosts picked from it, the files of all hosts, or one target named in the address.
 *
 * <p>Runs on a virtual thread of its own, which waits while a host is relayed.
 */
public final class GatewaySession implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewaySession.class);

    private final SessionParts parts;
    private final ClientConnection client;
    private final OperatorSide side;
    private final Visitor visitor;
    private final Messages messages;

    /**
     * @param client whose connection the channel is on
     */
    public GatewaySession(SessionParts parts, ClientConnection client, OperatorSide side) {
        this.parts = parts;
        this.client = client;
        this.side = side;
        this.visitor = client.visitor;
        this.messages = new Messages(side);
    }

    @Override
    public void run() {
        try {
            serve();
        } catch (IOException e) {
            LOG.debug("{} left", visitor, e);
        } catch (RuntimeException e) {
            LOG.error("a session of {} failed", visitor.user(), e);
            messages.say("the bastion failed to serve this session; tell an administrator");
            side.exit(TargetOutcome.BASTION_FAILED);
        } finally {
            side.close();
        }
    }

    private void serve() throws IOException {
        Optional<User> user = parts.directory().user(visitor.user()).filter(User::enabled);
        if (user.isEmpty()) {
            messages.say("you are no longer let in; tell an administrator");
            side.exit(TargetOutcome.BASTION_FAILED);
            return;
        }
        String host = visitor.host();
        if (host != null) {
            TargetOutcome outcome =
                    new TargetSession(parts, client, side, messages::say, messages)
                            .run(user.get(), host, visitor.account(), false);
            outcome.tell(side);
            return;
        }
        switch (side.request().kind()) {
            case "exec" -> command(user.get(), side.request().command());
            case "shell" -> {
                if (side.terminal() == null) {
                    command(user.get(), "hosts");
                } else {
                    menu(user.get());
                }
            }
            default -> {
                if (side.request().command().equals("sftp")) {
                    new FleetSession(parts, client, side, messages).run().tell(side);
                } else {
                    messages.say("of the subsystems only sftp is served");
                    side.exit(1);
                }
            }
        }
    }

    private void command(User user, String commandLine) throws IOException {
        Terminal terminal = side.terminal();
        boolean person = terminal != null;
        try (OutputStream out = text(side.output(), person);
                OutputStream err = text(side.errors(), person)) {
            ConsoleStreams streams =
                    new ConsoleStreams(
                            side.input(),
                            out,
                            err,
                            person,
                            terminal == null ? 0 : terminal.columns(),
                            person ? new OperatorScreen(side) : null);
            int status =
                    parts.console()
                            .execute(
                                    new Caller(user.name(), user.roles(), visitor.from()),
                                    commandLine,
                                    streams);
            out.flush();
            err.flush();
            side.exit(status);
        }
    }

    private static OutputStream text(OutputStream out, boolean terminal) {
        return terminal ? new CrLfOutputStream(out) : new BufferedOutputStream(out);
    }

    /** The menu, the host that is picked, and the menu again, until the operator leaves. */
    private void menu(User user) throws IOException {
        String notice = "";
        while (true) {
            List<MenuHost> hosts = reachable(user);
            TargetMenu menu = new TargetMenu(hosts);
            menu.notice(notice);
            MenuTerminal terminal =
                    new MenuTerminal(
                            keys(),
                            side.output(),
                            currentTerminal().type(),
                            () -> currentTerminal().columns(),
                            () -> currentTerminal().rows());
            switch (terminal.run(menu)) {
                case MenuChoice.Target(String host, String account) -> {
                    TargetOutcome outcome =
                            new TargetSession(parts, client, side, messages::say, messages)
                                    .run(user, host, account, true);
                    notice = outcome.notice(host);
                }
                case MenuChoice.Left left -> {
                    side.exit(0);
                    return;
                }
                case MenuChoice.Idle idle -> {
                    messages.say(
                            "no key was pressed for "
                                    + Spans.text(parts.limits().idle())
                                    + "; the menu was closed");
                    side.exit(TargetOutcome.BASTION_FAILED);
                    return;
                }
                case MenuChoice.Gone gone -> {
                    return;
                }
            }
        }
    }

    private KeySource keys() {
        return parts.limits().hasIdle()
                ? new IdleKeys(side.keys(), parts.limits().idle())
                : side.keys();
    }

    private Terminal currentTerminal() {
        Terminal terminal = side.terminal();
        if (terminal == null) {
            throw new IllegalStateException("the menu needs a terminal");
        }
        return terminal;
    }

    private List<MenuHost> reachable(User user) {
        Instant now = parts.clock().instant();
        return parts.access().reachable(user, visitor.from(), Right.SHELL, now).stream()
                .map(GatewaySession::menuHost)
                .toList();
    }

    private static MenuHost menuHost(ReachableHost reachable) {
        var host = reachable.host();
        return new MenuHost(
                host.name(),
                host.port() == 22 ? host.address() : host.address() + ":" + host.port(),
                host.description(),
                host.groups().stream().sorted().toList(),
                host.labels(),
                reachable.accounts(),
                reachable.lastUsed());
    }
}
