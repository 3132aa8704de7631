package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.LedgerPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a key signs from some entry on. Signed by that key, and by the one before it. Immutable.
 *
 * @param position the last entry that checkpoints of the key before may speak for
 * @param previous absent for the first key
 */
record KeyChange(
        String node,
        LedgerPosition position,
        VerifierKey key,
        @Nullable VerifierKey previous,
        Instant time,
        SignedNote note) {

    private static final String NONE = "none";

    static String text(
            String node,
            LedgerPosition position,
            VerifierKey key,
            @Nullable VerifierKey previous,
            Instant time) {
        return Statement.of(node, Statement.Kind.KEY, position)
                .with("key", key)
                .with("previous", previous == null ? NONE : previous)
                .with("time", time)
                .text();
    }

    /**
     * @throws IllegalArgumentException when the note says something else; signatures are not
     *     checked
     */
    static KeyChange of(SignedNote note) {
        Statement said = Statement.parse(note.text()).require(Statement.Kind.KEY);
        String previous = said.field("previous");
        return new KeyChange(
                said.node(),
                said.position(),
                VerifierKey.parse(said.field("key")),
                previous.equals(NONE) ? null : VerifierKey.parse(previous),
                said.time(),
                note);
    }

    /** Whether the new key signed it, and the old one where there is one. */
    boolean signed() {
        VerifierKey before = previous;
        return key.signed(note) && (before == null || before.signed(note));
    }
}
