package dev.bastion.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathPatternTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host     | /etc/hosts     | true",
                "a.c      | /abc           | false",
                "(        | /x(y           | true",
                "/etc/*   | /etc/a/b       | true",
                "/etc/*   | /srv/etc/a     | false",
                "*.conf   | /etc/a.conf    | true",
                "*.conf   | /etc/aconf     | false",
                "*.conf   | /etc/a.conf~   | false",
                "/t/?     | /t/x           | true",
                "/t/?     | /t/xy          | false",
                "/t/[a-c] | /t/b           | true",
                "/t/[a-c] | /t/d           | false",
                "/t/[!a]* | /t/bc          | true",
                "/t/[!a]* | /t/ab          | false",
                "/t/[]*   | /t/[]x         | true",
                "/t/[x*   | /t/[xy         | true",
                "/t/[&&-^]| /t/&           | true",
                "*/\\*     | /t/*           | true",
                "*/\\*     | /t/a           | false",
                "*é*      | /t/café        | true",
            })
    void findsAPartOrMatchesTheWhole(String pattern, String path, boolean found) {
        assertThat(PathPattern.of(pattern).matcher(path).find()).isEqualTo(found);
    }

    @Test
    void aStarGoesOverANewline() {
        assertThat(PathPattern.of("/t/*z").matcher("/t/a\nz").find()).isTrue();
    }

    @Test
    void tooLongIsAWrongUse() {
        PathPattern.of("x".repeat(1_000));
        assertThatThrownBy(() -> PathPattern.of("x".repeat(1_001)))
                .isInstanceOf(UsageException.class);
    }
}
