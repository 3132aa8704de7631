package dev.bastion.menu.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.Hosts;
import dev.bastion.menu.MenuHost;
import dev.bastion.menu.TargetMenu;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MenuTerminalTest {

    private static final List<MenuHost> HOSTS =
            List.of(
                    Hosts.named("db1", "root", "postgres"),
                    Hosts.named("mail"),
                    Hosts.named("web1"),
                    Hosts.named("web2"));

    private final FakeKeys keys = new FakeKeys();
    private final ScreenModel screen = new ScreenModel(60, 12);
    private final TargetMenu menu = new TargetMenu(HOSTS);

    private MenuChoice run() throws IOException {
        return run("xterm-256color");
    }

    private MenuChoice run(String type) throws IOException {
        return new MenuTerminal(keys, screen, type, () -> 60, () -> 12).run(menu);
    }

    @Test
    void leavesWhatIsTypedAfterTheChoiceUntouched() throws IOException {
        keys.type("web2\rls -l\r\n\033[Aü");
        assertThat(run()).isEqualTo(new MenuChoice.Target("web2", "root"));
        assertThat(keys.left().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))
                .asString(java.nio.charset.StandardCharsets.UTF_8)
                .isEqualTo("ls -l\r\n\033[Aü");
    }

    @Test
    void takesLineFeedAsEnterAndNothingBehindIt() throws IOException {
        keys.type("web1\nrest");
        assertThat(run()).isEqualTo(new MenuChoice.Target("web1", "root"));
        assertThat(keys.left()).isEqualTo("rest");
    }

    @Test
    void asksForTheAccountWhereThereAreSeveral() throws IOException {
        keys.type("db1\r")
                .pause()
                .then(() -> assertThat(screen.lines()).anyMatch(l -> l.contains("postgres")))
                .type("pos\rnext");
        assertThat(run()).isEqualTo(new MenuChoice.Target("db1", "postgres"));
        assertThat(keys.left()).isEqualTo("next");
    }

    @Test
    void putsTheTerminalBackAsItWas() throws IOException {
        keys.pause()
                .then(() -> assertThat(screen.onAlternate()).isTrue())
                .then(() -> assertThat(screen.marksPastes()).isTrue())
                .type("web1\r");
        run();
        assertThat(screen.onAlternate()).isFalse();
        assertThat(screen.isCursorShown()).isTrue();
        assertThat(screen.marksPastes()).isFalse();
        assertThat(screen.style()).isEqualTo("[]");
    }

    @Test
    void tellsALoneEscapeFromASequence() throws IOException {
        keys.type("\033[B\033OB\033").pause().type("unread");
        assertThat(run()).isEqualTo(new MenuChoice.Left());
        assertThat(keys.left()).isEqualTo("unread");
        assertThat(menu.view().lines().stream().map(l -> l.text()))
                .anyMatch(line -> line.startsWith(">  web1"));
    }

    @Test
    void clearsTheFilterBeforeItLeaves() throws IOException {
        keys.type("web\033")
                .pause()
                .pause()
                .then(() -> assertThat(screen.lines()).anyMatch(l -> l.contains("4 of 4")))
                .type("\033")
                .pause();
        assertThat(run()).isEqualTo(new MenuChoice.Left());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\003", "\004", "web\003", "db1\r\004"})
    void leavesWithControlCAndControlD(String typed) throws IOException {
        keys.type(typed + "unread");
        assertThat(run()).isEqualTo(new MenuChoice.Left());
        assertThat(keys.left()).isEqualTo("unread");
    }

    @Test
    void isIdleWhenTheKeysSaySoAndPutsTheTerminalBack() throws IOException {
        keys.type("we").idle().type("b");
        assertThat(run()).isEqualTo(new MenuChoice.Idle());
        assertThat(keys.left()).isEqualTo("b");
    }

    @Test
    void isGoneWhenTheKeysEnd() throws IOException {
        assertThat(run()).isEqualTo(new MenuChoice.Gone());
    }

    @Test
    void doesNotChooseByAnEnterInsideAPaste() throws IOException {
        keys.type("\033[200~we\rb2\033[201~")
                .pause()
                .then(() -> assertThat(screen.lines()).anyMatch(l -> l.startsWith("> we b2")))
                .type("\r");
        assertThat(run()).isEqualTo(new MenuChoice.Target("web2", "root"));
    }

    @Test
    void drawsOnceForWhatIsTypedAhead() throws IOException {
        keys.type("web2").pause().then(() -> assertThat(screen.paints()).isEqualTo(2)).type("\004");
        run();
    }

    @Test
    void showsOnlyTheNoticeGiven() throws IOException {
        menu.notice("session on web1 ended: exit status 0\033[31m");
        keys.pause()
                .then(() ->
                        assertThat(screen.lines())
                                .anyMatch(l -> l.startsWith("session on web1 ended:")))
                .type("\004");
        run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vt100", "vt220", "linux", "screen.xterm-256color", "xterm", "tmux"})
    void worksOnEveryTerminalWithAScreen(String type) throws IOException {
        keys.type("web")
                .pause()
                .then(() -> assertThat(screen.lines()).anyMatch(l -> l.contains("> web")))
                .type("\033[B\r");
        assertThat(run(type)).isEqualTo(new MenuChoice.Target("web2", "root"));
    }
}
