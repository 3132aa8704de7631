package dev.bastion.server.console;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.jdbc.Hold;
import dev.bastion.server.identity.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code audit hold}: what retention may not remove while a case lasts. */
@Command(name = "hold", description = "What may not be removed while a case lasts.")
final class AuditHoldCommands {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._][A-Za-z0-9._-]{0,63}");
    private static final int MOST_HOLDS = 1_000;
    private static final String AUDITOR = "auditor";
    private static final String ADMIN = "admin";

    private final CommandContext context;

    AuditHoldCommands(CommandContext context) {
        this.context = context;
    }

    @Command(
            description = {
                "Keeps all entries and recordings that match everything that is given.",
                "Entries are kept in whole segments, with all that is newer."
            })
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--session", paramLabel = "ID") @Nullable String session,
            @Option(names = "--user", paramLabel = "U") @Nullable String user,
            @Option(names = "--host", paramLabel = "H") @Nullable String host,
            @Option(names = "--since", paramLabel = "T") @Nullable String since,
            @Option(names = "--until", paramLabel = "T") @Nullable String until,
            @Option(names = "--reason", paramLabel = "TEXT", required = true) String reason) {
        context.consultAudit();
        if (!NAME.matcher(name).matches()) {
            throw new UsageException(
                    "a hold's name must be letters, digits, '.', '_' or '-', at most 64");
        }
        if (session == null && user == null && host == null && since == null && until == null) {
            throw new UsageException(
                    "say what to hold: --session, --user, --host, --since or --until");
        }
        List<Hold> holds = context.evidence().holds();
        if (named(holds, name).isPresent()) {
            throw new RefusedException("there is a hold '" + name + "' already");
        }
        if (holds.size() >= MOST_HOLDS) {
            throw new RefusedException("there are " + MOST_HOLDS + " holds already");
        }
        Instant now = context.now();
        context.evidence()
                .record(
                        new AuditRecord.HoldPlaced(
                                now,
                                context.caller().name(),
                                context.caller().from(),
                                context.caller().has(Role.AUDITOR) ? AUDITOR : ADMIN,
                                name,
                                session == null ? "" : AuditFilter.session(session).value(),
                                user == null ? "" : user,
                                host == null ? "" : host,
                                since == null ? "" : TimeArgument.past(since, now).toString(),
                                until == null ? "" : TimeArgument.past(until, now).toString(),
                                reason));
    }

    @Command(description = "Lists the holds that are not released.")
    void list(@Option(names = "--format", defaultValue = "table") Format format) {
        context.consultAudit();
        List<Hold> holds = context.evidence().holds();
        List<String> columns =
                List.of(
                        "name", "time", "actor", "as", "session", "user", "host", "since", "until",
                        "reason");
        try (Rows rows = context.rows(format, columns)) {
            for (Hold hold : holds) {
                AuditRecord.HoldPlaced placed = hold.record();
                rows.row(
                        placed.name(),
                        placed.time(),
                        placed.actor(),
                        placed.placedAs(),
                        placed.session(),
                        placed.user(),
                        placed.host(),
                        placed.since(),
                        placed.until(),
                        placed.reason());
            }
        }
    }

    @Command(
            description = {
                "Ends a hold; the next retention removes what is due.",
                "One that an auditor placed can be ended by an auditor only."
            })
    void release(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", paramLabel = "TEXT", required = true) String reason) {
        context.consultAudit();
        Hold hold =
                named(context.evidence().holds(), name)
                        .orElseThrow(() -> new RefusedException("there is no hold '" + name + "'"));
        if (hold.record().placedAs().equals(AUDITOR) && !context.caller().has(Role.AUDITOR)) {
            throw new RefusedException("an auditor placed this hold, and only one can release it");
        }
        context.evidence()
                .record(
                        new AuditRecord.HoldReleased(
                                context.now(),
                                context.caller().name(),
                                context.caller().from(),
                                name,
                                reason));
    }

    private static Optional<Hold> named(List<Hold> holds, String name) {
        return holds.stream().filter(hold -> hold.record().name().equals(name)).findFirst();
    }
}
