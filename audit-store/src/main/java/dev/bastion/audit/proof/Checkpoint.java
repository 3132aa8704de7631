package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.LedgerPosition;
import java.time.Instant;

/**
 * How far a ledger went at some time. Immutable.
 *
 * @param node whose ledger it is
 * @param number 1 for the first of a ledger, and one more for each
 * @param position the last entry that it speaks for, and so for all before it
 * @param note with its signature
 */
public record Checkpoint(
        String node, long number, LedgerPosition position, Instant time, SignedNote note) {

    static String text(String node, long number, LedgerPosition position, Instant time) {
        return Statement.of(node, Statement.Kind.CHECKPOINT, position)
                .with("checkpoint", number)
                .with("time", time)
                .text();
    }

    /**
     * Reads what a note says.
     *
     * @throws IllegalArgumentException when the note is no checkpoint; its signature is not checked
     */
    public static Checkpoint of(SignedNote note) {
        Statement said = Statement.parse(note.text()).require(Statement.Kind.CHECKPOINT);
        return new Checkpoint(
                said.node(), said.number("checkpoint"), said.position(), said.time(), note);
    }

    /** For what takes lines: one of JSON, {@code {"checkpoint":"…"}}, with the note as text. */
    public String line() {
        return KeptCheckpoints.line(this);
    }
}
