package dev.bastion.audit.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.jdbc.JdbcConnection;
import org.h2.result.Row;
import org.h2.table.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table of a hundred rows, in memory, with two indexes of which entries are taken. */
final class TableCheckTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private Connection connection;

    @BeforeEach
    void fill() throws Exception {
        connection = DriverManager.getConnection("jdbc:h2:mem:");
        execute("create table t (entry bigint primary key, name varchar, other int)");
        execute("create index t_name on t (name, entry)");
        execute("create index t_other on t (other)");
        execute(
                "insert into t select x, case mod(x, 3) when 0 then null else 'n' || x end,"
                        + " mod(x, 7) from system_range(1, 100)");
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    private void execute(String sql) throws Exception {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private TableCheck.Report check(Duration limit) throws Exception {
        return TableCheck.run(connection, limit);
    }

    @Test
    void aSoundDatabaseIsLookedThroughAsAWhole() throws Exception {
        TableCheck.Report report = check(LONG);
        assertThat(report.faults()).isEmpty();
        assertThat(report.whole()).isTrue();
        assertThat(report.rows()).isEqualTo(100);
        assertThat(report.tables()).isEqualTo(1);
        assertThat(report.indexes()).isEqualTo(2);
        assertThat(report.summary()).contains("all 100 rows");
    }

    @Test
    void anEntryThatAnIndexLacksIsNamed() throws Exception {
        change("T_OTHER", 40, true, false);
        assertThat(check(LONG).faults())
                .containsExactly(
                        "index T_OTHER has 99 entries, its table T has 100 rows",
                        "row 40 of table T is not in index T_OTHER");
    }

    @Test
    void anEntryWithoutARowShowsInTheNumberEvenWhenThereIsNoTimeForRows() throws Exception {
        change("T_NAME", 40, false, true);
        TableCheck.Report report = check(Duration.ZERO);
        assertThat(report.faults())
                .containsExactly("index T_NAME has 101 entries, its table T has 100 rows");
        assertThat(report.whole()).isFalse();
    }

    /** The numbers are equal, and what they count is not. */
    @Test
    void anEntryThatSaysOtherThanItsRowIsNamed() throws Exception {
        change("T_NAME", 41, true, true);
        assertThat(check(LONG).faults())
                .containsExactly("row 41 of table T is not in index T_NAME");
    }

    /** Takes the entry of a row out of an index, or adds one of a row that is not there. */
    private void change(String name, long key, boolean remove, boolean add) {
        try {
            damage(connection, name, key, remove, add);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The same in any database. */
    static void damage(Connection connection, String name, long key, boolean remove, boolean add)
            throws Exception {
        var session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
        for (Table table : session.getDatabase().getAllTablesAndViews()) {
            for (Index index : table.getIndexes()) {
                if (index.getName().equals(name)) {
                    damage(session, table, index, key, remove, add);
                }
            }
        }
        session.commit(false);
    }

    private static void damage(
            SessionLocal session, Table table, Index index, long key, boolean remove, boolean add) {
        Cursor rows = table.getScanIndex(session).find(session, null, null, false);
        while (rows.next()) {
            Row row = rows.get();
            if (row.getKey() == key) {
                if (remove) {
                    index.remove(session, row);
                }
                if (add) {
                    Row other = Row.get(values(row), 1);
                    other.setKey(remove ? key : key + 1_000);
                    other.setValue(
                            index.getColumns()[0].getColumnId(),
                            org.h2.value.ValueVarchar.get("other"));
                    index.add(session, other);
                }
                return;
            }
        }
        throw new AssertionError("no row " + key);
    }

    private static org.h2.value.Value[] values(Row row) {
        var values = new org.h2.value.Value[row.getColumnCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getValue(i);
        }
        return values;
    }
}
