package dev.bastion.menu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.MenuKey.Control;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetMenuTest {

    private static final MenuEvent REDRAW = new MenuEvent.Redraw();
    private static final MenuEvent IGNORED = new MenuEvent.Ignored();
    private static final MenuEvent LEFT = new MenuEvent.Left();

    private final TargetMenu menu =
            new TargetMenu(
                    List.of(
                            Hosts.in("web", "web10"),
                            Hosts.in("web", "web2"),
                            Hosts.in("db", "db1"),
                            Hosts.usedAt("2026-01-01T00:00:00Z", "older"),
                            Hosts.usedAt("2026-02-01T00:00:00Z", "newer"),
                            Hosts.named("many", "root", "deploy", "backup")));

    private MenuEvent type(String text) {
        MenuEvent last = IGNORED;
        for (int codePoint : text.codePoints().toArray()) {
            last = menu.key(new MenuKey.Text(codePoint));
        }
        return last;
    }

    private MenuEvent press(Control... keys) {
        MenuEvent last = IGNORED;
        for (Control key : keys) {
            last = menu.key(key);
        }
        return last;
    }

    private List<String> listed() {
        return java.util.stream.IntStream.range(0, menu.matchCount())
                .mapToObj(position -> menu.line(position, 20))
                .toList();
    }

    private String screen() {
        return String.join("\n", menu.view().lines().stream().map(MenuView.Line::text).toList());
    }

    @Test
    void showsTheRecentOnesFirstAndThenCountsLikePeople() {
        assertThat(listed()).containsExactly("newer", "older", "db1", "many", "web2", "web10");
        assertThat(screen()).contains(">* newer", " * older", "6 of 6");
    }

    @Test
    void narrowsWithEveryLetterAndWidensWithBackspace() {
        assertThat(type("w")).isEqualTo(REDRAW);
        type("eb1");
        assertThat(listed()).containsExactly("web10");
        press(Control.BACKSPACE);
        assertThat(listed()).containsExactly("web2", "web10");
        press(Control.ERASE_ALL);
        assertThat(menu.matchCount()).isEqualTo(6);
        assertThat(press(Control.BACKSPACE)).isEqualTo(IGNORED);
    }

    @Test
    void needsAllWordsInAnyOrder() {
        type("10 web");
        assertThat(listed()).containsExactly("web10", "web2");
        press(Control.ERASE_WORD);
        assertThat(listed()).contains("web10");
        assertThat(screen()).contains("> 10 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"j", "k", "q", "1", "/", ":", " ", "ü", "東", "😀"})
    void givesEveryPrintableKeyToTheFilter(String key) {
        assertThat(type(key)).isEqualTo(REDRAW);
        assertThat(screen()).contains("> " + key);
    }

    @Test
    void givesAQuestionMarkToTheFilterOnlyBehindSomething() {
        type("?");
        assertThat(screen()).contains("Ctrl-W");
        type("x");
        assertThat(screen()).doesNotContain("Ctrl-W");
        type("w?");
        assertThat(screen()).contains("> w?");
    }

    @ParameterizedTest
    @CsvSource({"27", "0", "7", "155", "8238", "55296", "8203", "769"})
    void ignoresWhatCannotBeShown(int codePoint) {
        assertThat(menu.key(new MenuKey.Text(codePoint))).isEqualTo(IGNORED);
    }

    @Test
    void movesWithTheArrowsAndStopsAtTheEnds() {
        assertThat(press(Control.UP)).isEqualTo(IGNORED);
        press(Control.DOWN, Control.DOWN);
        assertThat(press(Control.ENTER)).isEqualTo(new MenuEvent.Chosen("db1", "root"));
        press(Control.END);
        assertThat(press(Control.DOWN)).isEqualTo(IGNORED);
        assertThat(press(Control.ENTER)).isEqualTo(new MenuEvent.Chosen("web10", "root"));
        press(Control.HOME);
        assertThat(press(Control.ENTER)).isEqualTo(new MenuEvent.Chosen("newer", "root"));
    }

    @Test
    void movesByPagesAndKeepsTheSelectionInSight() {
        TargetMenu fleet = new TargetMenu(Hosts.fleet(1000));
        fleet.resize(80, 24);
        for (Control key : List.of(Control.PAGE_DOWN, Control.PAGE_UP, Control.END, Control.UP)) {
            for (int i = 0; i < 70; i++) {
                fleet.key(key);
                assertThat(fleet.view().lines().stream().filter(l -> l.text().startsWith(">")))
                        .as("the filter and one selected row")
                        .hasSize(2);
            }
        }
    }

    @Test
    void cyclesThroughTheGroupsBothWays() {
        press(Control.NEXT_GROUP);
        assertThat(listed()).containsExactly("db1");
        assertThat(screen()).contains("[db]");
        press(Control.NEXT_GROUP);
        assertThat(listed()).containsExactly("web2", "web10");
        type("1");
        assertThat(listed()).containsExactly("web10", "web2");
        press(Control.NEXT_GROUP);
        assertThat(listed()).contains("db1", "web10");
        press(Control.ERASE_ALL);
        assertThat(menu.matchCount()).isEqualTo(6);
        press(Control.PREVIOUS_GROUP);
        assertThat(listed()).containsExactly("web2", "web10");
    }

    @Test
    void asksForOneOfSeveralAccounts() {
        type("many");
        assertThat(press(Control.ENTER)).isEqualTo(REDRAW);
        assertThat(screen()).contains("Account on many>", "root", "deploy", "backup");
        press(Control.DOWN);
        assertThat(press(Control.ENTER)).isEqualTo(new MenuEvent.Chosen("many", "deploy"));
        assertThat(screen()).contains("6 of 6").contains(">  many");
    }

    @Test
    void goesBackFromTheAccountsStepByStep() {
        type("many");
        press(Control.ENTER);
        type("dep");
        assertThat(listed()).containsExactly("deploy");
        press(Control.ESCAPE);
        assertThat(menu.matchCount()).isEqualTo(3);
        press(Control.ESCAPE);
        assertThat(screen()).contains("> many");
        press(Control.ESCAPE);
        assertThat(menu.matchCount()).isEqualTo(6);
        assertThat(press(Control.ESCAPE)).isEqualTo(LEFT);
    }

    @Test
    void choosesNothingWhereNothingMatches() {
        type("zzz");
        assertThat(screen()).contains("No match");
        assertThat(press(Control.ENTER)).isEqualTo(IGNORED);
        assertThat(new TargetMenu(List.of()).key(Control.ENTER)).isEqualTo(IGNORED);
    }

    @Test
    void leavesFromEverywhere() {
        assertThat(press(Control.LEAVE)).isEqualTo(LEFT);
        type("?");
        assertThat(press(Control.LEAVE)).isEqualTo(LEFT);
    }

    @Test
    void showsTheNoticeUntilTheNextChoice() {
        menu.notice("session on web2 ended: exit status 0");
        type("web2");
        assertThat(screen()).contains("session on web2 ended: exit status 0");
        press(Control.ENTER);
        assertThat(screen()).doesNotContain("session on");
    }

    @Test
    void givesBackNamesExactlyAsGiven() {
        String name = "we\033[31mb\u202e";
        TargetMenu hostile = new TargetMenu(List.of(Hosts.named(name, "ro\007ot")));
        assertThat(hostile.key(Control.ENTER)).isEqualTo(new MenuEvent.Chosen(name, "ro\007ot"));
    }

    @Test
    void findsTheSameByTypingOnAsByStartingAnew() {
        List<MenuHost> fleet = Hosts.fleet(2000);
        TargetMenu typed = new TargetMenu(fleet);
        String filter = "wb ber 17 prod";
        for (int end = 1; end <= filter.length(); end++) {
            typed.key(new MenuKey.Text(filter.charAt(end - 1)));
            TargetMenu anew = new TargetMenu(fleet);
            anew.key(new MenuKey.Text('#'));
            anew.key(Control.BACKSPACE);
            SearchList full = new SearchList(List.of());
            assertThat(full.count()).isZero();
            for (int codePoint : filter.substring(0, end).codePoints().toArray()) {
                anew.key(new MenuKey.Text(codePoint));
                anew.key(new MenuKey.Text('#'));
                anew.key(Control.BACKSPACE);
            }
            assertThat(typed.matchCount()).isEqualTo(anew.matchCount());
            assertThat(typed.view()).isEqualTo(anew.view());
        }
    }
}
