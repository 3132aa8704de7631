package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.LedgerPosition;
import dev.bastion.audit.ledger.LedgerStart;
import java.time.Instant;

/**
 * What stands where retention has removed entries. Immutable.
 *
 * @param first the first entry that it removed
 * @param start where the ledger begins since then
 * @param checkpoints number of the last checkpoint that went with them, 0 for none
 */
public record Tombstone(
        String node,
        long first,
        LedgerStart start,
        long checkpoints,
        Instant time,
        String reason,
        SignedNote note) {

    static String text(
            String node,
            long first,
            LedgerStart start,
            long checkpoints,
            Instant time,
            String reason) {
        return Statement.of(node, Statement.Kind.REMOVED, start.position())
                .with("first", first)
                .with("segments", start.segments())
                .with("checkpoints", checkpoints)
                .with("time", time)
                .with("reason", reason)
                .text();
    }

    /**
     * @throws IllegalArgumentException when the note says something else; its signature is not
     *     checked
     */
    static Tombstone of(SignedNote note) {
        Statement said = Statement.parse(note.text()).require(Statement.Kind.REMOVED);
        LedgerPosition last = said.position();
        return new Tombstone(
                said.node(),
                said.number("first"),
                new LedgerStart(said.number("segments"), last),
                said.number("checkpoints"),
                said.time(),
                said.field("reason"),
                note);
    }
}
