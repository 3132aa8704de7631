package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.LedgerPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which keys may speak for which entries, for somebody who trusts one of them: a change of keys is
 * signed by both, so that trust goes on from either to the other. Confined to one thread.
 */
final class KeyRing {

    private final VerifierKey trusted;
    private final Map<String, Authority> authorities = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();
    private final List<LedgerPosition> positions = new ArrayList<>();

    private KeyRing(VerifierKey trusted) {
        this.trusted = trusted;
    }

    /**
     * A key, and the entries that a checkpoint of it may end at.
     *
     * @param from inclusive
     * @param until inclusive
     */
    record Authority(VerifierKey key, long from, long until) {}

    static KeyRing of(VerifierKey trusted, Notes notes) {
        var ring = new KeyRing(trusted);
        List<KeyChange> changes = new ArrayList<>();
        for (Notes.Entry entry : notes.entries()) {
            switch (entry) {
                case Notes.Entry.Malformed malformed ->
                        ring.wrong(1, "line " + malformed.line() + ": " + malformed.reason());
                case Notes.Entry.Legible readable -> ring.read(readable.note(), changes);
            }
        }
        ring.follow(changes);
        return ring;
    }

    private void read(SignedNote note, List<KeyChange> to) {
        try {
            KeyChange change = KeyChange.of(note);
            if (!change.signed()) {
                wrong(
                        change.position().sequence() + 1,
                        "the change to key "
                                + change.key().id()
                                + " is not signed by it and by the one before");
            } else {
                to.add(change);
            }
        } catch (IllegalArgumentException e) {
            wrong(1, String.valueOf(e.getMessage()));
        }
    }

    private void wrong(long entry, String why) {
        findings.add(new Finding(entry, "in the file of keys, " + why + "."));
    }

    private void follow(List<KeyChange> changes) {
        Set<VerifierKey> known = new HashSet<>(Set.of(trusted));
        boolean more = true;
        while (more) {
            more = false;
            for (KeyChange change : changes) {
                VerifierKey previous = change.previous();
                if (previous != null
                        && (known.contains(previous) || known.contains(change.key()))) {
                    more |= known.add(previous);
                    more |= known.add(change.key());
                }
            }
        }
        for (VerifierKey key : known) {
            long from = 0;
            long until = Long.MAX_VALUE;
            for (KeyChange change : changes) {
                if (key.equals(change.key())) {
                    from = change.position().sequence();
                    positions.add(change.position());
                }
                if (key.equals(change.previous())) {
                    until = change.position().sequence();
                }
            }
            authorities.put(key.id(), new Authority(key, from, until));
        }
    }

    /** What is wrong with the notes about keys. */
    List<Finding> findings() {
        return findings;
    }

    /** Entries with their hashes that changes of keys name. */
    List<LedgerPosition> positions() {
        return positions;
    }

    /** Whether one of the keys has signed it. */
    boolean signed(SignedNote note) {
        return authorities.values().stream().anyMatch(each -> each.key().signed(note));
    }

    /**
     * Why a note that ends at this entry is not to be believed; empty when it is.
     *
     * @return the rest of a sentence
     */
    String objection(SignedNote note, long sequence) {
        for (Authority authority : authorities.values()) {
            if (authority.key().signed(note)) {
                return sequence < authority.from() || sequence > authority.until()
                        ? "is signed with key %s, which signs for entries %d to %d only"
                                .formatted(
                                        authority.key().id(), authority.from(), authority.until())
                        : "";
            }
        }
        for (SignedNote.Mark mark : note.signatures()) {
            if (authorities.containsKey(mark.keyId())) {
                return "was altered: the signature of key " + mark.keyId() + " does not fit it";
            }
        }
        return "is not signed by "
                + trusted.name()
                + "+"
                + trusted.id()
                + " or a key that follows from it, but by "
                + note.signers();
    }
}
