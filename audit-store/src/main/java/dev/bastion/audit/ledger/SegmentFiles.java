package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The few operations on files that the ledger's writer needs, so that tests can make them fail.
 * Thread-safe for different paths.
 */
interface SegmentFiles {

    /**
     * Makes a file of this size, filled with zeros and synced piece by piece; replaces one of that
     * name. When it fails it leaves none.
     */
    SegmentFile create(Path path, long sizeBytes) throws IOException;

    SegmentFile open(Path path) throws IOException;

    /** Gives a file its final name, replacing what had it, and syncs the folder. */
    void publish(Path temporary, Path name) throws IOException;
}
