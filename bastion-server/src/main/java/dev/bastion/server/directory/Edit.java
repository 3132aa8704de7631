package dev.bastion.server.directory;

import org.jdbi.v3.core.Handle;

/**
 * One change that {@link Directory} can make, whole or not at all. Made by {@link UserEdits},
 * {@link GroupEdits}, {@link HostEdits}, {@link AccountEdits} and {@link GrantEdits}.
 */
public final class Edit {

    /** What it does, within a transaction. */
    @FunctionalInterface
    interface Step {

        /**
         * Changes the database, and says how the snapshot looks then.
         *
         * @throws dev.bastion.server.inventory.InventoryException with a sentence when it cannot be
         */
        DirectorySnapshot apply(Handle handle, DirectorySnapshot before);
    }

    private final Step step;

    Edit(Step step) {
        this.step = step;
    }

    DirectorySnapshot apply(Handle handle, DirectorySnapshot before) {
        return step.apply(handle, before);
    }
}
