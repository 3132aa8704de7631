package dev.bastion.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The query side of the audit trail: what has been carried from the ledger into the database.
 *
 * <p>Rows come oldest first, one at a time, and are not gathered in memory. With a limit they are
 * the newest that match, still oldest first. Thread-safe; each call blocks on the database, so
 * never from an event loop. Throws {@link AuditLogException} with a sentence when the database is
 * away.
 */
public interface AuditReader {

    /**
     * Which rows are asked for; an absent condition matches all.
     *
     * @param since inclusive
     * @param until exclusive
     * @param grep found anywhere in the command line or the keystrokes of a command, in the path or
     *     the target of a file, in the destination of a forwarded connection; these only
     * @param text words of a command, or of the path and the target of a file; these only. See
     *     {@link dev.bastion.audit.words.WordQuery}
     * @param kind of the session; of commands and sessions only
     * @param result the exit status of an exec, the result of an operation on a file, the reason
     *     for which a session ended; these only
     * @param limit at most so many, the newest; 0 for all
     */
    record Query(
            @Nullable String user,
            @Nullable String host,
            @Nullable String account,
            @Nullable SessionId session,
            @Nullable Instant since,
            @Nullable Instant until,
            @Nullable Pattern grep,
            @Nullable String text,
            @Nullable SessionKind kind,
            @Nullable String result,
            int limit) {

        /** Without conditions on text, kind and result. */
        public Query(
                @Nullable String user,
                @Nullable String host,
                @Nullable String account,
                @Nullable SessionId session,
                @Nullable Instant since,
                @Nullable Instant until,
                @Nullable Pattern grep,
                int limit) {
            this(user, host, account, session, since, until, grep, null, null, null, limit);
        }

        /** Everything. */
        public static final Query ALL = new Query(null, null, null, null, null, null, null, 0);

        /** The same with another limit. */
        public Query with(int other) {
            return new Query(
                    user, host, account, session, since, until, grep, text, kind, result, other);
        }

        /** The same with another pattern. */
        public Query with(@Nullable Pattern pattern) {
            return new Query(
                    user, host, account, session, since, until, pattern, text, kind, result, limit);
        }
    }

    /**
     * A command or a line with the ledger entry in which it was entered.
     *
     * @param record of a line, what is known of it by now
     * @param exit only for an exec that has ended
     * @param line what it turned out to be; absent while that is not decided, and for commands that
     *     need no decision
     * @param source where the text comes from, {@code unjudged} and {@code sealed-and-unjudged}
     *     before it is decided; absent as before
     * @param confidence of the text, from 0 to 1
     * @param at when its Enter was typed, in microseconds of the session's recording; absent when
     *     there is none, or while it is not decided
     */
    record CommandRow(
            SequenceNumber entry,
            AuditRecord.CommandEntered record,
            @Nullable Integer exit,
            @Nullable LineKind line,
            @Nullable String source,
            @Nullable Double confidence,
            @Nullable Long at) {}

    /** A session: its start, its end if it has one, and its recording when that is closed. */
    record SessionRow(
            SequenceNumber entry,
            AuditRecord.SessionStarted start,
            AuditRecord.@Nullable SessionEnded end,
            AuditRecord.@Nullable RecordingClosed recording) {}

    /** A forwarded connection: its opening, and its end if it has one. */
    record ForwardRow(
            AuditRecord.ForwardOpened opened, AuditRecord.@Nullable ForwardClosed closed) {}

    /**
     * Entries of the ledger.
     *
     * @param first the first one
     * @param last the last one; before the first when there is none
     */
    record Entries(long first, long last) {}

    /**
     * The entries that can have a time, and others between them.
     *
     * @param since inclusive
     * @param until exclusive; when absent, all entries to come are among them
     */
    Entries entries(@Nullable Instant since, @Nullable Instant until);

    void commands(Query query, Consumer<CommandRow> rows);

    void sessions(Query query, Consumer<SessionRow> rows);

    void files(Query query, Consumer<AuditRecord.FileOperated> rows);

    void forwards(Query query, Consumer<ForwardRow> rows);

    void logins(Query query, Consumer<AuditRecord.LoginAttempted> rows);

    void changes(Query query, Consumer<AuditRecord.ConfigurationChanged> rows);

    /** Targets that were not given. */
    void refusals(Query query, Consumer<AuditRecord.TargetRefused> rows);

    /** What was asked of the audit log and looked up besides, and by whom. */
    void questions(Query query, Consumer<AuditRecord.AuditConsulted> rows);

    Optional<SessionRow> session(SessionId id);
}
