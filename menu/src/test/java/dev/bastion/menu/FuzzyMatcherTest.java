package dev.bastion.menu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FuzzyMatcherTest {

    @ParameterizedTest
    @CsvSource({
        // word, better, worse
        "web, web, web1",
        "web, web1, web-server-1",
        "web, web1, my-web",
        "web, my-web, cobweb",
        "web, cobweb, we-b",
        "wb1, wb1, web1",
        "db, the-db, mydbs",
        "1, web-1, web21",
        "pd, prod-db, upload",
    })
    void ranksTheBetterFitFirst(String word, String better, String worse) {
        assertThat(FuzzyMatcher.score(word, better)).isGreaterThan(FuzzyMatcher.score(word, worse));
        assertThat(FuzzyMatcher.score(word, worse)).isGreaterThan(FuzzyMatcher.NO_MATCH);
    }

    @ParameterizedTest
    @CsvSource({"web, wbe", "web, we", "x, web", "bew, web"})
    void doesNotMatchWhatIsNotThere(String word, String text) {
        assertThat(FuzzyMatcher.score(word, text)).isEqualTo(FuzzyMatcher.NO_MATCH);
        assertThat(FuzzyMatcher.positions(word, text)).isEmpty();
    }

    @Test
    void saysWhereTheLettersFell() {
        assertThat(FuzzyMatcher.positions("wb1", "web1")).containsExactly(0, 2, 3);
        assertThat(FuzzyMatcher.positions("db", "mydb-db")).containsExactly(5, 6);
        assertThat(FuzzyMatcher.positions("ab", "a-ab")).containsExactly(2, 3);
    }

    @Test
    void foldsCaseAndAccentsAtTheSamePlace() {
        assertThat(FoldedText.of("Zürich-ÉCOLE 東京")).isEqualTo("zurich-ecole 東京");
    }

    @Test
    void weighsNameOverAddressOverGroupOverTheRest() {
        List<MenuHost> hosts =
                List.of(
                        Hosts.described("a", "zeta"),
                        Hosts.in("zeta", "b"),
                        Hosts.host("c", "zeta", "", List.of(), java.util.Map.of(), null),
                        Hosts.named("zeta"),
                        Hosts.host("e", "x", "", List.of(), java.util.Map.of("k", "zeta"), null));
        TargetMenu menu = new TargetMenu(hosts);
        "zeta".codePoints().forEach(c -> menu.key(new MenuKey.Text(c)));
        assertThat(menu.matchCount()).isEqualTo(5);
        List<Character> firsts =
                java.util.stream.IntStream.range(0, 5)
                        .mapToObj(i -> menu.line(i, 80).charAt(0))
                        .toList();
        assertThat(firsts).containsExactly('z', 'c', 'b', 'a', 'e');
    }
}
