package dev.bastion.server.backend;

import dev.bastion.server.identity.AuthorizedKey;
import java.util.List;

/** Asks a server for its host keys, without logging in. Blocks; thread-safe. */
public interface HostKeyScanner {

    /** What a scan found. */
    sealed interface Scan {

        /** The keys that the server proved to hold, at least one. */
        record Found(List<AuthorizedKey> keys) implements Scan {}

        /**
         * Nothing.
         *
         * @param reason a sentence for the administrator
         */
        record Failed(String reason) implements Scan {}
    }

    /**
     * Scans.
     *
     * @param legacy see {@link dev.bastion.server.inventory.Host}
     */
    Scan scan(String address, int port, boolean legacy);
}
