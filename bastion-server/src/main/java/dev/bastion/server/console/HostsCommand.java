package dev.bastion.server.console;

import dev.bastion.server.access.ReachableHost;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostAddress;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
                    "Prints the host keys that the bastion shows for them inside a jump (ssh -J), or"
                            + " who certifies them, as lines for known_hosts.")
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
            printKeys(reachable.stream().map(ReachableHost::host).toList());
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

    /** One line for all where they are certified: its names are those that it may be used for. */
    private void printKeys(List<Host> hosts) {
        HostAuthority authority = context.parts().authority();
        if (authority == null) {
            for (Host host : hosts) {
                AuthorizedKey key = context.parts().jumpKeys().apply(host.name());
                context.out().line(names(host) + " " + key.type() + " " + key.base64());
            }
            return;
        }
        String names =
                Stream.concat(
                                authority.names().stream().map(name -> name + ",[" + name + "]:*"),
                                hosts.stream().map(HostsCommand::names))
                        .collect(Collectors.joining(","));
        if (!names.isEmpty()) {
            AuthorizedKey key = authority.key();
            context.out().line("@cert-authority " + names + " " + key.type() + " " + key.base64());
        }
    }

    /** A client that knows another port of a host looks for its name with the port. */
    private static String names(Host host) {
        return host.port() == SSH_PORT
                ? host.name()
                : host.name() + ",[" + host.name() + "]:" + host.port();
    }
}
