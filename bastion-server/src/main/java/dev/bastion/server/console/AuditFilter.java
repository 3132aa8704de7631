package dev.bastion.server.console;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The conditions that every question to the audit log takes. */
final class AuditFilter {

    private static final int MAX_PATTERN = 1_000;

    /** A time of which all rows are read is worth a note from here on. */
    private static final Duration LONG = Duration.ofDays(31);

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    @Option(names = "--user", paramLabel = "U")
    private @Nullable String user;

    @Option(names = "--host", paramLabel = "H")
    private @Nullable String host;

    @Option(names = "--account", paramLabel = "LOGIN")
    private @Nullable String account;

    @Option(names = "--session", paramLabel = "ID")
    private @Nullable String session;

    @Option(names = "--since", paramLabel = "T", description = "2d, 12h, 2026-11-01T10:00Z")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "T", description = "likewise; not included")
    private @Nullable String until;

    @Option(
            names = "--grep",
            paramLabel = "REGEX",
            description = "in commands and keystrokes, or paths")
    private @Nullable String grep;

    @Option(
            names = "--text",
            paramLabel = "WORDS",
            description =
                    "each of these words is in the command or the path; WORD* is any that begins so")
    private @Nullable String text;

    @Option(names = "--kind", paramLabel = "KIND", description = "shell, exec, sftp, forward")
    private @Nullable String kind;

    @Option(
            names = "--result",
            paramLabel = "R",
            description = "a command's exit status, a file's result, a session's reason")
    private @Nullable String result;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, the newest")
    private int limit;

    @Option(names = "--format", defaultValue = "table", description = "table, json, csv")
    private Format format = Format.TABLE;

    Format format() {
        return format;
    }

    /** What is asked for; says so when every row has to be read to tell. */
    Query query(CommandContext context) {
        return query(context, false);
    }

    /**
     * The same.
     *
     * @param more whether the question has a condition besides these that no index knows
     */
    Query query(CommandContext context, boolean more) {
        Query query = query(context.now());
        if (readsEverything(context.now(), more)) {
            context.err()
                    .print(
                            since == null
                                    ? "note: the whole audit log is read for this; --since, --user,"
                                            + " --host or --text narrow it\n"
                                    : "note: all of the audit log since then is read for this; a later"
                                            + " --since, --user, --host or --text narrow it\n");
        }
        return query;
    }

    /** The same, said nothing of: for what is under way, which no log is read for. */
    Query query(Instant now) {
        if (limit < 0) {
            throw new UsageException("--limit must be 1 or more, or 0 for all");
        }
        return new Query(
                user,
                host,
                account,
                session == null ? null : session(session),
                since == null ? null : TimeArgument.past(since, now),
                until == null ? null : TimeArgument.past(until, now),
                pattern(),
                text(),
                kind(),
                result,
                limit);
    }

    /**
     * Whether nothing but reading each row of a long time tells which ones are asked for.
     *
     * @param more whether the question has a condition besides these
     */
    private boolean readsEverything(Instant now, boolean more) {
        boolean picks = more || grep != null || account != null || kind != null || result != null;
        return picks
                && user == null
                && host == null
                && session == null
                && text == null
                && (since == null || TimeArgument.past(since, now).isBefore(now.minus(LONG)));
    }

    private @Nullable String text() {
        if (text == null) {
            return null;
        }
        if (text.length() > MAX_PATTERN) {
            throw new UsageException("--text is longer than " + MAX_PATTERN + " characters");
        }
        for (String word : BLANKS.split(text.strip(), -1)) {
            if (word.chars().noneMatch(Character::isLetterOrDigit)) {
                throw new UsageException(
                        "--text takes words; '" + word + "' holds no letter and no digit");
            }
        }
        return text;
    }

    private @Nullable SessionKind kind() {
        if (kind == null) {
            return null;
        }
        for (SessionKind each : SessionKind.values()) {
            if (each.word().equals(kind)) {
                return each;
            }
        }
        throw new UsageException(
                "--kind is one of "
                        + Arrays.stream(SessionKind.values())
                                .map(SessionKind::word)
                                .collect(Collectors.joining(", ")));
    }

    static SessionId session(String id) {
        try {
            return new SessionId(id);
        } catch (IllegalArgumentException e) {
            throw new UsageException(
                    "'" + id + "' is not a session's id: 'audit sessions' lists them");
        }
    }

    private @Nullable Pattern pattern() {
        if (grep == null) {
            return null;
        }
        if (grep.length() > MAX_PATTERN) {
            throw new UsageException("--grep is longer than " + MAX_PATTERN + " characters");
        }
        try {
            return Pattern.compile(grep);
        } catch (PatternSyntaxException e) {
            throw new UsageException("--grep is not a regular expression: " + e.getDescription());
        }
    }
}
