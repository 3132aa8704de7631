package dev.bastion.server.console;

import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers every question with all that it holds. */
final class InMemoryAuditReader implements AuditReader {

    final List<CommandRow> commands = new ArrayList<>();
    @Nullable SessionRow session;

    @Override
    public Entries entries(@Nullable Instant since, @Nullable Instant until) {
        return new Entries(1, Long.MAX_VALUE);
    }

    @Override
    public void commands(Query query, Consumer<CommandRow> rows) {
        commands.forEach(rows);
    }

    @Override
    public void sessions(Query query, Consumer<SessionRow> rows) {}

    @Override
    public void files(Query query, Consumer<AuditRecord.FileOperated> rows) {}

    @Override
    public void forwards(Query query, Consumer<ForwardRow> rows) {}

    @Override
    public void logins(Query query, Consumer<AuditRecord.LoginAttempted> rows) {}

    @Override
    public void changes(Query query, Consumer<AuditRecord.ConfigurationChanged> rows) {}

    @Override
    public void refusals(Query query, Consumer<AuditRecord.TargetRefused> rows) {}

    @Override
    public void questions(Query query, Consumer<AuditRecord.AuditConsulted> rows) {}

    @Override
    public Optional<SessionRow> session(SessionId id) {
        return Optional.ofNullable(session);
    }
}
