package dev.bastion.audit.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import org.h2.api.ErrorCode;

/** What an error code of H2 means for whoever must act on it. */
enum H2Failure {
    DAMAGED,
    IN_USE,
    READ_ONLY,
    OTHER;

    static H2Failure of(SQLException e) {
        if (refusedByTheDisk(e)) {
            return OTHER;
        }
        return switch (e.getErrorCode()) {
            case ErrorCode.FILE_CORRUPTED_1,
                    ErrorCode.FILE_VERSION_ERROR_1,
                    ErrorCode.GENERAL_ERROR_1,
                    ErrorCode.ROW_NOT_FOUND_IN_PRIMARY_INDEX,
                    ErrorCode.ROW_NOT_FOUND_WHEN_DELETING_1 ->
                    DAMAGED;
            case ErrorCode.DATABASE_ALREADY_OPEN_1 -> IN_USE;
            case ErrorCode.DATABASE_IS_READ_ONLY -> READ_ONLY;
            default -> OTHER;
        };
    }

    /** Whether something could not be made because it is there. */
    static boolean isThereAlready(SQLException e) {
        return switch (e.getErrorCode()) {
            case ErrorCode.SCHEMA_ALREADY_EXISTS_1,
                    ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1,
                    ErrorCode.INDEX_ALREADY_EXISTS_1,
                    ErrorCode.DUPLICATE_COLUMN_NAME_1 ->
                    true;
            default -> false;
        };
    }

    /**
     * A full disk or a failing one says nothing of what the file holds; H2 reports it as damage.
     */
    private static boolean refusedByTheDisk(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
