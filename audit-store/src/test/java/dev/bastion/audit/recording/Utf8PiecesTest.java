package dev.bastion.audit.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a text is cut, the pieces are the text. */
final class Utf8PiecesTest {

    private static final String EACH_LENGTH =
            "a\u00e9\u6f22\ud83d\ude00\u0000\u007f\u0080\u07ff"
                    + "\u0800\uffff\ud800\udc00\udbff\udfffz";

    @Test
    void isCutAtEachByteAndAtEachTwo() {
        byte[] all = EACH_LENGTH.getBytes(UTF_8);
        for (int first = 0; first <= all.length; first++) {
            for (int second = first; second <= all.length; second++) {
                assertThat(decoded(all, first, second)).isEqualTo(EACH_LENGTH);
            }
        }
    }

    @Test
    void comesByteByByteAndOnlyWholeCharactersAreGiven() {
        Utf8Pieces pieces = new Utf8Pieces();
        var shown = new StringBuilder();
        for (byte each : EACH_LENGTH.getBytes(UTF_8)) {
            shown.append(pieces.decode(new byte[] {each}));
            assertThat(EACH_LENGTH).startsWith(shown.toString());
        }
        assertThat(pieces.end()).isEmpty();
        assertThat(shown.toString()).isEqualTo(EACH_LENGTH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00e9", "\u6f22", "\ud83d\ude00"})
    void whatNeverBecomesWholeIsOneReplacement(String character) {
        byte[] bytes = character.getBytes(UTF_8);
        for (int length = 1; length < bytes.length; length++) {
            Utf8Pieces pieces = new Utf8Pieces();
            assertThat(pieces.decode(Arrays.copyOf(bytes, length))).isEmpty();
            assertThat(pieces.end()).isEqualTo("\ufffd");
            assertThat(pieces.end()).isEmpty();
            assertThat(pieces.decode(new byte[] {'x'})).isEqualTo("x");
        }
    }

    @Test
    void anyBytesInAnyPiecesAreWhatTheyAreAsAWhole() {
        long seed = Long.getLong("bastion.recording.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] kinds = {'a', (byte) 0x80, (byte) 0xbf, (byte) 0xc3, (byte) 0xe2, (byte) 0xed};
        for (int round = 0; round < 20_000; round++) {
            byte[] all = new byte[random.nextInt(12)];
            random.nextBytes(all);
            for (int i = 0; i < all.length; i++) {
                if (random.nextBoolean()) {
                    all[i] = kinds[random.nextInt(kinds.length)];
                } else if (random.nextInt(4) == 0) {
                    all[i] = (byte) 0xf0;
                }
            }
            int first = random.nextInt(all.length + 1);
            int second = first + random.nextInt(all.length - first + 1);
            assertThat(decoded(all, first, second))
                    .as("seed %d: %s at %d and %d", seed, Arrays.toString(all), first, second)
                    .isEqualTo(new String(all, UTF_8));
        }
    }

    private static String decoded(byte[] all, int first, int second) {
        Utf8Pieces pieces = new Utf8Pieces();
        return pieces.decode(Arrays.copyOf(all, first))
                + pieces.decode(Arrays.copyOfRange(all, first, second))
                + pieces.decode(Arrays.copyOfRange(all, second, all.length))
                + pieces.end();
    }
}
