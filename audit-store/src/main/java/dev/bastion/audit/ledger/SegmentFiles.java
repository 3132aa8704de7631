package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.file.Path;

/** The few operations on files that the ledger's writer needs, so that tests can make them fail. */
interface SegmentFiles {

    /**
     * Makes a file of this size, filled with zeros and not yet synced; replaces one of that name.
     */
    SegmentFile create(Path path, long sizeBytes) throws IOException;

    SegmentFile open(Path path) throws IOException;

    /** Gives a file its final name, replacing what had it, and syncs the folder. */
    void publish(Path temporary, Path name) throws IOException;
}
