package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryExpansionTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "!!, echo base one, true",
                "!! extra, echo base one extra, true",
                "!! extra, echo base one, false",
                "echo again !$, echo again one, true",
                "echo again !$, echo other one, false",
                "true !*, true base one, true",
                "a !$ b !$ c, a 1 b 1 c, true",
                "a !$ b !$ c, a 1 d 1 c, false",
                "!-2, ls, true",
            })
    void knowsTheLineThatTheShellMakesOfIt(String command, String line, boolean matches) {
        HistoryExpansion expansion = Objects.requireNonNull(HistoryExpansion.of(command));

        assertThat(expansion.matches(line)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"echo hi", "echo 'no !!'", "echo hi!", "! true", "[ 1 != 2 ]", "echo \\!x"})
    void leavesAMarkAloneThatMeansNothing(String command) {
        assertThat(HistoryExpansion.of(command)).isNull();
    }
}
