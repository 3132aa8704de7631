package dev.bastion.server.console;

import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.HostEdits;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.NameRule;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.HostAddress;
import dev.bastion.server.inventory.HostRules;
import dev.bastion.server.inventory.InventoryException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code host}: the servers behind the bastion. */
@Command(name = "host", description = "Hosts: the servers behind the bastion.")
final class HostCommands {

    private static final List<String> COLUMNS =
            List.of(
                    "name",
                    "address",
                    "description",
                    "labels",
                    "groups",
                    "accounts",
                    "trusted",
                    "offered",
                    "legacy");
    private static final List<String> IN_TABLE =
            List.of("name", "address", "accounts", "groups", "labels", "trusted", "description");

    private static final String LEGACY =
            "Allow SHA-1 and CBC toward a host that knows nothing better.";

    private final CommandContext context;

    HostCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Adds a host, and shows the keys that it offers.")
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--address", required = true, paramLabel = "HOST[:PORT]")
                    String address,
            @Option(names = "--group", paramLabel = "G") @Nullable List<String> groups,
            @Option(names = "--label", paramLabel = "k=v") @Nullable List<String> labels,
            @Option(names = "--description", defaultValue = "", paramLabel = "TEXT")
                    String description,
            @Option(names = "--legacy", description = LEGACY) boolean legacy) {
        context.requireAdmin();
        NameRule.check("host", name);
        HostRules.description(description);
        HostAddress where = HostAddress.parse(address);
        Map<String, String> parsed = labels(labels);
        if (context.snapshot().host(name).isPresent()) {
            throw new InventoryException("the host " + name + " exists");
        }
        HostKeyScanner.Scan scan =
                context.parts().scanner().scan(where.address(), where.port(), legacy);
        List<AuthorizedKey> offered =
                scan instanceof HostKeyScanner.Scan.Found found ? found.keys() : List.of();
        Host host =
                new Host(
                        name,
                        where.address(),
                        where.port(),
                        description,
                        parsed,
                        groups == null ? Set.of() : Set.copyOf(groups),
                        List.of(),
                        List.of(),
                        offered,
                        legacy);
        context.change("host add", name, HostEdits.add(host), s -> State.host(s, name));
        switch (scan) {
            case HostKeyScanner.Scan.Found _ -> {
                offered.forEach(key -> context.out().line(key.type() + " " + key.fingerprint()));
                context.out().line("compare, then accept with: host key trust " + name);
            }
            case HostKeyScanner.Scan.Failed failed ->
                    context.err()
                            .line(
                                    "added, but its key is not known yet: "
                                            + failed.reason()
                                            + "; later: host key trust "
                                            + name);
        }
    }

    @Command(description = "Lists hosts.")
    void list(@Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        try (Rows rows = Rows.of(format, context.out(), COLUMNS, IN_TABLE)) {
            context.snapshot().hosts().forEach(host -> row(rows, host));
        }
    }

    @Command(description = "Shows a host.")
    void show(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        try (Rows rows = Rows.of(format, context.out(), COLUMNS, IN_TABLE)) {
            row(rows, existing(name));
        }
    }

    @Command(description = "Changes what is given; the keys that are trusted stay.")
    void set(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--address", paramLabel = "HOST[:PORT]") @Nullable String address,
            @Option(names = "--description", paramLabel = "TEXT") @Nullable String description,
            @Option(names = "--label", paramLabel = "k=v") @Nullable List<String> labels,
            @Option(names = "--remove-label", paramLabel = "k") @Nullable List<String> removed,
            @Option(names = "--legacy", negatable = true, description = LEGACY)
                    @Nullable Boolean legacy) {
        context.requireAdmin();
        @Nullable HostAddress where = address == null ? null : HostAddress.parse(address);
        Map<String, String> added = labels(labels);
        context.change(
                "host set",
                name,
                HostEdits.set(
                        name,
                        old -> {
                            Map<String, String> all = new HashMap<>(old.labels());
                            if (removed != null) {
                                all.keySet().removeAll(removed);
                            }
                            all.putAll(added);
                            return new Host(
                                    name,
                                    where == null ? old.address() : where.address(),
                                    where == null ? old.port() : where.port(),
                                    description == null ? old.description() : description,
                                    all,
                                    old.groups(),
                                    old.accounts(),
                                    old.trustedKeys(),
                                    old.offeredKeys(),
                                    legacy == null ? old.legacy() : legacy);
                        }),
                s -> State.host(s, name));
    }

    @Command(description = "Removes a host, with its accounts and the grants for it alone.")
    void remove(@Parameters(paramLabel = "NAME") String name) {
        context.change("host remove", name, HostEdits.remove(name), s -> State.host(s, name));
    }

    private Host existing(String name) {
        return context.snapshot()
                .host(name)
                .orElseThrow(() -> new InventoryException("there is no host '" + name + "'"));
    }

    private static void row(Rows rows, Host host) {
        rows.row(State.host(host).values().toArray());
    }

    private static Map<String, String> labels(@Nullable List<String> written) {
        Map<String, String> labels = new HashMap<>();
        if (written != null) {
            for (String text : written) {
                Map.Entry<String, String> label = HostRules.label(text);
                labels.put(label.getKey(), label.getValue());
            }
        }
        return labels;
    }
}
