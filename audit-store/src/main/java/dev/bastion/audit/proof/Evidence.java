package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import dev.bastion.audit.ledger.LedgerFiles;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** The files that a verifier looks at: a folder's, or those in an export. For reading only. */
public interface Evidence {

    /** The names of the files of notes, in the ledger's folder. */
    String CHECKPOINTS = "checkpoints";

    String KEYS = "keys";
    String REMOVED = "removed";

    LedgerFiles segments();

    /** The bytes of one of these three; none when it is not there. */
    byte[] notes(String name) throws IOException;

    /** Names of all recordings; empty when there is no place for them. */
    Optional<Set<String>> recordings() throws IOException;

    /** Opens one of these. */
    FileSlice recording(String name) throws IOException;
}
