package dev.bastion.server.console;

import dev.bastion.server.directory.Edit;
import dev.bastion.server.directory.UserEdits;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.PasswordHash;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.vault.Secret;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code user}: who may log in. */
@Command(name = "user", description = "Users: who may log in, and as what.")
final class UserCommands {

    private static final List<String> COLUMNS =
            List.of("name", "roles", "enabled", "keys", "password", "groups");

    private final CommandContext context;

    UserCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Adds a user.")
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--role",
                            required = true,
                            split = ",",
                            paramLabel = "ROLE",
                            description = "operator, auditor, admin; several with commas")
                    List<String> roles,
            @Option(names = "--key", paramLabel = "KEY", description = "line of a .pub file")
                    @Nullable List<String> keys,
            @Option(names = "--password-stdin", description = "reads the password")
                    boolean passwordStdin) {
        context.requireAdmin();
        Set<Role> chosen = EnumSet.noneOf(Role.class);
        roles.forEach(role -> chosen.add(Role.parse(role)));
        List<AuthorizedKey> parsed =
                keys == null ? List.of() : keys.stream().map(AuthorizedKey::parse).toList();
        String hash = null;
        if (passwordStdin) {
            try (Secret password = context.input().line("Password for " + name + ": ")) {
                hash = PasswordHash.of(password);
            }
        }
        User user = new User(name, chosen, true, parsed, hash);
        change("user add", name, UserEdits.add(user));
    }

    @Command(description = "Lists users.")
    void list(@Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        try (Rows rows = context.rows(format, COLUMNS)) {
            context.snapshot().users().forEach(user -> row(rows, format, user));
        }
    }

    @Command(description = "Shows a user.")
    void show(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        User user =
                context.snapshot()
                        .user(name)
                        .orElseThrow(
                                () -> new InventoryException("there is no user '" + name + "'"));
        try (Rows rows = context.rows(format, COLUMNS)) {
            row(rows, format, user);
        }
    }

    @Command(description = "Keeps a user from logging in.")
    void disable(@Parameters(paramLabel = "NAME") String name) {
        change("user disable", name, UserEdits.enable(name, false));
    }

    @Command(description = "Lets a disabled user log in again.")
    void enable(@Parameters(paramLabel = "NAME") String name) {
        change("user enable", name, UserEdits.enable(name, true));
    }

    @Command(description = "Removes a user, with the grants for that user alone.")
    void remove(@Parameters(paramLabel = "NAME") String name) {
        change("user remove", name, UserEdits.remove(name));
    }

    private void change(String action, String name, Edit edit) {
        context.change(action, name, edit, snapshot -> State.user(snapshot, name));
    }

    private void row(Rows rows, Format format, User user) {
        Map<String, Object> state = State.user(context.snapshot(), user);
        if (format == Format.TABLE && state.get("keys") instanceof Collection<?> keys) {
            state.put("keys", keys.size());
        }
        rows.row(state.values().toArray());
    }
}
