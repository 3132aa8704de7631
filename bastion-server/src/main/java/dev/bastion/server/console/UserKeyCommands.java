package dev.bastion.server.console;

import dev.bastion.server.directory.UserEdits;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.inventory.InventoryException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code user key}: the public keys that a user logs in with. */
@Command(name = "key", description = "Public keys of a user.")
final class UserKeyCommands {

    private final CommandContext context;

    UserKeyCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Adds a key: the line of a .pub file, quoted or not.")
    void add(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY") List<String> key) {
        context.requireAdmin();
        AuthorizedKey parsed = AuthorizedKey.parse(String.join(" ", key));
        context.change(
                "user key add",
                name,
                UserEdits.addKey(name, parsed),
                snapshot -> State.user(snapshot, name));
    }

    @Command(description = "Lists the keys of a user.")
    void list(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        List<AuthorizedKey> keys =
                context.snapshot()
                        .user(name)
                        .orElseThrow(
                                () -> new InventoryException("there is no user '" + name + "'"))
                        .keys();
        try (Rows rows = context.rows(format, List.of("user", "type", "fingerprint", "comment"))) {
            keys.forEach(key -> rows.row(name, key.type(), key.fingerprint(), key.comment()));
        }
    }

    @Command(description = "Removes the key with this fingerprint.")
    void remove(
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "SHA256:…") String fingerprint) {
        context.change(
                "user key remove",
                name,
                UserEdits.removeKey(name, fingerprint),
                snapshot -> State.user(snapshot, name));
    }
}
