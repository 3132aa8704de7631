package dev.bastion.server.console;

import dev.bastion.server.directory.UserEdits;
import dev.bastion.server.identity.PasswordHash;
import dev.bastion.server.vault.Secret;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code user password}: what a user without a key logs in with. */
@Command(name = "password", description = "Password of a user.")
final class UserPasswordCommands {

    private final CommandContext context;

    UserPasswordCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Sets the password: the first line of standard input, or asked for.")
    void set(@Parameters(paramLabel = "NAME") String name) {
        context.requireAdmin();
        try (Secret password = context.input().line("New password for " + name + ": ")) {
            context.change(
                    "user password set",
                    name,
                    UserEdits.setPassword(name, PasswordHash.of(password)),
                    snapshot -> State.user(snapshot, name));
        }
    }
}
