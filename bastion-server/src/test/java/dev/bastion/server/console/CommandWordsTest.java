package dev.bastion.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words are shown between bars. */
class CommandWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '#',
            value = {
                "user list ~ |user|list|",
                "#  a\t b  # ~ |a|b|",
                "'a b' c ~ |a b|c|",
                "\"a b\" c ~ |a b|c|",
                "a' 'b\" \"c ~ |a b c|",
                "'' \"\" ~ |||",
                "a\\ b ~ |a b|",
                "'a\\b' ~ |a\\b|",
                "\"a\\b\" ~ |a\\b|",
                "\"\\$\\`\\\"\\\\\" ~ |$`\"\\|",
                "'\"' \"'\" ~ |\"|'|",
                "$HOME `id` $(id) * ? ; & > ~ |$HOME|`id`|$(id)|*|?|;|&|>|",
                "#a # ~ |a|",
            })
    void splitsAsAShellDoes(String line, String words) {
        assertThat("|" + String.join("|", CommandWords.split(line)) + "|").isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "a 'b", "\"", "a \"b\\\"", "\\", "a \\"})
    void refusesWhatIsNotClosed(String line) {
        assertThatThrownBy(() -> CommandWords.split(line)).isInstanceOf(UsageException.class);
    }

    @RepeatedTest(20)
    void whatItJoinsItSplitsAgain() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String alphabet = "ab '\"\\$`\t\n*é";
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
                word.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            words.add(word.toString());
        }
        assertThat(CommandWords.split(CommandWords.join(words)))
                .as("seed %d", seed)
                .isEqualTo(words);
    }
}
