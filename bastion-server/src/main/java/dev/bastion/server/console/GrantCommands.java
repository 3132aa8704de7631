package dev.bastion.server.console;

import dev.bastion.server.access.AccessDecision;
import dev.bastion.server.access.Grant;
import dev.bastion.server.access.Network;
import dev.bastion.server.access.Right;
import dev.bastion.server.directory.DirectorySnapshot;
import dev.bastion.server.directory.GrantEdits;
import dev.bastion.server.identity.NameRule;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.inventory.LabelSelector;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code grant}: who may reach what. */
@Command(name = "grant", description = "Grants: who may reach what, as whom, to do what.")
final class GrantCommands {

    private static final List<String> COLUMNS =
            List.of("id", "subject", "object", "accounts", "rights", "from", "not-before", "until");

    private final CommandContext context;

    GrantCommands(CommandContext context) {
        this.context = context;
    }

    /** Exactly one of them. */
    static final class SubjectOptions {
        @Option(names = "--user", paramLabel = "U")
        @Nullable String user;

        @Option(names = "--group", paramLabel = "G")
        @Nullable String group;
    }

    /** Exactly one of them. */
    static final class ScopeOptions {
        @Option(names = "--host", paramLabel = "H")
        @Nullable String host;

        @Option(names = "--host-group", paramLabel = "G")
        @Nullable String hostGroup;

        @Option(names = "--label", paramLabel = "k=v[,k=v]")
        @Nullable String label;
    }

    @Command(description = "Adds a grant, and prints its number.")
    void add(
            @ArgGroup(multiplicity = "1") SubjectOptions subject,
            @ArgGroup(multiplicity = "1") ScopeOptions scope,
            @Option(
                            names = "--account",
                            required = true,
                            split = ",",
                            paramLabel = "LOGIN",
                            description = "several with commas; '*' for every one")
                    List<String> accounts,
            @Option(
                            names = "--rights",
                            split = ",",
                            paramLabel = "RIGHT",
                            description =
                                    "of shell,exec,sftp-read,sftp-write,forward,agent; without:"
                                            + " the first four")
                    @Nullable List<String> rights,
            @Option(names = "--from", paramLabel = "CIDR") @Nullable List<String> from,
            @Option(names = "--not-before", paramLabel = "T") @Nullable String notBefore,
            @Option(names = "--until", paramLabel = "T") @Nullable String until) {
        context.requireAdmin();
        Instant now = context.now();
        Grant grant =
                new Grant(
                        0,
                        subject(subject),
                        scope(scope),
                        accounts(accounts),
                        rights == null
                                ? Grant.DEFAULT_RIGHTS
                                : rights.stream().map(Right::parse).collect(Collectors.toSet()),
                        from == null ? List.of() : from.stream().map(Network::parse).toList(),
                        notBefore == null ? null : TimeArgument.ahead(notBefore, now),
                        until == null ? null : TimeArgument.ahead(until, now));
        if (grant.until() != null
                && grant.notBefore() != null
                && !grant.notBefore().isBefore(grant.until())) {
            throw new UsageException("--not-before must be before --until");
        }
        long highest = lastId(context.snapshot());
        long[] added = {0};
        context.change(
                "grant add",
                subject.user == null ? "group " + subject.group : "user " + subject.user,
                GrantEdits.add(grant),
                snapshot -> {
                    if (lastId(snapshot) == highest) {
                        return null;
                    }
                    added[0] = lastId(snapshot);
                    return snapshot.grant(added[0]).map(State::grant).orElse(null);
                });
        context.out().line("grant " + added[0]);
    }

    @Command(description = "Lists grants.")
    void list(@Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        try (Rows rows = context.rows(format, COLUMNS)) {
            context.snapshot().grants().forEach(g -> rows.row(State.grant(g).values().toArray()));
        }
    }

    @Command(description = "Shows a grant.")
    void show(
            @Parameters(paramLabel = "ID") long id,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        Grant grant =
                context.snapshot()
                        .grant(id)
                        .orElseThrow(() -> new InventoryException("there is no grant " + id));
        try (Rows rows = context.rows(format, COLUMNS)) {
            rows.row(State.grant(grant).values().toArray());
        }
    }

    @Command(description = "Removes a grant.")
    void remove(@Parameters(paramLabel = "ID") long id) {
        context.change(
                "grant remove",
                "grant " + id,
                GrantEdits.remove(id),
                s -> s.grant(id).map(State::grant).orElse(null));
    }

    @Command(description = "Says why a user may, or why not. Exit status 0 when they may, else 1.")
    int explain(
            @Parameters(index = "0", paramLabel = "USER") String userName,
            @Parameters(index = "1", paramLabel = "[LOGIN@]HOST") String target,
            @Parameters(index = "2", paramLabel = "RIGHT", defaultValue = "shell") String right,
            @Option(names = "--from", paramLabel = "ADDRESS", defaultValue = "local") String from) {
        context.consultDirectory();
        User user =
                context.snapshot()
                        .user(userName)
                        .orElseThrow(() ->
                                new InventoryException("there is no user '" + userName + "'"));
        int at = target.indexOf('@');
        String account = at < 0 ? null : target.substring(0, at);
        String host = target.substring(at + 1);
        Instant now = context.now();
        return switch (context.parts()
                .access()
                .decide(user, from, host, account, Right.parse(right), now)) {
            case AccessDecision.Permitted yes -> {
                context.out().line("yes, as " + yes.target() + ": grant " + yes.grant());
                yield 0;
            }
            case AccessDecision.Denied no -> {
                context.out().line("no, " + no.reason() + ": " + no.detail());
                yield 1;
            }
        };
    }

    private static long lastId(DirectorySnapshot snapshot) {
        return snapshot.grants().stream().mapToLong(Grant::id).max().orElse(0);
    }

    private static Grant.Subject subject(SubjectOptions options) {
        return options.user != null
                ? new Grant.Subject.OneUser(options.user)
                : new Grant.Subject.GroupOfUsers(String.valueOf(options.group));
    }

    private static Grant.Scope scope(ScopeOptions options) {
        if (options.host != null) {
            return new Grant.Scope.OneHost(options.host);
        }
        return options.label != null
                ? new Grant.Scope.Labelled(LabelSelector.parse(options.label))
                : new Grant.Scope.GroupOfHosts(String.valueOf(options.hostGroup));
    }

    private static Set<String> accounts(List<String> written) {
        if (written.equals(List.of("*"))) {
            return Set.of();
        }
        written.forEach(login -> NameRule.check("account", login));
        return new HashSet<>(written);
    }
}
