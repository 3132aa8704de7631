package dev.bastion.server.directory;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.bastion.server.inventory.InventoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.h2.api.ErrorCode;
import org.jdbi.v3.core.Jdbi;

/**
 * The database of what administrators keep: H2 in files of its own, opened by one process at a
 * time. Thread-safe.
 */
public final class BastionDatabase implements AutoCloseable {

    /** Connections: one that changes, and some that read credentials. */
    private static final int MAX_CONNECTIONS = 8;

    private static final long CONNECTION_TIMEOUT_MILLIS = 5_000;

    private final HikariDataSource source;
    private final Jdbi jdbi;

    private BastionDatabase(HikariDataSource source) {
        this.source = source;
        this.jdbi = Jdbi.create(source);
    }

    /**
     * Opens it, makes it when there is none, and brings its schema up to date.
     *
     * @param folder must exist or be creatable
     * @throws InventoryException with a sentence when it is in use, read-only or damaged
     */
    public static BastionDatabase open(Path folder) {
        Path file = folder.resolve("bastion.mv.db");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InventoryException("the database folder " + folder + " cannot be made", e);
        }
        if (!Files.isWritable(folder) || (Files.exists(file) && !Files.isWritable(file))) {
            throw new InventoryException("the database " + file + " cannot be written");
        }
        String url = url(folder, "bastion");
        probe(url, file);
        DatabaseRepair.checkAndRepair(folder, url);
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername("sa");
        config.setPassword("");
        config.setPoolName("bastion");
        config.setMaximumPoolSize(MAX_CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        HikariDataSource source = new HikariDataSource(config);
        try {
            Flyway.configure()
                    .dataSource(source)
                    .schemas("bastion")
                    .locations("classpath:dev/bastion/server/migration")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            source.close();
            throw new InventoryException(
                    "the database " + file + " does not have the expected schema", e);
        }
        return new BastionDatabase(source);
    }

    static String url(Path folder, String name) {
        return "jdbc:h2:file:"
                + folder.resolve(name).toAbsolutePath()
                + ";WRITE_DELAY=0;DATABASE_TO_LOWER=TRUE;DB_CLOSE_ON_EXIT=FALSE";
    }

    /** Opens once without a pool: its error says what is wrong, the pool's does not. */
    private static void probe(String url, Path file) {
        try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
            if (connection.isReadOnly()) {
                throw new InventoryException("the database " + file + " cannot be written");
            }
        } catch (SQLException e) {
            throw new InventoryException(
                    e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1
                            ? "the database " + file + " is in use: another bastion is running"
                            : "the database "
                                    + file
                                    + " cannot be opened, it may be damaged: restore it from a"
                                    + " backup",
                    e);
        }
    }

    Jdbi jdbi() {
        return jdbi;
    }

    /**
     * Gives up the connections, after one failed: H2 closes a database whose file it could not
     * write, and opens it again only when nobody holds it.
     */
    void renew() {
        HikariPoolMXBean pool = source.getHikariPoolMXBean();
        if (pool != null) {
            pool.softEvictConnections();
        }
    }

    /** Idempotent. */
    @Override
    public void close() {
        source.close();
    }
}
