package dev.bastion.server.console;

import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hosts}: what the asking user may reach, and how to write it. */
@Command(name = "hosts", description = "Lists the hosts that you may reach.")
final class HostsCommand implements Callable<Integer> {

    private static final int SSH_PORT = 22;

    private final CommandContext context;

    @Option(names = "--format", defaultValue = "table")
    private Format format = Format.TABLE;

    @Option(
            names = "--known-hosts",
            description =
                    "Prints the host keys that the bastion shows for them inside a jump (ssh -J), as"
                            + " lines for known_hosts.")
    private boolean knownHosts;

    HostsCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        User user =
                context.snapshot()
                        .user(context.caller().name())
                        .orElseThrow(() ->
                                new RefusedException(
                                        "'hosts' is for users of the bastion; here use"
                                                + " 'host list' or 'grant explain'"));
        List<ReachableHost> reachable =
                context
                        .parts()
                        .access()
                        .reachable(user, context.caller().from(), context.now())
                        .stream()
                        .sorted(Comparator.comparing(r -> r.host().name()))
                        .toList();
        if (knownHosts) {
            reachable.forEach(entry -> printKey(entry.host()));
            return 0;
        }
        List<String> columns =
                List.of("host", "accounts", "address", "groups", "use", "description");
        try (Rows rows = context.rows(format, columns)) {
            for (ReachableHost entry : reachable) {
                Host host = entry.host();
                String target =
                        entry.accounts().size() == 1
                                ? host.name()
                                : entry.accounts().getFirst() + "@" + host.name();
                rows.row(
                        host.name(),
                        entry.accounts(),
                        new HostAddress(host.address(), host.port()).toString(),
                        host.groups(),
                        "ssh " + user.name() + "+" + target + "@bastion",
                        host.description());
            }
        }
        return 0;
    }

    /** A client that knows another port of a host looks for its name with the port. */
    private void printKey(Host host) {
        AuthorizedKey key = context.parts().jumpKeys().apply(host.name());
        String names =
                host.port() == SSH_PORT
                        ? host.name()
                        : host.name() + ",[" + host.name() + "]:" + host.port();
        context.out().line(names + " " + key.type() + " " + key.base64());
    }
}
