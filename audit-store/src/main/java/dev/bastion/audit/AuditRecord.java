package dev.bastion.audit;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened, as the ledger keeps it. Immutable. No field ever holds a secret.
 *
 * <p>Texts from a terminal, a user or a host are kept as they came; whoever shows them escapes
 * them.
 */
public sealed interface AuditRecord {

    /** When it happened, by this machine's clock. */
    Instant time();

    /**
     * Somebody tried to log in.
     *
     * @param user the name as the client gave it, bounded; not necessarily a user that exists
     * @param method {@code publickey}, {@code password} or {@code none}
     * @param credential fingerprint of the key that signed, or empty
     * @param accepted whether they are in
     * @param reason why not, for auditors only; when accepted, inside which connection it was, if
     *     any
     */
    record LoginAttempted(
            Instant time,
            ConnectionId connection,
            String user,
            String from,
            String method,
            String credential,
            boolean accepted,
            String reason)
            implements AuditRecord {}

    /** An authenticated connection is over. */
    record ConnectionEnded(
            Instant time, ConnectionId connection, String user, String from, String reason)
            implements AuditRecord {}

    /**
     * A target was asked for and not given: not granted, unknown, or not reachable. Or something
     * was asked for within a session, which goes on without it.
     *
     * @param target as the user wrote it, bounded
     * @param reason one word for scripts: {@code unknown not-granted name-not-found refused
     *     timed-out no-common-algorithm key-changed key-unknown credential-refused no-shell ledger
     *     recording unsupported closed-by-client failed}
     * @param detail a sentence for auditors
     */
    record TargetRefused(
            Instant time,
            ConnectionId connection,
            String user,
            String from,
            String target,
            String reason,
            String detail)
            implements AuditRecord {

        /**
         * Of what a session that begins wanted and does not get.
         *
         * @param sentence for auditors; {@link #within} gives it back
         */
        public static TargetRefused within(
                SessionContext session, Instant start, String reason, String sentence) {
            return new TargetRefused(
                    start,
                    session.connection(),
                    session.user(),
                    session.from(),
                    session.account() + "@" + session.host(),
                    reason,
                    prefix(session.session()) + sentence);
        }

        /** The sentence, if this is of what that session did not get. */
        public Optional<String> within(SessionId session) {
            String prefix = prefix(session);
            return detail.startsWith(prefix)
                    ? Optional.of(detail.substring(prefix.length()))
                    : Optional.empty();
        }

        private static String prefix(SessionId session) {
            return "in session " + session.value() + ": ";
        }
    }

    /** A session to a target begins; durable before its first byte goes to the host. */
    record SessionStarted(Instant time, SessionContext context, SessionKind kind)
            implements AuditRecord {}

    /**
     * A session is over.
     *
     * @param reason one word: {@code exited no-shell closed-by-client closed-by-host host-lost
     *     host-silent client-silent idle time-limit malformed cut shutdown ledger recording error}
     * @param exit exit status as the host sent it, if it did
     * @param signal exit signal's name without SIG, if the host sent one
     */
    record SessionEnded(
            Instant time,
            SessionContext context,
            String reason,
            @Nullable Integer exit,
            @Nullable String signal)
            implements AuditRecord {}

    /**
     * The command of an exec, or a line of a shell without a terminal: what is known whole when it
     * goes to the host, and durable before that.
     *
     * @param seq number of the line within its session, from 1
     * @param kind {@link SessionKind#SHELL} or {@link SessionKind#EXEC}
     * @param keystrokes the bytes as sent, unprintable ones in caret notation
     * @param command the command line
     * @param masked names of the rules that masked secrets in it, apart by blanks; may be empty
     */
    record CommandEntered(
            Instant time,
            SessionContext context,
            long seq,
            SessionKind kind,
            String keystrokes,
            String command,
            String masked)
            implements AuditRecord {

        /** One in which nothing was masked. */
        public CommandEntered(
                Instant time,
                SessionContext context,
                long seq,
                SessionKind kind,
                String keystrokes,
                String command) {
            this(time, context, seq, kind, keystrokes, command, "");
        }
    }

    /**
     * A line of a terminal was entered; durable before the key that ends it goes to the host. Says
     * what was known at that moment; a {@link LineDecided} with the same number says what it was.
     *
     * @param seq number of the line within its session, from 1
     * @param key the key that ended it, in caret notation; empty when none did
     * @param command the text of the line as far as it may be kept by then; a marker when keys were
     *     typed and none of them may; empty when there is nothing to keep
     * @param confidence of the text, from 0 to 1
     * @param keys how many keys it has, roughly; empty when none
     * @param sealed the keys that were not shown yet, encrypted under a key that no longer exists
     *     when they are judged, as base64; empty when there are none
     * @param masked names of the rules that masked secrets in the text
     * @param at when it was, in microseconds of the session's recording; absent when there is none
     */
    record LineEntered(
            Instant time,
            SessionContext context,
            long seq,
            String key,
            String command,
            double confidence,
            String keys,
            String sealed,
            String masked,
            @Nullable Long at)
            implements AuditRecord {}

    /**
     * What a line turned out to be. Follows its {@link LineEntered}, which it replaces wherever the
     * line is shown.
     *
     * @param seq of the line that it decides
     * @param keystrokes the keys as typed, unprintable ones in caret notation; a marker instead
     *     when they were not shown
     * @param command the command line; a marker when it was not shown; empty for {@link
     *     LineKind#NOTHING}
     * @param source where the command line comes from: {@code typed}, {@code screen}, {@code both}
     *     or {@code sealed-and-unjudged}
     * @param confidence from 0 to 1
     * @param shown whether the host showed it
     * @param prompt what stood before it; empty when unknown
     * @param masked names of the rules that masked secrets in it
     * @param at when its Enter was typed, in microseconds of the session's recording; absent when
     *     there is none
     */
    record LineDecided(
            Instant time,
            SessionContext context,
            long seq,
            LineKind line,
            String keystrokes,
            String command,
            String source,
            double confidence,
            boolean shown,
            String prompt,
            String masked,
            @Nullable Long at)
            implements AuditRecord {

        /** One of a session that is not recorded. */
        public LineDecided(
                Instant time,
                SessionContext context,
                long seq,
                LineKind line,
                String keystrokes,
                String command,
                String source,
                double confidence,
                boolean shown,
                String prompt,
                String masked) {
            this(
                    time,
                    context,
                    seq,
                    line,
                    keystrokes,
                    command,
                    source,
                    confidence,
                    shown,
                    prompt,
                    masked,
                    null);
        }
    }

    /**
     * What a line turned out to be whose echo was not there when it was entered. Only in ledgers
     * that older versions wrote; follows its {@link CommandEntered}, whose texts it replaces
     * wherever the line is shown.
     *
     * @param seq of the line that it judges
     */
    record CommandJudged(
            Instant time, SessionContext context, long seq, String keystrokes, String command)
            implements AuditRecord {}

    /**
     * The recording of a session is closed: nothing is added to its file any more.
     *
     * @param file its name in the folder of recordings
     * @param bytes its length
     * @param sha256 of the whole file in hexadecimal
     * @param complete whether it has its end; not so when the bastion was killed
     */
    record RecordingClosed(
            Instant time,
            SessionContext context,
            String file,
            long bytes,
            String sha256,
            boolean complete)
            implements AuditRecord {}

    /**
     * A connection is forwarded through a target; durable before the host is asked for it.
     *
     * @param direction {@code local} when the operator's side opened it, {@code listen} where the
     *     host is asked to wait for connections and {@code remote} when one of these comes, {@code
     *     agent} when a program on the host speaks with the operator's agent
     * @param destination where it goes to, as its opener wrote it; empty for an agent
     */
    record ForwardOpened(Instant time, SessionContext context, String direction, String destination)
            implements AuditRecord {}

    /**
     * A forwarded connection is over.
     *
     * @param toHost bytes that went to the host
     * @param toOperator bytes that came from it
     */
    record ForwardClosed(Instant time, SessionContext context, long toHost, long toOperator)
            implements AuditRecord {}

    /**
     * Something was done to a file on a host, or tried. Appended when the host's answer is known,
     * so after the fact; before the session's end.
     *
     * <p>Texts that name files are the host's bytes read as UTF-8; a byte that is not UTF-8, and
     * NUL, is {@code \xNN}, a backslash {@code \\}.
     *
     * @param operation one word: {@code open read write list rename remove mkdir rmdir setstat
     *     symlink hardlink copy-data extended}; {@code read} and {@code write} sum up an open file
     *     when it is closed
     * @param path what it was done to
     * @param target what belongs to the operation: the other name, the flags of an open, the
     *     attributes that were set, the range that was read or written; empty where nothing does
     * @param bytes of file data that went through, where the operation moves any
     * @param sha256 of those bytes in hexadecimal, when they went in order from the file's
     *     beginning
     * @param result {@code ok}, the host's status (such as {@code no-such-file}), {@code
     *     not-granted}, {@code limit}, or {@code unfinished} when the session ended first
     */
    record FileOperated(
            Instant time,
            SessionContext context,
            String operation,
            String path,
            String target,
            @Nullable Long bytes,
            @Nullable String sha256,
            String result)
            implements AuditRecord {}

    /**
     * An administrator changed something.
     *
     * @param actor user, or {@code local:NAME} for a login on the machine itself
     * @param action noun and verb, e.g. {@code host add}
     * @param subject what was changed
     * @param before state before as JSON without secrets; empty when there was none
     * @param after state after, likewise
     */
    record ConfigurationChanged(
            Instant time,
            String actor,
            String from,
            String action,
            String subject,
            String before,
            String after)
            implements AuditRecord {}

    /**
     * The key that signs checkpoints is a new one.
     *
     * @param key the public key, as a C2SP verifier key
     * @param note the signed note that says so; see {@code docs/ledger.md}
     */
    record SigningKeyChanged(Instant time, String actor, String from, String key, String note)
            implements AuditRecord {}

    /**
     * Retention removes the oldest entries; durable before they go.
     *
     * @param hash chain hash of the last of them, in hexadecimal
     */
    record EntriesRemoved(Instant time, long first, long last, String hash, String reason)
            implements AuditRecord {}

    /**
     * Retention removes a recording; durable before it goes.
     *
     * @param file its name
     */
    record RecordingRemoved(
            Instant time, SessionId session, String file, String sha256, String reason)
            implements AuditRecord {}

    /**
     * What matches all that is not empty here is not removed until the hold is released.
     *
     * @param placedAs {@code auditor} or {@code admin}
     * @param since RFC 3339, inclusive, as {@code until} is not
     */
    record HoldPlaced(
            Instant time,
            String actor,
            String from,
            String placedAs,
            String name,
            String session,
            String user,
            String host,
            String since,
            String until,
            String reason)
            implements AuditRecord {}

    /** A hold is over. */
    record HoldReleased(Instant time, String actor, String from, String name, String reason)
            implements AuditRecord {}

    /** Somebody asked the audit log, or was refused to. */
    record AuditConsulted(Instant time, String actor, String from, String query, boolean permitted)
            implements AuditRecord {}
}
