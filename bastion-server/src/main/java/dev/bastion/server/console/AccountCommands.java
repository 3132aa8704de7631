package dev.bastion.server.console;

import dev.bastion.server.directory.AccountEdits;
import dev.bastion.server.directory.Directory;
import dev.bastion.server.identity.NameRule;
import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.vault.Credential;
import dev.bastion.server.vault.PrivateKeyText;
import dev.bastion.server.vault.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code account}: logins on hosts with their stored credentials. */
@Command(name = "account", description = "Accounts: logins on hosts, with stored credentials.")
final class AccountCommands {

    private final CommandContext context;

    AccountCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Stores a credential, which no command shows again.")
    void add(
            @Parameters(index = "0", paramLabel = "HOST") String host,
            @Parameters(index = "1", paramLabel = "LOGIN") String login,
            @Option(names = "--password-stdin", description = "reads a password: one line")
                    boolean passwordStdin,
            @Option(names = "--key-stdin", description = "reads a private key") boolean keyStdin,
            @Option(
                            names = "--passphrase-first-line",
                            description = "the line before the key is its passphrase")
                    boolean passphraseFirst) {
        context.requireAdmin();
        if (passwordStdin && keyStdin) {
            throw new UsageException("give --password-stdin or --key-stdin, not both");
        }
        if (!passwordStdin && !keyStdin && !context.terminal()) {
            throw new UsageException("give --password-stdin or --key-stdin");
        }
        if (passphraseFirst && !keyStdin) {
            throw new UsageException("--passphrase-first-line goes with --key-stdin");
        }
        NameRule.check("account", login);
        if (context.snapshot().host(host).isEmpty()) {
            throw new InventoryException("there is no host '" + host + "'");
        }
        try (Credential credential =
                keyStdin
                        ? key(passphraseFirst)
                        : new Credential.Password(
                                context.input().line("Password of " + login + ": "))) {
            context.change(
                    "account add",
                    login + "@" + host,
                    context.parts().credentials().add(host, login, credential),
                    snapshot -> State.host(snapshot, host));
        }
    }

    @Command(description = "Lists accounts.")
    void list(
            @Parameters(arity = "0..1", paramLabel = "HOST") @Nullable String host,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        if (host != null && context.snapshot().host(host).isEmpty()) {
            throw new InventoryException("there is no host '" + host + "'");
        }
        try (Rows rows = context.rows(format, List.of("host", "login", "kind"))) {
            context.parts().directory().accounts(account -> row(rows, host, account));
        }
    }

    @Command(description = "Removes an account and its stored credential.")
    void remove(
            @Parameters(index = "0", paramLabel = "HOST") String host,
            @Parameters(index = "1", paramLabel = "LOGIN") String login) {
        context.change(
                "account remove",
                login + "@" + host,
                AccountEdits.remove(host, login),
                snapshot -> State.host(snapshot, host));
    }

    private static void row(Rows rows, @Nullable String host, Directory.Account account) {
        if (host == null || host.equals(account.host())) {
            rows.row(account.host(), account.login(), account.kind().word());
        }
    }

    private Credential key(boolean passphraseFirst) {
        SecretInput input = context.input();
        if (passphraseFirst) {
            try (Secret passphrase = input.line("Passphrase: ");
                    Secret text = input.key()) {
                return credential(PrivateKeyText.read(text, passphrase));
            }
        }
        try (Secret text = input.key()) {
            PrivateKeyText.Outcome outcome = PrivateKeyText.read(text, null);
            if (outcome instanceof PrivateKeyText.Outcome.NeedsPassphrase && context.terminal()) {
                try (Secret passphrase = input.line("Passphrase: ")) {
                    return credential(PrivateKeyText.read(text, passphrase));
                }
            }
            return credential(outcome);
        }
    }

    private static Credential credential(PrivateKeyText.Outcome outcome) {
        return switch (outcome) {
            case PrivateKeyText.Outcome.Read read -> new Credential.PrivateKey(read.openSsh());
            case PrivateKeyText.Outcome.NeedsPassphrase _ ->
                    throw new RefusedException(
                            "the private key has a passphrase: give it as the first line, with"
                                    + " --passphrase-first-line");
            case PrivateKeyText.Outcome.Unreadable unreadable ->
                    throw new RefusedException(unreadable.reason());
        };
    }
}
