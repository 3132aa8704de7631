package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A row against one that is nothing but an array of cells. */
class RowTest {

    private static final int COLUMNS = 40;
    private static final int[] CELLS = {
        ' ', 'a', '~', 'z' | Row.FAINT, 'é', '世', Row.PAD, 3 | Row.CLUSTER, '世' | Row.FAINT, 0x1F600
    };

    private final Row row = new Row();
    private final int[] model = new int[COLUMNS];
    private int used;

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 10})
    void whateverIsDoneToItItHoldsTheSameCells(int kinds) {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            step(random, kinds);

            assertThat(row.used()).as("step %d", i).isEqualTo(used);
            for (int column = 0; column < COLUMNS; column++) {
                if (row.cell(column) != model[column]) {
                    assertThat(row.cell(column))
                            .as("step %d, %d", i, column)
                            .isEqualTo(model[column]);
                }
            }
        }
    }

    private void step(Random random, int kinds) {
        int column = random.nextInt(COLUMNS);
        int count = 1 + random.nextInt(COLUMNS - column);
        switch (random.nextInt(12)) {
            case 0 -> {
                row.delete(column, count);
                if (column < used) {
                    System.arraycopy(
                            model, column + count, model, column, COLUMNS - column - count);
                    Arrays.fill(model, COLUMNS - count, COLUMNS, Row.NEVER);
                    used = Math.max(column, used - count);
                }
            }
            case 1 -> {
                row.insert(column, count, COLUMNS);
                if (column < used) {
                    System.arraycopy(
                            model, column, model, column + count, COLUMNS - column - count);
                    Arrays.fill(model, column, column + count, Row.NEVER);
                    used = column + count < COLUMNS ? Math.min(COLUMNS, used + count) : column;
                }
            }
            case 2 -> {
                row.erase(column, column + count);
                Arrays.fill(model, column, column + count, Row.NEVER);
                used = column + count >= used ? Math.min(used, column) : used;
            }
            case 3 -> {
                if (random.nextInt(20) == 0) {
                    row.clear();
                    Arrays.fill(model, Row.NEVER);
                    used = 0;
                }
            }
            default -> {
                int cell = CELLS[random.nextInt(kinds)];
                row.set(column, cell, COLUMNS);
                model[column] = cell;
                used = Math.max(used, column + 1);
            }
        }
    }
}
