package dev.bastion.server.console;

import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.HostEdits;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.InventoryException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code host key}: the keys that a host must show. */
@Command(name = "key", description = "The keys that a host must show.")
final class HostKeyCommands {

    private final CommandContext context;

    HostKeyCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Lists trusted and offered keys.")
    void list(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        Host host = existing(name);
        try (Rows rows = context.rows(format, List.of("host", "state", "type", "fingerprint"))) {
            host.trustedKeys().forEach(k -> rows.row(name, "trusted", k.type(), k.fingerprint()));
            host.offeredKeys().forEach(k -> rows.row(name, "offered", k.type(), k.fingerprint()));
        }
    }

    @Command(description = "Accepts what the host offers, instead of what was trusted before.")
    void trust(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--fingerprint",
                            paramLabel = "SHA256:…",
                            description = "accepts the key that has it")
                    @Nullable String fingerprint,
            @Option(names = "--yes", description = "accepts what is offered, without a question")
                    boolean yes) {
        context.requireAdmin();
        Host host = existing(name);
        List<AuthorizedKey> offered =
                host.offeredKeys().isEmpty() ? scan(host) : host.offeredKeys();
        List<AuthorizedKey> accepted = accepted(name, offered, fingerprint, yes);
        context.change(
                "host key trust",
                name,
                HostEdits.setKeys(name, accepted, List.of()),
                s -> State.host(s, name));
        accepted.forEach(
                key -> context.out().line("trusted: " + key.type() + " " + key.fingerprint()));
    }

    @Command(description = "Trusts no key of the host any more: nobody gets to it.")
    void forget(@Parameters(paramLabel = "NAME") String name) {
        context.change(
                "host key forget",
                name,
                HostEdits.setKeys(name, List.of(), List.of()),
                s -> State.host(s, name));
    }

    private List<AuthorizedKey> accepted(
            String name, List<AuthorizedKey> offered, @Nullable String fingerprint, boolean yes) {
        if (fingerprint != null) {
            List<AuthorizedKey> matching =
                    offered.stream().filter(k -> k.fingerprint().equals(fingerprint)).toList();
            if (matching.isEmpty()) {
                throw new RefusedException(
                        name
                                + " does not offer a key with that fingerprint, but "
                                + fingerprints(offered)
                                + "; nothing was changed");
            }
            return matching;
        }
        if (yes) {
            return offered;
        }
        if (!context.terminal()) {
            throw new UsageException(
                    "there is no terminal to ask at: give --fingerprint SHA256:… or --yes; "
                            + name
                            + " offers "
                            + fingerprints(offered));
        }
        if (!context.input().confirm(name + " offers " + fingerprints(offered) + ". Trust it?")) {
            throw new RefusedException("not trusted; nothing was changed");
        }
        return offered;
    }

    private List<AuthorizedKey> scan(Host host) {
        return switch (context.parts().scanner().scan(host.address(), host.port(), host.legacy())) {
            case HostKeyScanner.Scan.Found found -> found.keys();
            case HostKeyScanner.Scan.Failed failed ->
                    throw new RefusedException(host.name() + " shows no key: " + failed.reason());
        };
    }

    private static String fingerprints(List<AuthorizedKey> keys) {
        return String.join(", ", keys.stream().map(k -> k.type() + " " + k.fingerprint()).toList());
    }

    private Host existing(String name) {
        return context.snapshot()
                .host(name)
                .orElseThrow(() -> new InventoryException("there is no host '" + name + "'"));
    }
}
