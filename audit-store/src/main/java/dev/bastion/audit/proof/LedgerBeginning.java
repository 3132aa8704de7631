package dev.bastion.audit.proof;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.ledger.LedgerStart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where a ledger begins, by what is signed. */
public final class LedgerBeginning {

    private LedgerBeginning() {}

    /**
     * Reads it before the ledger is opened.
     *
     * @throws AuditLogException with a sentence when what says so is not signed by the key
     */
    public static LedgerStart of(Path ledgerFolder, ProofOptions options) {
        try {
            Notes removed = Notes.parse(NoteFile.bytes(ledgerFolder.resolve(Evidence.REMOVED)));
            if (removed.entries().isEmpty()) {
                return LedgerStart.BEGINNING;
            }
            KeyRing ring =
                    KeyRing.of(
                            VerifierKey.load(SigningKey.publicFile(options.key())),
                            Notes.parse(NoteFile.bytes(ledgerFolder.resolve(Evidence.KEYS))));
            List<Finding> findings = new ArrayList<>();
            Removals removals = Removals.of(ring, removed, findings);
            if (!findings.isEmpty()) {
                throw new AuditLogException(
                        "The ledger is damaged: " + findings.getFirst().sentence());
            }
            return removals.start();
        } catch (IOException e) {
            throw new AuditLogException("The ledger cannot be read: " + e.getMessage(), e);
        }
    }
}
