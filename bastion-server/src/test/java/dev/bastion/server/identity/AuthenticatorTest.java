package dev.bastion.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.vault.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** alice and the disabled dora have a key and a password; karl has a key only. */
class AuthenticatorTest {

    private static final AuthorizedKey KEY = new AuthorizedKey("ssh-ed25519", "AAAA", "laptop");
    private static final String HASH = PasswordHash.of(Secret.of("right"));
    private static final Map<String, User> USERS =
            Map.of(
                    "alice", new User("alice", Set.of(), true, List.of(KEY), HASH),
                    "dora", new User("dora", Set.of(), false, List.of(KEY), HASH),
                    "karl", new User("karl", Set.of(), true, List.of(KEY), null));

    private final Authenticator authenticator =
            new Authenticator(name -> Optional.ofNullable(USERS.get(name)));

    @ParameterizedTest
    @CsvSource({
        "alice, ssh-ed25519, AAAA, true",
        "alice, ssh-ed25519, AAAB, false",
        "alice, ssh-rsa, AAAA, false",
        "karl, ssh-ed25519, AAAA, true",
        "dora, ssh-ed25519, AAAA, false",
        "nobody, ssh-ed25519, AAAA, false",
        "-, ssh-ed25519, -, false",
        "ALICE, ssh-ed25519, AAAA, false",
    })
    void aKeyIsRightWhenItIsOneOfTheUsers(String name, String type, String key, boolean right) {
        Optional<User> user = authenticator.byKey(name, new AuthorizedKey(type, key, "elsewhere"));
        assertThat(user.map(User::name)).isEqualTo(right ? Optional.of(name) : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "alice, right, true",
        "alice, wrong, false",
        "alice, '', false",
        "alice, 'right ', false",
        "dora, right, false",
        "karl, right, false",
        "karl, '', false",
        "nobody, right, false",
        "nobody, '', false",
    })
    void aPasswordIsRightWhenItIsTheUsers(String name, String password, boolean right)
            throws InterruptedException {
        Optional<User> user = authenticator.byPassword(name, Secret.of(password));
        assertThat(user.map(User::name)).isEqualTo(right ? Optional.of(name) : Optional.empty());
    }

    @Test
    void thePasswordIsKeptInNoReadableForm() {
        assertThat(HASH).startsWith("$argon2id$").doesNotContain("right");
        assertThat(PasswordHash.of(Secret.of("right"))).isNotEqualTo(HASH);
        assertThat(USERS.toString()).doesNotContain("argon2");
    }

    @Test
    void theTimeDoesNotTellWhetherAUserIsThere() throws InterruptedException {
        passwordTime("alice");
        Duration wrong = passwordTime("alice");
        for (String name : List.of("nobody", "karl", "dora")) {
            assertThat(passwordTime(name))
                    .as(name)
                    .isBetween(wrong.dividedBy(4), wrong.multipliedBy(4));
        }
    }

    /** The median of some tries. */
    private Duration passwordTime(String name) throws InterruptedException {
        long[] nanos = new long[7];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            assertThat(authenticator.byPassword(name, Secret.of("wrong"))).isEmpty();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return Duration.ofNanos(nanos[nanos.length / 2]);
    }
}
