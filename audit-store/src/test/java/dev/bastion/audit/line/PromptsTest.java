package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptsTest {

    private final Prompts prompts = new Prompts();

    @Test
    void knowsAPromptAgainWhateverItsClockSays() {
        prompts.learn("[10:42] web1$ ");

        assertThat(prompts.isLearned("[23:59] web1$ ")).isTrue();
        assertThat(prompts.isLearned("[23:59] web1# ")).isFalse();
        assertThat(prompts.lengthAt("[11:11] web1$ ls -l", 0)).isEqualTo(14);
        assertThat(prompts.lengthEnding("xx[11:11] web1$ ")).isEqualTo(14);
        assertThat(prompts.indexIn("ab[11:11] web1$ ls")).isEqualTo(2);
    }

    @Test
    void severalInARowAreNoPromptOfTheirOwn() {
        prompts.learn("dash$ ");
        prompts.learn("dash$ dash$ ");

        assertThat(prompts.isLearned("dash$ dash$ ")).isFalse();
        assertThat(prompts.lengthAt("dash$ dash$ x", 0)).isEqualTo(6);
    }

    @Test
    void keepsTheTwelveLastOnes() {
        for (char name = 'a'; name <= 'm'; name++) {
            prompts.learn(name + "$ ");
        }

        assertThat(prompts.isLearned("a$ ")).isFalse();
        assertThat(prompts.isLearned("b$ ")).isTrue();
        assertThat(prompts.isLearned("m$ ")).isTrue();
    }

    @Test
    void learnsNoBlanksAndNothingEndless() {
        prompts.learn("   ");
        prompts.learn("x".repeat(1_000));

        assertThat(prompts.isLearned("   ")).isFalse();
        assertThat(prompts.isLearned("x".repeat(1_000))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'root@vm:~# ', true",
        "'❯ ', true",
        "'Your name: ', false",
        "'a > b', false",
        "'', false"
    })
    void tellsAPromptByItsEnd(String text, boolean strict) {
        assertThat(Prompts.isStrict(text)).isEqualTo(strict);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Password: ", "[sudo] password for op: ", "Enter passphrase for key: "})
    void tellsWhatAsksForASecret(String text) {
        assertThat(Prompts.asksForSecret(text)).isTrue();
        assertThat(Prompts.asksForSecret("Your name: ")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'db-# ', true",
        "'db(# ', true",
        "'db=# ', false",
        "'dc=# ', false",
        "'db-> ', false"
    })
    void oneMarkMayDiffer(String prompt, boolean variant) {
        prompts.learn("db=# ");

        assertThat(prompts.isVariant(prompt)).isEqualTo(variant);
    }
}
