package dev.bastion.server.console;

import dev.bastion.audit.AuditReader.Entries;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Streams the ledger's entries in their order, of every type: as json one object a line with {@code
 * entry}, {@code hash} and {@code record} as the ledger has it, as csv a row each with the record
 * as a last field. Keeps one entry in memory.
 */
final class EntryExport {

    private static final List<String> COLUMNS =
            List.of(
                    "entry", "time", "type", "user", "from", "host", "account", "session", "hash",
                    "record");
    private static final JsonMapper JSON = new JsonMapper();

    private final CommandContext context;
    private final Query asked;

    /**
     * @param asked whose user, host, account, session and times choose; the user is an actor's name
     *     where a record has one
     */
    EntryExport(CommandContext context, Query asked) {
        this.context = context;
        this.asked = asked;
    }

    void write(Format format) {
        Entries range = context.parts().auditReader().entries(asked.since(), asked.until());
        Rows csv = format == Format.CSV ? context.rows(format, COLUMNS) : null;
        try (LedgerReader reader =
                context.parts().ledger().apply(new SequenceNumber(range.first()))) {
            while (true) {
                Optional<LedgerEntry> next = reader.next();
                if (next.isEmpty() || next.get().sequence().value() > range.last()) {
                    break;
                }
                entry(next.get(), csv);
            }
        }
        context.out().flush();
    }

    private void entry(LedgerEntry entry, @Nullable Rows csv) {
        Instant time = entry.record().time();
        Instant since = asked.since();
        Instant until = asked.until();
        if ((since != null && time.isBefore(since)) || (until != null && !time.isBefore(until))) {
            return;
        }
        String json = new String(entry.payload(), StandardCharsets.UTF_8);
        Map<?, ?> fields = JSON.readValue(json, Map.class);
        Object user = fields.containsKey("actor") ? fields.get("actor") : fields.get("user");
        boolean chosen =
                is(asked.user(), user)
                        && is(asked.host(), fields.get("host"))
                        && is(asked.account(), fields.get("account"))
                        && (asked.session() == null
                                || is(asked.session().value(), fields.get("session")));
        if (!chosen) {
            return;
        }
        if (csv == null) {
            context.out()
                    .print(
                            "{\"entry\":%d,\"hash\":\"%s\",\"record\":%s}\n"
                                    .formatted(
                                            entry.sequence().value(),
                                            entry.hash().hex(),
                                            ShownText.escapeJson(json)));
            return;
        }
        csv.row(
                entry.sequence().value(),
                time,
                fields.get("type"),
                user,
                fields.get("from"),
                fields.get("host"),
                fields.get("account"),
                fields.get("session"),
                entry.hash().hex(),
                ShownText.escapeJson(json));
    }

    private static boolean is(@Nullable String wanted, @Nullable Object value) {
        return wanted == null || wanted.equals(value);
    }
}
