package dev.bastion.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.vault.Secret;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /**
     * Compares the shortest of some tries, taken in turn: what else the machine does only ever
     * lengthens one.
     */
    @Test
    void theTimeDoesNotTellWhetherAUserIsThere() throws InterruptedException {
        List<String> names = List.of("alice", "nobody", "karl", "dora");
        Map<String, Duration> shortest = new HashMap<>();
        for (int round = 0; round < 9; round++) {
            for (String name : names) {
                shortest.merge(name, passwordTime(name), (a, b) -> a.compareTo(b) < 0 ? a : b);
            }
        }
        Duration wrong = Objects.requireNonNull(shortest.get("alice"));
        assertThat(shortest.values())
                .allSatisfy(time ->
                        assertThat(time).isBetween(wrong.dividedBy(2), wrong.multipliedBy(2)));
    }

    private Duration passwordTime(String name) throws InterruptedException {
        long start = System.nanoTime();
        assertThat(authenticator.byPassword(name, Secret.of("wrong"))).isEmpty();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
