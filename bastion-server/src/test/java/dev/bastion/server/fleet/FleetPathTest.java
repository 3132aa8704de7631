package dev.bastion.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which path on which host a path of the client is. */
final class FleetPathTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"                  | \"\"       | /",
                "/                     | \"\"       | /",
                "//                    | \"\"       | /",
                ".                     | \"\"       | /",
                "..                    | \"\"       | /",
                "/../..                | \"\"       | /",
                "/web1                 | web1       | /",
                "web1                  | web1       | /",
                "//web1//              | web1       | /",
                "/./web1/.             | web1       | /",
                "/../web1              | web1       | /",
                "/web1/etc/hosts       | web1       | /etc/hosts",
                "web1/etc/hosts        | web1       | /etc/hosts",
                "/root@web1/x          | root@web1  | /x",
                "/@web/tmp/x           | @web       | /tmp/x",
                "/root@@web/tmp/x      | root@@web  | /tmp/x",
                "/web1//etc/./a        | web1       | //etc/./a",
                "/web1/etc/            | web1       | /etc/",
                "/web1/link/..         | web1       | /link/..",
                "/web1/a/../b/../c     | web1       | /a/../b/../c",
                "/web1/..              | \"\"       | /",
                "/web1/../             | \"\"       | /",
                "/web1/a/../..         | \"\"       | /",
                "/web1/../web2         | web2       | /",
                "/web1/../web2/etc     | web2       | /etc",
                "/web1/a/../../web2/b  | web2       | /b",
                "/web1/../../web2/b/.. | web2       | /b/..",
                "/web1/...             | web1       | /...",
                "/web1/..x             | web1       | /..x",
                "/...                  | ...        | /"
            })
    void entryAndPath(String path, String name, String onHost) {
        FleetPath found = FleetPath.of(path.getBytes(StandardCharsets.UTF_8));

        assertThat(found.name()).isEqualTo(name);
        assertThat(new String(found.onHost(), StandardCharsets.UTF_8)).isEqualTo(onHost);
    }

    @ParameterizedTest
    @CsvSource({
        "/, true, false",
        "/web1, false, true",
        "/web1/, false, true",
        "/web1/., false, true",
        "/web1/a, false, false",
        "/web1/a/.., false, false",
        "/web1/.., true, false",
        "/web1/../web2, false, true"
    })
    void topAndEntries(String path, boolean top, boolean entry) {
        FleetPath found = FleetPath.of(path.getBytes(StandardCharsets.UTF_8));

        assertThat(found.isTop()).isEqualTo(top);
        assertThat(found.isEntry()).isEqualTo(entry);
    }

    @Test
    void bytesThatAreNoTextStayAsTheyAre() {
        byte[] path = {'/', 'w', '/', (byte) 0xff, '\n', 0, (byte) 0xc3};

        FleetPath found = FleetPath.of(path);

        assertThat(found.name()).isEqualTo("w");
        assertThat(found.onHost()).containsExactly('/', 0xff, '\n', 0, 0xc3);
    }
}
