package dev.bastion.server.directory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Set;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.jdbc.JdbcConnection;
import org.h2.table.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of users whose index of keys has lost an entry; H2 fills an empty one itself. */
final class DatabaseRepairTest {

    @TempDir private Path folder;

    private void fill() {
        try (BastionDatabase database = BastionDatabase.open(folder)) {
            Directory directory = Directory.load(database);
            for (String name : List.of("alice", "bob", "carol")) {
                directory.apply(
                        UserEdits.add(
                                new User(
                                        name,
                                        Set.of(Role.ADMIN),
                                        true,
                                        List.of(
                                                new AuthorizedKey(
                                                        "ssh-ed25519", "AAAA" + name, "x")),
                                        null)));
            }
        }
    }

    private List<User> users() {
        try (BastionDatabase database = BastionDatabase.open(folder)) {
            return List.copyOf(Directory.load(database).snapshot().users());
        }
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.contains(".mv.db"))
                    .toList();
        }
    }

    @Test
    void aSoundDatabaseIsLeftAlone() throws IOException {
        fill();
        assertThat(users()).hasSize(3);
        assertThat(files()).containsExactly("bastion.mv.db");
    }

    @Test
    void whatDoesNotAgreeIsMadeAnewFromTheTablesAndTheOldFileIsKept() throws Exception {
        fill();
        List<User> before = users();
        takeOneFrom("user_key_user");
        assertThat(users()).isEqualTo(before);
        assertThat(files())
                .hasSize(2)
                .contains("bastion.mv.db")
                .anyMatch(name -> name.startsWith("bastion.mv.db.damaged-"));
        assertThat(users()).isEqualTo(before);
        assertThat(files()).hasSize(2);
    }

    private void takeOneFrom(String name) throws Exception {
        int taken = 0;
        try (var connection =
                DriverManager.getConnection(BastionDatabase.url(folder, "bastion"), "sa", "")) {
            var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
            for (Table table : session.getDatabase().getAllTablesAndViews()) {
                for (Index index : table.getIndexes()) {
                    Cursor rows = table.getScanIndex(session).find(session, null, null, false);
                    if (index.getName().equals(name) && rows.next()) {
                        index.remove(session, rows.get());
                        taken++;
                    }
                }
            }
            session.commit(false);
        }
        assertThat(taken).isEqualTo(1);
    }
}
