package dev.bastion.audit.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.bastion.audit.AuditLogException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The H2 file {@code audit} with the schema {@code audit} at its newest version. Thread-safe.
 *
 * <p>H2 writes commits of half a second together and does not sync; what a crash or a power cut
 * takes is filled in from the ledger.
 */
public final class AuditDatabase implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditDatabase.class);
    private static final String NAME = "audit";

    /**
     * Names as PostgreSQL has them. Written 500 ms after a commit: at each commit the file would
     * grow by many times what the rows take.
     */
    private static final String OPTIONS =
            ";WRITE_DELAY=500;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE";

    private static final String USER = "sa";
    private static final int POOL_SIZE = 6;
    private static final long CONNECTION_TIMEOUT_MILLIS = 5_000;

    /** So long rows are looked up in indexes at each opening, whatever the size. */
    private static final Duration CHECK_LIMIT = Duration.ofMillis(500);

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final HikariDataSource pool;

    private AuditDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Opens the database in a folder, making both when they are not there. A file that is damaged
     * is moved aside as {@code audit.mv.db.damaged-TIME}, which is said in the log, and the
     * database begins empty.
     *
     * @throws AuditLogException with a sentence when it is in use or cannot be read or written
     */
    public static AuditDatabase open(Path folder) {
        prepare(folder);
        try {
            try {
                return connect(folder);
            } catch (DamagedDatabaseException e) {
                moveAside(folder, Instant.now(), e);
                return connect(folder);
            }
        } catch (DamagedDatabaseException e) {
            throw new AuditLogException(
                    "The audit database at " + folder + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static void prepare(Path folder) {
        Path file = file(folder);
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(
                        folder,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new AuditLogException(
                    "The audit database's folder " + folder + " cannot be made: " + e.getMessage(),
                    e);
        }
        if (!Files.isWritable(folder)) {
            throw new AuditLogException(
                    "The audit database's folder " + folder + " cannot be written.");
        }
        if (Files.exists(file) && !Files.isReadable(file)) {
            throw new AuditLogException("The audit database " + file + " cannot be read.");
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new AuditLogException("The audit database " + file + " is read-only.");
        }
    }

    private static AuditDatabase connect(Path folder) throws DamagedDatabaseException {
        String url = "jdbc:h2:file:" + folder.toAbsolutePath().resolve(NAME) + OPTIONS;
        try (var probe = DriverManager.getConnection(url, USER, "");
                var statement = probe.createStatement()) {
            statement.execute("select 1");
            var config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setUsername(USER);
            config.setPassword("");
            config.setPoolName("audit-database");
            config.setMaximumPoolSize(POOL_SIZE);
            config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
            var pool = new HikariDataSource(config);
            try {
                migrate(pool);
                check(pool);
                Files.setPosixFilePermissions(
                        file(folder), PosixFilePermissions.fromString("rw-------"));
                return new AuditDatabase(pool);
            } catch (IOException | SQLException | DamagedDatabaseException | RuntimeException e) {
                pool.close();
                throw e;
            }
        } catch (SQLException e) {
            throw explained(folder, e);
        } catch (FlywayException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql) {
                    if (H2Failure.isThereAlready(sql)) {
                        throw new DamagedDatabaseException("its schema is half made", sql);
                    }
                    throw explained(folder, sql);
                }
            }
            throw new AuditLogException(
                    "The audit database's schema cannot be brought up to date: " + e.getMessage(),
                    e);
        } catch (IOException e) {
            throw new AuditLogException(
                    "The audit database at " + folder + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The schema is on the disk when this returns; a kill before it leaves it half made. */
    private static void migrate(DataSource pool) throws SQLException {
        Flyway.configure(AuditDatabase.class.getClassLoader())
                .dataSource(pool)
                .schemas("audit")
                .defaultSchema("audit")
                .table("schema_version")
                .locations("classpath:dev/bastion/audit/migration")
                .load()
                .migrate();
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("checkpoint sync");
        }
    }

    private static void check(DataSource pool) throws SQLException, DamagedDatabaseException {
        long began = System.nanoTime();
        TableCheck.Report report;
        try (var connection = pool.getConnection()) {
            report = TableCheck.run(connection, CHECK_LIMIT);
        }
        if (!report.faults().isEmpty()) {
            throw new DamagedDatabaseException(String.join("; ", report.faults()), null);
        }
        LOG.debug(
                "The audit database was checked in {} ms: {}.",
                (System.nanoTime() - began) / 1_000_000,
                report.summary());
    }

    private static AuditLogException explained(Path folder, SQLException e)
            throws DamagedDatabaseException {
        H2Failure failure = H2Failure.of(e);
        if (failure == H2Failure.DAMAGED) {
            throw new DamagedDatabaseException("its file is damaged", e);
        }
        return new AuditLogException(
                switch (failure) {
                    case IN_USE ->
                            "The audit database at " + folder + " is in use by another process.";
                    case READ_ONLY -> "The audit database at " + folder + " is read-only.";
                    case DAMAGED, OTHER ->
                            "The audit database at "
                                    + folder
                                    + " cannot be opened: "
                                    + e.getMessage();
                },
                e);
    }

    private static void moveAside(Path folder, Instant now, DamagedDatabaseException why) {
        Path file = file(folder);
        Path aside = folder.resolve(file.getFileName() + ".damaged-" + STAMP.format(now));
        try {
            Files.move(file, aside);
        } catch (IOException e) {
            throw new AuditLogException(
                    "The audit database "
                            + file
                            + " is damaged and cannot be moved aside: "
                            + e.getMessage(),
                    e);
        }
        LOG.warn(
                "The audit database was damaged ({}); moved aside as {}. It is rebuilt from the"
                        + " ledger.",
                why.getMessage(),
                aside,
                why);
    }

    /**
     * Moves the file of a closed database aside when using it has shown that it is damaged.
     *
     * @throws AuditLogException when it cannot be moved
     */
    static void discard(Path folder, SQLException why) {
        moveAside(folder, Instant.now(), new DamagedDatabaseException("found in use", why));
    }

    private static Path file(Path folder) {
        return folder.resolve(NAME + ".mv.db");
    }

    /** Connections of the pool; whoever takes one gives it back by closing it. */
    public DataSource dataSource() {
        return pool;
    }

    /** Idempotent. */
    @Override
    public void close() {
        pool.close();
    }
}
