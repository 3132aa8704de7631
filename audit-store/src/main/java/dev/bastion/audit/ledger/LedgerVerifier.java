package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Proves offline that no entry of a ledger was changed, dropped or put elsewhere.
 *
 * <p>Needs no lock and changes nothing. The remains of a torn write at the very end, which was
 * never acknowledged, do not make a ledger broken; entries cut from the very end cannot be seen
 * from the chain alone.
 */
public final class LedgerVerifier {

    private LedgerVerifier() {}

    /**
     * Reads every entry; takes about a second for each few hundred MiB.
     *
     * @throws AuditLogException with a sentence when the files cannot be read
     */
    public static VerifyResult verify(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new AuditLogException("There is no ledger at " + directory + ".");
        }
        try {
            return switch (LedgerWalk.walk(directory)) {
                case LedgerWalk.Outcome.Whole whole ->
                        new VerifyResult.Sound(
                                whole.position().sequence(), whole.position().hash());
                case LedgerWalk.Outcome.Damaged damaged ->
                        new VerifyResult.Broken(
                                damaged.sequence(),
                                damaged.segment(),
                                damaged.offset(),
                                damaged.reason());
            };
        } catch (IOException e) {
            throw new AuditLogException(
                    "The ledger at " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }
}
