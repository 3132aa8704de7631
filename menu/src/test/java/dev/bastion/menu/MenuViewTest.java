package dev.bastion.menu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.MenuKey.Control;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The view fits whatever the terminal is, and holds nothing that a terminal would obey. */
final class MenuViewTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "-5, -5",
        "2, 1",
        "1, 2",
        "3, 3",
        "5, 4",
        "10, 5",
        "20, 6",
        "29, 7",
        "30, 8",
        "40, 10",
        "59, 9",
        "60, 24",
        "80, 24",
        "200, 60",
        "10000, 10000",
        "2147483647, 2147483647"
    })
    void fitsEverySize(int columns, int rows) {
        List<MenuHost> hosts = new ArrayList<>(Hosts.fleet(400));
        hosts.addAll(Hosts.hostile());
        TargetMenu menu = new TargetMenu(hosts);
        menu.notice("a notice that is longer than small terminals are wide");
        menu.resize(columns, rows);
        assertFits(menu.view());
        menu.key(Control.END);
        assertFits(menu.view());
        menu.key(new MenuKey.Text('?'));
        assertFits(menu.view());
        menu.key(Control.ENTER);
        menu.key(Control.NEXT_GROUP);
        "hostile 東京 filter that is quite long"
                .codePoints()
                .forEach(codePoint -> menu.key(new MenuKey.Text(codePoint)));
        assertFits(menu.view());
        menu.key(Control.ESCAPE);
        menu.choose(0);
        assertFits(menu.view());
    }

    @Test
    void neverThrowsAndAlwaysFitsWhateverIsPressed() {
        long seed = System.nanoTime();
        System.out.println("MenuViewTest seed " + seed);
        Random random = new Random(seed);
        List<MenuHost> hosts = new ArrayList<>(Hosts.fleet(60));
        hosts.addAll(Hosts.hostile());
        TargetMenu menu = new TargetMenu(hosts);
        Control[] controls = Control.values();
        for (int i = 0; i < 20_000; i++) {
            switch (random.nextInt(10)) {
                case 0 -> menu.resize(random.nextInt(120), random.nextInt(40));
                case 1 -> menu.notice(random.nextBoolean() ? "" : "noti\033ce " + i);
                case 2 -> menu.key(new MenuKey.Text(random.nextInt(0x110000)));
                case 3, 4, 5 ->
                        menu.key(new MenuKey.Text("abewprd- 1?".charAt(random.nextInt(11))));
                default -> menu.key(controls[random.nextInt(controls.length)]);
            }
            assertFits(menu.view());
        }
    }

    @Test
    void linesUpTheColumnsBehindWideNames() {
        TargetMenu menu =
                new TargetMenu(
                        List.of(
                                Hosts.named("plain"),
                                Hosts.named("東京サーバー"),
                                Hosts.named("cafe\u0301"),
                                Hosts.named("😀👩‍👩‍👧")));
        List<Integer> columns =
                menu.view().lines().stream()
                        .map(MenuView.Line::text)
                        .filter(line -> line.contains("10.0.0.1"))
                        .map(line -> DisplayWidth.of(line.substring(0, line.indexOf("10.0.0.1"))))
                        .toList();
        assertThat(columns).hasSize(4);
        assertThat(columns.stream().distinct()).hasSize(1);
    }

    private static void assertFits(MenuView view) {
        assertThat(view.lines().size()).isLessThanOrEqualTo(view.rows());
        assertThat(view.rows()).isBetween(1, TargetMenu.MAX_ROWS);
        assertThat(view.columns()).isBetween(1, TargetMenu.MAX_COLUMNS);
        assertThat(view.cursorColumn()).isBetween(0, view.columns() - 1);
        assertThat(view.cursorRow()).isBetween(0, view.rows() - 1);
        for (MenuView.Line line : view.lines()) {
            String text = line.text();
            if (DisplayWidth.of(text) > view.columns()
                    || !text.codePoints().allMatch(MenuViewTest::isSafe)) {
                throw new AssertionError(view.columns() + " columns: " + text);
            }
        }
    }

    private static boolean isSafe(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
