package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opens what was sealed, as whoever had the key could. */
final class SealedKeysTest {

    /** Each array of 32 bytes that was asked for, itself: a key as it is kept, and a copy of it. */
    private final List<byte[]> kept = new ArrayList<>();

    private final List<byte[]> keys = new ArrayList<>();

    private final SealedKeys sealed =
            new SealedKeys(
                    new SecureRandom() {
                        private static final long serialVersionUID = 1;

                        @Override
                        public void nextBytes(byte[] bytes) {
                            super.nextBytes(bytes);
                            if (bytes.length == 32) {
                                kept.add(bytes);
                                keys.add(bytes.clone());
                            }
                        }
                    });

    private String seal(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return sealed.seal(bytes, bytes.length);
    }

    private static String open(String text, byte[] key) throws GeneralSecurityException {
        byte[] bytes = Base64.getDecoder().decode(text);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(128, bytes, 0, 12));
        ByteBuffer plain = ByteBuffer.wrap(cipher.doFinal(bytes, 12, bytes.length - 12));
        byte[] typed = new byte[plain.getInt()];
        plain.get(typed);
        return new String(typed, StandardCharsets.UTF_8);
    }

    @Test
    void theKeyOfTheSessionOpensIt() throws GeneralSecurityException {
        String first = seal("first");
        String second = seal("first");
        assertThat(first).isNotEqualTo(second);
        assertThat(keys).hasSize(1);
        assertThat(open(first, keys.getFirst())).isEqualTo("first");
        assertThat(open(second, keys.getFirst())).isEqualTo("first");
    }

    @Test
    void whatIsForgottenIsWipedAndTheNextKeyOpensNothingOfIt() {
        String before = seal("before");
        sealed.forget();
        assertThat(kept.getFirst()).containsOnly(0);
        seal("after");
        assertThat(keys).hasSize(2);
        assertThat(Arrays.equals(keys.getFirst(), keys.getLast())).isFalse();
        assertThatThrownBy(() -> open(before, keys.getLast()))
                .isInstanceOf(AEADBadTagException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 27", "28, 59", "60, 123", "124, 251"})
    void theLengthTellsOnlyAPowerOfTwo(int shortest, int longest) {
        assertThat(seal("x".repeat(shortest))).hasSameSizeAs(seal("x".repeat(longest)));
        assertThat(seal("x".repeat(longest)).length())
                .isLessThan(seal("x".repeat(longest + 1)).length());
    }

    @Test
    void ofALongLineTheBeginningIsSealed() throws GeneralSecurityException {
        assertThat(open(seal("x".repeat(9_000)), keys.getFirst())).isEqualTo("x".repeat(4_096));
    }
}
