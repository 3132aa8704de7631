package dev.bastion.server.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayAddressTest {

    @ParameterizedTest
    @CsvSource({
        "alice, alice, , , ''",
        "alice+web1, alice, , web1, web1",
        "alice:web1, alice, , web1, web1",
        "alice%web1, alice, , web1, web1",
        "alice+root@web1, alice, root, web1, root@web1",
        "alice:root@web1.example.org, alice, root, web1.example.org, root@web1.example.org",
        "alice%deploy-1@_web, alice, deploy-1, _web, deploy-1@_web",
        "a.b-c_d+web-1, a.b-c_d, , web-1, web-1",
        "alice+joe@corp.example@web1, alice, joe@corp.example, web1, joe@corp.example@web1",
        "'alice+CORP\\joe@web1', alice, 'CORP\\joe', web1, 'CORP\\joe@web1'",
    })
    void readsAnAddress(String text, String user, String account, String host, String target) {
        GatewayAddress address = GatewayAddress.parse(text).orElseThrow();
        assertThat(address).isEqualTo(new GatewayAddress(user, account, host));
        assertThat(address.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "+web1",
                "alice+",
                "alice+@web1",
                "alice+root@",
                "alice+root@@",
                "alice@web1",
                "alice+web1+web2",
                "alice+ro+ot@web1",
                "-alice",
                "alice+-web1",
                "al ice",
                "alice+we b1",
                "alice+ro ot@web1",
                "alice\n",
                "alice+web1\n",
                "alice+web1\u0000",
                "alice+ro\u001bot@web1",
                "älice",
                "alice+ro/../ot@web1/..",
            })
    void refusesWhatIsNone(String text) {
        assertThat(GatewayAddress.parse(text)).isEmpty();
    }

    @Test
    void aPartHasAtMost64Characters() {
        String most = "x".repeat(64);
        String more = most + "x";
        assertThat(GatewayAddress.parse(most + "+" + most + "@" + most)).isPresent();
        assertThat(GatewayAddress.parse(more)).isEmpty();
        assertThat(GatewayAddress.parse("alice+" + more)).isEmpty();
        assertThat(GatewayAddress.parse("alice+" + more + "@web1")).isEmpty();
    }

    @Test
    void readsALongHostileNameInNoTime() {
        assertThat(GatewayAddress.parse("a+" + "@".repeat(1_000_000))).isEmpty();
        assertThat(GatewayAddress.parse("a".repeat(1_000_000))).isEmpty();
    }

    @RepeatedTest(20)
    void whatItReadsIsWhatWasWritten() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String alphabet = "ab1.-_+:%@ \\\u0000\u001bé";
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "a" : "");
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            read += isNothingOrWhatWasWritten(text.toString(), seed);
        }
        assertThat(read).as("seed %d", seed).isPositive();
    }

    @RepeatedTest(20)
    void noTextIsTooOdd() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] noise = new byte[random.nextInt(300)];
            random.nextBytes(noise);
            isNothingOrWhatWasWritten(new String(noise, UTF_8), seed);
            isNothingOrWhatWasWritten(new String(noise, ISO_8859_1), seed);
            isNothingOrWhatWasWritten(new String(noise, UTF_16), seed);
            read += isNothingOrWhatWasWritten(anAddressWithAChange(random), seed);
        }
        assertThat(read).as("seed %d", seed).isPositive();
    }

    /** One that is right but for one code unit, any of all, surrogates without a partner too. */
    private static String anAddressWithAChange(Random random) {
        StringBuilder text = new StringBuilder();
        text.append("a".repeat(1 + random.nextInt(66)));
        text.append("+:%".charAt(random.nextInt(3)));
        text.append("b".repeat(1 + random.nextInt(66)));
        text.append('@');
        text.append("c".repeat(1 + random.nextInt(66)));
        char any = (char) random.nextInt(random.nextBoolean() ? 0x80 : 0x10000);
        text.setCharAt(random.nextInt(text.length()), any);
        return text.toString();
    }

    /** 1 when it is an address, which must then be all of the text, and 0 when it is none. */
    private static int isNothingOrWhatWasWritten(String text, long seed) {
        Optional<GatewayAddress> parsed = GatewayAddress.parse(text);
        if (parsed.isEmpty()) {
            return 0;
        }
        GatewayAddress address = parsed.get();
        String again =
                address.host() == null ? address.user() : address.user() + "+" + address.target();
        assertThat(text.replaceFirst("[+:%]", "+")).as("seed %d", seed).isEqualTo(again);
        assertThat(again).as("seed %d", seed).matches("[!-~]+").doesNotStartWith("-");
        return 1;
    }
}
