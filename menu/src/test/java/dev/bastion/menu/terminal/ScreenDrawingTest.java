package dev.bastion.menu.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.Hosts;
import dev.bastion.menu.MenuHost;
import dev.bastion.menu.MenuKey;
import dev.bastion.menu.MenuView;
import dev.bastion.menu.TargetMenu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on the screen after drawing only the difference is what drawing all would show. */
final class ScreenDrawingTest {

    @ParameterizedTest
    @ValueSource(strings = {"xterm-256color", "vt100", "linux"})
    void showsTheWholeViewAfterEveryKeyAndResize(String type) throws IOException {
        long seed = System.nanoTime();
        System.out.println("ScreenDrawingTest seed " + seed);
        Random random = new Random(seed);
        List<MenuHost> hosts = new ArrayList<>(Hosts.fleet(50));
        hosts.addAll(Hosts.hostile());
        TargetMenu menu = new TargetMenu(hosts);
        TerminalKind kind = TerminalKind.of(type);
        ScreenPainter painter = new ScreenPainter(kind);
        painter.open();
        ScreenModel screen = resized(menu, painter, 80, 24);
        for (int i = 0; i < 1500; i++) {
            if (random.nextInt(25) == 0) {
                screen = resized(menu, painter, 1 + random.nextInt(100), 1 + random.nextInt(30));
            }
            press(random, menu);
            MenuView view = menu.view();
            screen.write(painter.paint(view));
            screen.flush();
            ScreenPainter fresh = new ScreenPainter(kind);
            fresh.open();
            fresh.resize(view.columns(), view.rows());
            ScreenModel whole = new ScreenModel(view.columns(), view.rows());
            whole.write(fresh.paint(view));
            whole.flush();
            assertThat(screen.lines()).as("seed %d step %d", seed, i).isEqualTo(text(view));
            assertThat(screen.everything())
                    .as("seed %d step %d", seed, i)
                    .isEqualTo(whole.everything());
        }
    }

    private static ScreenModel resized(
            TargetMenu menu, ScreenPainter painter, int columns, int rows) {
        menu.resize(columns, rows);
        painter.resize(columns, rows);
        return new ScreenModel(columns, rows);
    }

    private static void press(Random random, TargetMenu menu) {
        MenuKey.Control[] controls = MenuKey.Control.values();
        if (random.nextBoolean()) {
            menu.key(new MenuKey.Text("abew東é1 ?".charAt(random.nextInt(9))));
        } else {
            menu.key(controls[random.nextInt(controls.length)]);
        }
    }

    private static List<String> text(MenuView view) {
        List<String> lines = new ArrayList<>();
        view.lines().forEach(line -> lines.add(line.text().stripTrailing()));
        while (lines.size() < view.rows()) {
            lines.add("");
        }
        return lines;
    }

    @Test
    void sendsLittleForOneKey() throws IOException {
        TargetMenu menu = new TargetMenu(Hosts.fleet(10_000));
        ScreenPainter painter = new ScreenPainter(TerminalKind.of("xterm-256color"));
        painter.open();
        resized(menu, painter, 80, 24);
        int whole = painter.paint(menu.view()).length;
        menu.key(MenuKey.Control.DOWN);
        int difference = painter.paint(menu.view()).length;
        assertThat(difference).isLessThan(whole / 2);
        assertThat(painter.paint(menu.view())).isEmpty();
    }

    @Test
    void drawsOnATerminalOfAbsurdSize() throws IOException {
        TargetMenu menu = new TargetMenu(Hosts.fleet(100));
        ScreenModel screen = new ScreenModel(1000, 400);
        FakeKeys keys = new FakeKeys().type("web").pause().type("\004");
        MenuTerminal terminal =
                new MenuTerminal(keys, screen, "xterm", () -> Integer.MAX_VALUE, () -> 10_000);
        assertThat(terminal.run(menu)).isEqualTo(new MenuChoice.Left());
    }
}
