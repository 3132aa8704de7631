package dev.bastion.server.tap;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.mask.LineMask;
import dev.bastion.audit.mask.Masked;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.audit.recording.Recording;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of one session's lines, without the secrets that are known by their shape, and
 * appends them. What makes records of lines is confined to the session's tap's lock; the rest is
 * thread-safe.
 */
public final class SessionRecorder {

    /** Characters of a command that are stored; what runs is never cut. */
    private static final int COMMAND_LIMIT = 65_536;

    /** Characters behind them that are looked at, so that no secret is cut in two. */
    private static final int LONGEST_SECRET = 16_384;

    private final AuditLog log;
    private final SessionContext context;
    private final InstantSource clock;
    private final SecretMask mask;
    private final @Nullable Recording recording;

    /** Lines come in their order twice: as they are entered, and as they are decided. */
    private final LineMask entered;

    private final LineMask decided;

    /** Of a session that is not recorded. */
    public SessionRecorder(
            AuditLog log, SessionContext context, InstantSource clock, SecretMask mask) {
        this(log, context, clock, mask, null);
    }

    public SessionRecorder(
            AuditLog log,
            SessionContext context,
            InstantSource clock,
            SecretMask mask,
            @Nullable Recording recording) {
        this.log = log;
        this.context = context;
        this.clock = clock;
        this.mask = mask;
        this.recording = recording;
        entered = new LineMask(mask);
        decided = new LineMask(mask);
    }

    SessionId session() {
        return context.session();
    }

    /** This moment in the session's recording, in microseconds; 0 when there is none. */
    long nowInRecording() {
        return recording == null ? 0 : recording.now();
    }

    /** A line of a shell without a terminal, not appended yet. */
    AuditRecord line(long seq, String keystrokes, String command) {
        Masked masked = entered.mask(command);
        return new AuditRecord.CommandEntered(
                clock.instant(),
                context,
                seq,
                SessionKind.SHELL,
                keystrokes(keystrokes, command, masked),
                masked.text(),
                masked.rules());
    }

    /**
     * Keystrokes without secrets. Where the command has one, its keys may stand elsewhere than in
     * the command: such keystrokes are masked whole.
     */
    private String keystrokes(String keystrokes, String command, Masked masked) {
        if (keystrokes.equals(command)) {
            return masked.text();
        }
        return masked.isChanged() ? SecretMask.MARK : mask.mask(keystrokes).text();
    }

    /**
     * A line of a terminal at the moment of its Enter, not appended yet.
     *
     * @param at that moment, of {@link #nowInRecording}
     */
    AuditRecord entered(
            long seq,
            long at,
            String key,
            String command,
            double confidence,
            String keys,
            String sealed) {
        Masked masked = entered.mask(command);
        return new AuditRecord.LineEntered(
                clock.instant(),
                context,
                seq,
                key,
                masked.text(),
                confidence,
                keys,
                sealed,
                masked.rules(),
                recording == null ? null : at);
    }

    /**
     * What a line of a terminal turned out to be, not appended yet; in the recording, as it is in
     * the record.
     *
     * @param at when its Enter was typed, of {@link #nowInRecording}
     */
    AuditRecord decided(
            long seq,
            long at,
            LineKind line,
            String keystrokes,
            String command,
            String source,
            double confidence,
            String prompt) {
        boolean shown = line == LineKind.COMMAND || line == LineKind.INPUT;
        Masked masked = shown ? decided.mask(command) : mask.mask(command);
        String keys = keystrokes(keystrokes, command, masked);
        if (recording != null && line != LineKind.NOTHING) {
            recording.line(at, seq, line, keys, masked.text());
        }
        return new AuditRecord.LineDecided(
                clock.instant(),
                context,
                seq,
                line,
                keys,
                masked.text(),
                source,
                confidence,
                shown,
                mask.mask(prompt).text(),
                masked.rules(),
                recording == null ? null : at);
    }

    /** The whole command of an exec, bounded; durable when the future completes. */
    public CompletableFuture<?> exec(String command) {
        int length = command.length();
        Masked masked =
                mask.mask(command.substring(0, Math.min(length, COMMAND_LIMIT + LONGEST_SECRET)));
        String text = masked.text();
        boolean whole = length <= COMMAND_LIMIT;
        return log.append(
                new AuditRecord.CommandEntered(
                        clock.instant(),
                        context,
                        1,
                        SessionKind.EXEC,
                        "",
                        whole
                                ? text
                                : text.substring(0, Math.min(text.length(), COMMAND_LIMIT))
                                        + "[… "
                                        + (length - COMMAND_LIMIT)
                                        + " characters more]",
                        masked.rules()));
    }

    CompletableFuture<?> append(List<AuditRecord> records) {
        return log.appendAll(records);
    }

    /** For what nobody waits for: synced with whatever comes next, or after a few milliseconds. */
    CompletableFuture<?> appendSoon(List<AuditRecord> records) {
        return log.appendSoon(records);
    }

    /** What waits is synced at once. */
    void hurry() {
        log.hurry();
    }
}
