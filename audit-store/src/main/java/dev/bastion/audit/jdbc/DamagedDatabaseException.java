package dev.bastion.audit.jdbc;

import org.jspecify.annotations.Nullable;

/** The database's file is there and cannot be read as one: it can only be made anew. */
final class DamagedDatabaseException extends Exception {

    DamagedDatabaseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
