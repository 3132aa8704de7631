package dev.bastion.server.directory;

import dev.bastion.audit.jdbc.TableCheck;
import dev.bastion.server.inventory.InventoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the tables with their indexes before the database is used, and makes it anew from its
 * tables when they do not agree: the tables are what was kept. The old file stays beside it, as
 * {@code bastion.mv.db.damaged-TIME}.
 *
 * <p>The new file is made and checked under another name and then takes the place; whatever fails
 * before leaves everything as it was.
 */
final class DatabaseRepair {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseRepair.class);
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final String REBUILT = "bastion-rebuilt";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private DatabaseRepair() {}

    /**
     * Checks the database of a folder, and repairs it when that is needed.
     *
     * @throws InventoryException with a sentence when it cannot be repaired
     */
    static void checkAndRepair(Path folder, String url) {
        Path file = folder.resolve("bastion.mv.db");
        List<String> statements = new ArrayList<>();
        TableCheck.Report report;
        try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
            report = TableCheck.run(connection, LIMIT);
            if (report.faults().isEmpty()) {
                LOG.debug("The database was checked: {}.", report.summary());
                return;
            }
            try (Statement script = connection.createStatement();
                    var lines = script.executeQuery("script")) {
                while (lines.next()) {
                    String line = lines.getString(1);
                    if (!line.startsWith("--")) {
                        statements.add(line);
                    }
                }
            }
        } catch (SQLException e) {
            throw new InventoryException(
                    "the database "
                            + file
                            + " cannot be read, it may be damaged: restore it from a backup",
                    e);
        }
        String faults = String.join("; ", report.faults());
        try {
            Path aside = rebuild(folder, file, statements);
            LOG.warn(
                    "The database's tables and indexes did not agree ({}); it was made anew from"
                            + " its tables. The old file is {}.",
                    faults,
                    aside);
        } catch (SQLException | IOException e) {
            throw new InventoryException(
                    "the database "
                            + file
                            + " is damaged ("
                            + faults
                            + ") and cannot be made anew: restore it from a backup",
                    e);
        }
    }

    private static Path rebuild(Path folder, Path file, List<String> statements)
            throws SQLException, IOException {
        Path rebuilt = folder.resolve(REBUILT + ".mv.db");
        Files.deleteIfExists(rebuilt);
        try {
            return rebuild(folder, file, rebuilt, statements);
        } finally {
            Files.deleteIfExists(rebuilt);
        }
    }

    private static Path rebuild(Path folder, Path file, Path rebuilt, List<String> statements)
            throws SQLException, IOException {
        try (Connection connection =
                        DriverManager.getConnection(
                                BastionDatabase.url(folder, REBUILT), "sa", "");
                Statement statement = connection.createStatement()) {
            for (String line : statements) {
                statement.execute(line);
            }
            List<String> faults = TableCheck.run(connection, LIMIT).faults();
            if (!faults.isEmpty()) {
                throw new SQLException(String.join("; ", faults));
            }
            statement.execute("checkpoint sync");
        }
        Files.setPosixFilePermissions(rebuilt, Files.getPosixFilePermissions(file));
        Path aside = folder.resolve(file.getFileName() + ".damaged-" + STAMP.format(Instant.now()));
        Files.copy(file, aside, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(
                rebuilt, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return aside;
    }
}
