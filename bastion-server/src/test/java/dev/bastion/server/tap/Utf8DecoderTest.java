package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8DecoderTest {

    private final Utf8Decoder decoder = new Utf8Decoder();

    @RepeatedTest(50)
    void readsValidTextAsTheJdkDoes() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int[] points =
                IntStream.generate(() -> random.nextInt(Character.MAX_CODE_POINT + 1))
                        .map(point -> random.nextBoolean() ? point : point % 0x900)
                        .filter(point -> point < 0xD800 || point > 0xDFFF)
                        .limit(500)
                        .toArray();
        String text = new String(points, 0, points.length);
        assertThat(decode(text.getBytes(StandardCharsets.UTF_8)))
                .as("seed %d", seed)
                .containsExactly(points);
    }

    @RepeatedTest(50)
    void makesNothingOfNoiseThatTheJdkWouldNot() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        byte[] noise = new byte[2000];
        new Random(seed).nextBytes(noise);
        int[] expected = new String(noise, StandardCharsets.UTF_8).codePoints().toArray();
        assertThat(IntStream.of(decode(noise)).filter(point -> point != 0xFFFD).toArray())
                .as("seed %d", seed)
                .containsExactly(IntStream.of(expected).filter(p -> p != 0xFFFD).toArray());
    }

    /** Or a control character could be hidden from whoever reads strictly, as hosts do. */
    @ParameterizedTest
    @ValueSource(strings = {"c095", "c08d", "e08095", "f0808095", "eda080", "f4908080", "ff", "80"})
    void doesNotReadAMalformedSequenceAsACharacter(String hex) {
        assertThat(decode(java.util.HexFormat.of().parseHex(hex))).containsOnly(0xFFFD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c3", "e282", "f09f92"})
    void goesOnAfterASequenceThatWasCutShort(String hex) {
        byte[] cut = java.util.HexFormat.of().parseHex(hex + "0d");
        assertThat(decode(cut)).endsWith('\r');
    }

    private int[] decode(byte[] bytes) {
        return IntStream.range(0, bytes.length)
                .map(i -> decoder.next(bytes[i]))
                .filter(point -> point != Utf8Decoder.INCOMPLETE)
                .toArray();
    }
}
