package dev.bastion.audit.words;

import dev.bastion.audit.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are asked for; an absent condition matches all. Immutable.
 *
 * @param text words apart by blanks: an entry must hold each of them, in any order and in any case.
 *     A word is letters and digits; what stands together with other characters between, such as
 *     {@code /var/log}, must stand so in the entry, other characters aside. A last {@code *} stands
 *     for any end of the word.
 * @param since inclusive, by the record's own time
 * @param until exclusive
 */
public record WordQuery(
        Kind kind,
        String text,
        @Nullable String user,
        @Nullable String host,
        @Nullable String account,
        @Nullable SessionId session,
        @Nullable Instant since,
        @Nullable Instant until) {

    /** What an entry is. */
    public enum Kind {
        /** A command or a line of a terminal; its words are those of the command. */
        COMMAND,
        /** An operation on a file; its words are those of path and target. */
        FILE
    }
}
