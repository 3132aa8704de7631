package dev.bastion.audit.jdbc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.AuditLogException;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The audit database of a folder, which may be away at any time. The projector's thread opens it;
 * readers take it as it is. Thread-safe; readers never wait for an opening.
 */
final class RetriedDatabase implements DatabaseSource, AutoCloseable {

    private final Path folder;
    private volatile @Nullable AuditDatabase database;
    private volatile String absence = "The audit database is not open yet.";

    @GuardedBy("this")
    private boolean closed;

    RetriedDatabase(Path folder) {
        this.folder = folder;
    }

    @Override
    public synchronized DataSource open() {
        AuditDatabase current = database;
        if (current != null) {
            return current.dataSource();
        }
        if (closed) {
            throw new AuditLogException("The audit database is closed.");
        }
        try {
            AuditDatabase opened = AuditDatabase.open(folder);
            database = opened;
            return opened.dataSource();
        } catch (AuditLogException e) {
            absence = String.valueOf(e.getMessage());
            throw e;
        }
    }

    /** Closes it so that it is opened anew, and sets it aside when it proves to be damaged. */
    @Override
    public synchronized void failed(SQLException cause, int inARow) {
        if (inARow < 2 || closed) {
            return;
        }
        shut("The audit database failed: " + cause.getMessage());
        if (H2Failure.of(cause) == H2Failure.DAMAGED) {
            AuditDatabase.discard(folder, cause);
        }
    }

    /**
     * For readers.
     *
     * @throws AuditLogException with a sentence when it is away
     */
    DataSource current() {
        AuditDatabase current = database;
        if (current == null) {
            throw new AuditLogException(absence);
        }
        return current.dataSource();
    }

    boolean isThere() {
        return database != null;
    }

    private void shut(String why) {
        AuditDatabase old = database;
        database = null;
        absence = why;
        if (old != null) {
            old.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        shut("The audit database is closed.");
    }
}
