package dev.bastion.audit.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines as they are typed, and as they are kept. The secret is always hunter2. */
class SecretMaskTest {

    private final SecretMask mask = new SecretMask(List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tool --password=hunter2 run",
                "tool --password hunter2 run",
                "tool --db-password 'hunter2 and more' run",
                "tool --password=\"hunter2 and more\"",
                "tool --api-key=hunter2",
                "tool --token hunter2",
                "tool -password hunter2",
                "mysql -u root -phunter2 orders",
                "cd /x && mysqldump -phunter2 orders > f",
                "mariadb -h db -p'hunter2 x'",
                "sshpass -p hunter2 ssh web1",
                "sshpass -phunter2 ssh web1",
                "docker login -u olga -p hunter2 registry",
                "redis-cli -a hunter2 ping",
                "podman login -u olga -p hunter2 registry",
                "helm registry login -p hunter2 registry",
                "ldapsearch -x -w hunter2 -b dc=x",
                "7z a -phunter2 x.7z f",
                "curl -u olga:hunter2 https://example.org",
                "curl --user olga:hunter2 https://example.org",
                "curl https://olga:hunter2@example.org/x",
                "wget --user=olga:hunter2 https://example.org",
                "git clone https://olga:hunter2@example.org/x.git",
                "psql postgresql://olga:hunter2@db/orders",
                "PGPASSWORD=hunter2 psql",
                "export MYSQL_PWD=hunter2",
                "PASS=hunter2 run",
                "DBPASS=hunter2 DB_PASS2=hunter2 run",
                "dbpwd=hunter2 run",
                "aws configure set aws_session_token hunter2hunter2hunter2",
                "export DEPLOY_TOKEN='hunter2'",
                "env A=1 aws_secret_access_key=hunter2xxxxxxxxxxxxxx run",
                "echo hunter2 | sudo -S ls",
                "echo 'olga:hunter2' | sudo chpasswd",
                "openssl rsa -passin pass:hunter2 -in k",
                "curl -H 'Authorization: Bearer hunter2hunter2' x",
                "curl -H 'X-Api-Key: hunter2' x",
                "curl -d '{\"user\":\"olga\",\"password\":\"hunter2\"}' x",
            })
    void aSecretOfAKnownShapeIsMasked(String line) {
        Masked masked = mask.mask(line);
        assertThat(masked.text()).doesNotContain("hunter2").contains("[masked]");
        assertThat(masked.rules()).isNotEmpty();
        assertThat(mask.mask(masked.text()).text()).as("once more").isEqualTo(masked.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AKIAIOSFODNN7EXAMPLE",
                "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
                "xoxb-123456789012-abcdefghij",
                "glpat-abcdefghij0123456789",
                "ASIAIOSFODNN7EXAMPLE",
                "gho_abcdefghijklmnopqrstuvwxyz0123456789",
                "github_pat_11ABCDEFG0abcdefghij_klmnopqrstuvwxyz",
                "npm_abcdefghijklmnopqrstuvwxyz0123456789",
                "hvs.CAESIabcdefghijklmnop",
                "hvb.AAAAAQabcdefghijklmnop",
                "AIzaSyA1234567890abcdefghijklmnopqrstuv",
                "sk-abcdefghijklmnopqrstuvwx",
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
            })
    void aTokenIsMaskedWhereverItStands(String token) {
        assertThat(mask.mask("echo " + token + " > f"))
                .isEqualTo(new Masked("echo [masked] > f", "token"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls -la /var/log",
                "passwd olga",
                "tool --password-stdin < file",
                "tool --password",
                "tool --password --verbose",
                "tool --password=$PW",
                "mysql -u root -p orders",
                "ssh -p 2222 web1",
                "cp -p a b",
                "git commit -m 'the password prompt'",
                "echo hello | sudo tee /etc/motd",
                "PATH=/usr/bin:/bin make",
                "PWD=/x OLDPWD=/y env",
                "BYPASS=yes PASSENGERS=3 run",
                "tool --bypass proxy",
                "singularity run --pwd /srv image",
                "npm test -- --passWithNoTests",
                "scp -p a olga@web1:/x",
                "http://example.org:8080/x",
                "grep -r token: src",
                "cat id_rsa.pub",
                "TOKEN=$(cat file) run",
            })
    void whatIsNoSecretStays(String line) {
        assertThat(mask.mask(line)).isEqualTo(new Masked(line, ""));
    }

    @Test
    void theRestOfTheLineStaysAndTheRulesAreNamed() {
        assertThat(mask.mask("A_TOKEN=x1 run --password=y2 --user olga"))
                .isEqualTo(
                        new Masked(
                                "A_TOKEN=[masked] run --password=[masked] --user olga",
                                "option assignment"));
    }

    private static final String BEGIN = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private static final String END = "-----END OPENSSH PRIVATE KEY-----";
    private static final String KEY_LINE = "hunter2/".repeat(8);

    @Test
    void aPrivateKeyIsMaskedInOneTextAndOverSeveralLines() {
        String text = String.join("\n", "cat > k <<E", BEGIN, KEY_LINE, "aHU=", END, "E");
        assertThat(mask.mask(text).text()).isEqualTo("cat > k <<E\n[masked]\nE");
        LineMask lines = new LineMask(mask);
        assertThat(List.of("cat > k <<E", BEGIN, KEY_LINE, KEY_LINE, "aHU=", END, "E", KEY_LINE))
                .extracting(line -> lines.mask(line).text())
                .containsExactly(
                        "cat > k <<E",
                        "[masked]",
                        "[masked]",
                        "[masked]",
                        "[masked]",
                        "[masked]",
                        "E",
                        KEY_LINE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0A\n\nhunter2\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nhunter2=\n-----END PGP PRIVATE KEY BLOCK-----",
                "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----"
            })
    void aPrivateKeyOfEachKindIsMasked(String key) {
        assertThat(mask.mask("echo '" + key + "' > k"))
                .isEqualTo(new Masked("echo '[masked]' > k", "private-key"));
    }

    @Test
    void aKeyOfPgpIsMaskedOverSeveralLines() {
        LineMask lines = new LineMask(mask);
        assertThat(
                        List.of(
                                "-----BEGIN PGP PRIVATE KEY BLOCK-----",
                                "Version: GnuPG v2.2.40",
                                "",
                                KEY_LINE,
                                "=aH9u",
                                "-----END PGP PRIVATE KEY BLOCK-----",
                                "Version: x; reboot"))
                .extracting(line -> lines.mask(line).text())
                .containsExactly(
                        "[masked]",
                        "[masked]",
                        "",
                        "[masked]",
                        "[masked]",
                        "[masked]",
                        "Version: x; reboot");
        assertThat(lines.mask("-----BEGIN PGP PRIVATE KEY BLOCK-----").isChanged()).isTrue();
        assertThat(lines.mask("Version: x; reboot").text()).isEqualTo("Version: x; reboot");
    }

    @Test
    void noCommandHidesBehindTheBeginOfAKey() {
        LineMask lines = new LineMask(mask);
        assertThat(List.of("echo " + BEGIN, "rm -rf /", "reboot"))
                .extracting(line -> lines.mask(line).text())
                .containsExactly("echo [masked]", "rm -rf /", "reboot");
        assertThat(mask.mask("echo " + BEGIN + "; rm -rf /").text())
                .isEqualTo("echo [masked]; rm -rf /");
    }

    @Test
    void aKeyWithoutAnEndDoesNotMaskForEver() {
        LineMask lines = new LineMask(mask);
        assertThat(lines.mask(BEGIN).isChanged()).isTrue();
        int masked = 0;
        while (lines.mask(KEY_LINE).isChanged()) {
            masked++;
        }
        assertThat(masked).isEqualTo(200);
    }

    @Test
    void anAdministratorAddsRules() {
        SecretMask more = new SecretMask(List.of(MaskRule.of("vendor-pin", "vendor --pin (\\d+)")));
        assertThat(more.mask("vendor --pin 4711 x"))
                .isEqualTo(new Masked("vendor --pin [masked] x", "vendor-pin"));
    }

    @ParameterizedTest
    @CsvSource({
        "'a rule', (x), name",
        "x, x, one group",
        "x, (x)(y), one group",
        "x, (x, no regular expression",
    })
    void aRuleThatCannotBeUsedIsRefused(String name, String expression, String why) {
        assertThatThrownBy(() -> MaskRule.of(name, expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void anExpressionThatIsTooLongIsRefused() {
        assertThat(MaskRule.of("x", "(" + "a".repeat(998) + ")").name()).isEqualTo("x");
        assertThatThrownBy(() -> MaskRule.of("x", "(" + "a".repeat(999) + ")"))
                .hasMessageContaining("at most 1000");
    }

    @Test
    void aRuleThatGoesBackForEverIsStoppedAndAllIsMasked() {
        SecretMask bad = new SecretMask(List.of(MaskRule.of("bad", "(a*a*a*a*a*b)")));
        assertThat(bad.mask("a".repeat(100))).isEqualTo(new Masked("[masked]", "bad"));
        assertThat(bad.mask("ls")).isEqualTo(new Masked("ls", ""));
    }

    /** None of the known shapes is stopped, so that nobody hides a command behind one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mysql ", "curl ", "--secret", "\"a", "_", "echo a|", "a://b:", "-----BEGIN ",
                "password", "a_", "eyJaaaaaaaa.", "sshpass -", "bearer ", "authorization:", "'",
                        "\"",
                "-----BEGIN RSA PRIVATE KEY-----", "docker -", "echo -a ", "--", "[masked]",
            })
    void noLineMakesAKnownShapeGoBackForEver(String piece) {
        String line = piece.repeat(60_000 / piece.length());
        assertThat(mask.mask(line + " ls").text()).isNotEqualTo("[masked]").hasSizeGreaterThan(7);
    }

    @RepeatedTest(20)
    void anyTextIsMaskedWithinBounds() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String alphabet = "ab \"'=:-/@|_\npPaAssword token mysql curl -u -p --secret eyJ. BEGIN";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        Masked masked = mask.mask(text.toString());
        assertThat(mask.mask("x" + masked.text()).text().length()).as("seed %d", seed).isPositive();
    }

    @Test
    void whatIsLongerThanTheRulesSeeIsMasked() {
        String most = "a".repeat(SecretMask.LONGEST);
        assertThat(mask.mask(most).text()).isEqualTo(most);
        assertThat(mask.mask(most + "bcd")).isEqualTo(new Masked(most + "[masked]", "length"));
    }
}
