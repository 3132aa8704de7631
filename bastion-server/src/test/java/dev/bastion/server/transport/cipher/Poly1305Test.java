package dev.bastion.server.transport.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our Poly1305 against RFC 8439 and against the formula of its section 2.5 in big integers. */
final class Poly1305Test {

    private static final HexFormat HEX = HexFormat.of();
    private static final BigInteger PRIME =
            BigInteger.ONE.shiftLeft(130).subtract(BigInteger.valueOf(5));
    private static final String IETF =
            "Any submission to the IETF intended by the Contributor for publication as all or part"
                    + " of an IETF Internet-Draft or RFC and any statement made within the context"
                    + " of an IETF activity is considered an \"IETF Contribution\". Such"
                    + " statements include oral statements in IETF sessions, as well as written"
                    + " and electronic communications made at any time or place, which are"
                    + " addressed to";
    private static final String JABBERWOCKY =
            "'Twas brillig, and the slithy toves\nDid gyre and gimble in the wabe:\n"
                    + "All mimsy were the borogoves,\nAnd the mome raths outgrabe.";

    private final Poly1305 poly1305 = new Poly1305();

    @ParameterizedTest(name = "RFC 8439 {0}")
    @CsvSource({
        "2.5.2, 85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b,"
                + " 43727970746f6772617068696320466f72756d2052657365617263682047726f7570,"
                + " a8061dc1305136c6c22b8baf0c0127a9",
        "A.3 #1, 00*32, 00*64, 00*16",
        "A.3 #2, 00*16|36e5f6b5c5e06070f0efca96227a863e, IETF, 36e5f6b5c5e06070f0efca96227a863e",
        "A.3 #3, 36e5f6b5c5e06070f0efca96227a863e|00*16, IETF, f3477e7cd95417af89a6b8794c310cf0",
        "A.3 #4, 1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0,"
                + " JABBERWOCKY, 4541669a7eaaee61e708dc7cbcc5eb62",
        "A.3 #5, 02|00*31, ff*16, 03|00*15",
        "A.3 #6, 02|00*15|ff*16, 02|00*15, 03|00*15",
        "A.3 #7, 01|00*31, ff*16|f0|ff*15|11|00*15, 05|00*15",
        "A.3 #8, 01|00*31, ff*16|fb|fe*15|01*16, 00*16",
        "A.3 #9, 02|00*31, fd|ff*15, fa|ff*15",
        "A.3 #10, 01|00*7|04|00*23, e33594d7505e43b9|00*8|3394d7505e4379cd|01|00*23|01|00*15,"
                + " 14|00*7|55|00*7",
        "A.3 #11, 01|00*7|04|00*23, e33594d7505e43b9|00*8|3394d7505e4379cd|01|00*23," + " 13|00*15"
    })
    void givesTheTagsOfTheStandard(String name, String key, String message, String tag) {
        assertThat(HEX.formatHex(tag(bytes(key), bytes(message), Integer.MAX_VALUE)))
                .as(name)
                .isEqualTo(HEX.formatHex(bytes(tag)));
    }

    @Test
    void givesTheTagOfTheFormulaForAnyMessageCutAnywhere() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] key = extreme(random, Poly1305.KEY_BYTES);
            byte[] message = extreme(random, random.nextInt(200));
            int piece = 1 + random.nextInt(40);

            assertThat(tag(key, message, piece))
                    .as("seed %d, message %d", seed, i)
                    .isEqualTo(formula(key, message));
        }
    }

    private byte[] tag(byte[] key, byte[] message, int piece) {
        poly1305.init(key);
        for (int at = 0; at < message.length; at += Math.min(piece, message.length - at)) {
            poly1305.update(message, at, Math.min(piece, message.length - at));
        }
        byte[] tag = new byte[Poly1305.TAG_BYTES];
        poly1305.finish(tag, 0);
        return tag;
    }

    private static byte[] formula(byte[] key, byte[] message) {
        BigInteger r =
                number(key, 0, 16).and(new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16));
        BigInteger sum = BigInteger.ZERO;
        for (int at = 0; at < message.length; at += 16) {
            int length = Math.min(16, message.length - at);
            BigInteger block = number(message, at, length).setBit(8 * length);
            sum = sum.add(block).multiply(r).mod(PRIME);
        }
        BigInteger tag = sum.add(number(key, 16, 16));
        byte[] bytes = new byte[Poly1305.TAG_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = tag.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static BigInteger number(byte[] littleEndian, int offset, int length) {
        byte[] reversed = new byte[length];
        for (int i = 0; i < length; i++) {
            reversed[length - 1 - i] = littleEndian[offset + i];
        }
        return new BigInteger(1, reversed);
    }

    /** Random bytes, or many of 00 and ff, where carries go far. */
    private static byte[] extreme(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        int kind = random.nextInt(3);
        for (int i = 0; i < length && kind > 0; i++) {
            if (random.nextInt(8) > 0) {
                bytes[i] = (byte) (kind == 1 || random.nextBoolean() ? 0xff : 0);
            }
        }
        return bytes;
    }

    /** Pieces between bars: hexadecimal, or {@code XX*N} for N times a byte; or a known text. */
    private static byte[] bytes(String written) {
        String text =
                switch (written) {
                    case "IETF" -> IETF;
                    case "JABBERWOCKY" -> JABBERWOCKY;
                    default -> "";
                };
        if (!text.isEmpty()) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        StringBuilder hex = new StringBuilder();
        for (String piece : written.split("\\|", -1)) {
            String[] repeated = piece.split("\\*", -1);
            hex.repeat(repeated[0], repeated.length == 1 ? 1 : Integer.parseInt(repeated[1]));
        }
        return HEX.parseHex(hex);
    }
}
