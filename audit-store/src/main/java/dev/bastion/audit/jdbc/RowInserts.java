package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.ledger.LedgerEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One transaction's rows, gathered by table and sent in batches. Confined to one thread. */
final class RowInserts implements AutoCloseable {

    /** Where the text of a line comes from that was entered and is not decided. */
    private static final String UNJUDGED = "unjudged";

    private static final String SEALED_AND_UNJUDGED = "sealed-and-unjudged";

    private final Connection connection;
    private final Map<String, PreparedStatement> byTable = new HashMap<>();

    RowInserts(Connection connection) {
        this.connection = connection;
    }

    void add(LedgerEntry entry) throws SQLException {
        switch (entry.record()) {
            case AuditRecord.LoginAttempted r ->
                    row("login", 9, entry)
                            .name(r.connection().value())
                            .name(r.user())
                            .name(r.from())
                            .name(r.method())
                            .name(r.credential())
                            .flag(r.accepted())
                            .text(r.reason())
                            .add();
            case AuditRecord.ConnectionEnded r ->
                    row("connection_end", 6, entry)
                            .name(r.connection().value())
                            .name(r.user())
                            .name(r.from())
                            .text(r.reason())
                            .add();
            case AuditRecord.TargetRefused r ->
                    row("target_refused", 8, entry)
                            .name(r.connection().value())
                            .name(r.user())
                            .name(r.from())
                            .text(r.target())
                            .name(r.reason())
                            .text(r.detail())
                            .add();
            case AuditRecord.SessionStarted r ->
                    row("session_start", 9, entry).context(r.context()).name(r.kind().word()).add();
            case AuditRecord.SessionEnded r ->
                    row("session_end", 11, entry)
                            .context(r.context())
                            .name(r.reason())
                            .number(r.exit())
                            .nameOrNull(r.signal())
                            .add();
            case AuditRecord.CommandEntered r ->
                    row("command", 17, entry)
                            .context(r.context())
                            .number(r.seq())
                            .name(r.kind().word())
                            .text(r.keystrokes())
                            .text(r.command())
                            .nameOrNull(null)
                            .numberOrNull((Double) null)
                            .name(r.masked())
                            .nameOrNull(null)
                            .numberOrNull((Long) null)
                            .add();
            case AuditRecord.LineEntered r ->
                    row("command", 17, entry)
                            .context(r.context())
                            .number(r.seq())
                            .name(SessionKind.SHELL.word())
                            .text(
                                    r.sealed().isEmpty()
                                            ? r.command()
                                            : "[not shown yet: " + r.keys() + "]")
                            .text(r.command())
                            .name(r.confidence() > 0 ? UNJUDGED : SEALED_AND_UNJUDGED)
                            .numberOrNull(r.confidence())
                            .name(r.masked())
                            .name(r.key())
                            .numberOrNull(r.at())
                            .add();
            case AuditRecord.LineDecided r ->
                    row("command_line", 17, entry)
                            .context(r.context())
                            .number(r.seq())
                            .name(r.line().word())
                            .text(r.keystrokes())
                            .text(r.command())
                            .name(r.source())
                            .numberOrNull(r.confidence())
                            .text(r.prompt())
                            .name(r.masked())
                            .numberOrNull(r.at())
                            .add();
            case AuditRecord.CommandJudged r ->
                    row("command_judgement", 11, entry)
                            .context(r.context())
                            .number(r.seq())
                            .text(r.keystrokes())
                            .text(r.command())
                            .add();
            case AuditRecord.RecordingClosed r ->
                    row("recording", 12, entry)
                            .context(r.context())
                            .name(r.file())
                            .number(r.bytes())
                            .name(r.sha256())
                            .flag(r.complete())
                            .add();
            case AuditRecord.ForwardOpened r ->
                    row("forward_open", 10, entry)
                            .context(r.context())
                            .name(r.direction())
                            .text(r.destination())
                            .add();
            case AuditRecord.ForwardClosed r ->
                    row("forward_close", 10, entry)
                            .context(r.context())
                            .number(r.toHost())
                            .number(r.toOperator())
                            .add();
            case AuditRecord.FileOperated r ->
                    row("file_operation", 14, entry)
                            .context(r.context())
                            .name(r.operation())
                            .text(r.path())
                            .text(r.target())
                            .numberOrNull(r.bytes())
                            .nameOrNull(r.sha256())
                            .name(r.result())
                            .add();
            case AuditRecord.ConfigurationChanged r ->
                    row("configuration_change", 8, entry)
                            .name(r.actor())
                            .name(r.from())
                            .name(r.action())
                            .text(r.subject())
                            .text(r.before())
                            .text(r.after())
                            .add();
            case AuditRecord.SigningKeyChanged r ->
                    row("signing_key", 6, entry)
                            .name(r.actor())
                            .name(r.from())
                            .name(r.key())
                            .text(r.note())
                            .add();
            case AuditRecord.EntriesRemoved r ->
                    row("entries_removed", 6, entry)
                            .number(r.first())
                            .number(r.last())
                            .name(r.hash())
                            .text(r.reason())
                            .add();
            case AuditRecord.RecordingRemoved r ->
                    row("recording_removed", 6, entry)
                            .name(r.session().value())
                            .name(r.file())
                            .name(r.sha256())
                            .text(r.reason())
                            .add();
            case AuditRecord.HoldPlaced r ->
                    row("hold", 12, entry)
                            .name(r.actor())
                            .name(r.from())
                            .name(r.placedAs())
                            .name(r.name())
                            .name(r.session())
                            .name(r.user())
                            .name(r.host())
                            .name(r.since())
                            .name(r.until())
                            .text(r.reason())
                            .add();
            case AuditRecord.HoldReleased r ->
                    row("hold_release", 6, entry)
                            .name(r.actor())
                            .name(r.from())
                            .name(r.name())
                            .text(r.reason())
                            .add();
            case AuditRecord.AuditConsulted r ->
                    row("audit_consulted", 6, entry)
                            .name(r.actor())
                            .name(r.from())
                            .text(r.query())
                            .flag(r.permitted())
                            .add();
        }
    }

    /** Sends all rows; the caller commits. */
    void send() throws SQLException {
        for (PreparedStatement statement : byTable.values()) {
            statement.executeBatch();
        }
    }

    private Row row(String table, int columns, LedgerEntry entry) throws SQLException {
        PreparedStatement statement = byTable.get(table);
        if (statement == null) {
            statement =
                    connection.prepareStatement(
                            "insert into audit."
                                    + table
                                    + " values (?"
                                    + ", ?".repeat(columns - 1)
                                    + ")");
            byTable.put(table, statement);
        }
        return new Row(statement, entry.sequence().value(), entry.record().time());
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : byTable.values()) {
            statement.close();
        }
    }

    /** Binds one row's columns from left to right. */
    private static final class Row {

        private final PreparedStatement statement;
        private int column = 3;

        Row(PreparedStatement statement, long entry, Instant at) throws SQLException {
            this.statement = statement;
            statement.setLong(1, entry);
            statement.setObject(2, at.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
        }

        Row context(SessionContext context) throws SQLException {
            return name(context.connection().value())
                    .name(context.session().value())
                    .name(context.user())
                    .name(context.from())
                    .name(context.host())
                    .name(context.account());
        }

        Row name(String value) throws SQLException {
            statement.setString(column++, StoredText.name(value));
            return this;
        }

        Row nameOrNull(@Nullable String value) throws SQLException {
            statement.setString(column++, value == null ? null : StoredText.name(value));
            return this;
        }

        Row text(String value) throws SQLException {
            statement.setString(column++, StoredText.text(value));
            return this;
        }

        Row flag(boolean value) throws SQLException {
            statement.setBoolean(column++, value);
            return this;
        }

        Row number(long value) throws SQLException {
            statement.setLong(column++, value);
            return this;
        }

        Row number(@Nullable Integer value) throws SQLException {
            if (value == null) {
                statement.setNull(column++, Types.INTEGER);
            } else {
                statement.setInt(column++, value);
            }
            return this;
        }

        Row numberOrNull(@Nullable Double value) throws SQLException {
            if (value == null) {
                statement.setNull(column++, Types.DOUBLE);
            } else {
                statement.setDouble(column++, value);
            }
            return this;
        }

        Row numberOrNull(@Nullable Long value) throws SQLException {
            if (value == null) {
                statement.setNull(column++, Types.BIGINT);
            } else {
                statement.setLong(column++, value);
            }
            return this;
        }

        void add() throws SQLException {
            statement.addBatch();
        }
    }
}
