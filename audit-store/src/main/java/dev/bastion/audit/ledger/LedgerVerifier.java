package dev.bastion.audit.ledger;

import dev.bastion.audit.AuditLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Checks the chain of a ledger: that no entry was changed, dropped or put elsewhere.
 *
 * <p>Needs no lock and changes nothing. The remains of a torn write at the very end, which was
 * never acknowledged, do not make a ledger broken. Entries cut from the very end, and a chain that
 * was written anew, cannot be seen from the chain alone; what is signed shows them.
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
            return verify(
                    LedgerFiles.in(directory),
                    LedgerStart.BEGINNING,
                    Long.MAX_VALUE,
                    EntryVisitor.NONE);
        } catch (IOException e) {
            throw new AuditLogException(
                    "The ledger at " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * The same of any files.
     *
     * @param start what is not there any more
     * @param limit number of the last entry to look at, where the ledger is written meanwhile
     */
    public static VerifyResult verify(
            LedgerFiles files, LedgerStart start, long limit, EntryVisitor visitor)
            throws IOException {
        return switch (LedgerWalk.walk(files, start, limit, visitor)) {
            case LedgerWalk.Outcome.Whole whole ->
                    new VerifyResult.Sound(
                            whole.position().sequence(),
                            whole.position().hash(),
                            whole.tornBytes());
            case LedgerWalk.Outcome.Damaged damaged ->
                    new VerifyResult.Broken(
                            damaged.sequence(),
                            damaged.segment(),
                            damaged.offset(),
                            damaged.reason());
        };
    }
}
