package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The segments of a ledger, wherever they are: in its folder or in an export. For reading only. */
public interface LedgerFiles {

    /** Ordinals of all segments, ascending. */
    List<Long> ordinals() throws IOException;

    /** Opens one of these. */
    FileSlice open(long ordinal) throws IOException;

    /** Those of a folder. */
    static LedgerFiles in(Path folder) {
        return new SegmentFolder(folder);
    }
}
