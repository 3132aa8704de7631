package dev.bastion.server.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sentences name the host that they are about. */
final class DestinationTest {

    @ParameterizedTest
    @CsvSource({
        "web, web refuses connections, web refuses connections",
        "web, web: failure, web: failure",
        "web, root@web: no such program, root@web: no such program",
        "web, web, web",
        "web, web1 is on the way there, web: web1 is on the way there",
        "web, web-1 is on the way there, web: web-1 is on the way there",
        "a, the bastion failed, a: the bastion failed",
        "a, an administrator ended it, a: an administrator ended it"
    })
    void aSentenceBeginsWithTheNameOfItsHost(String host, String sentence, String named) {
        Destination there = new Destination("root", host, true, true);

        assertThat(there.named(sentence)).isEqualTo(named);
    }
}
