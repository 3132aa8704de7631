package dev.bastion.menu.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.Hosts;
import dev.bastion.menu.TargetMenu;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NumberedMenuTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "dumb", "unknown", "vt52", "-V", "../../etc/passwd"})
    void choosesByTextAndNumberWithoutMovingTheCursor(String type) throws IOException {
        TargetMenu menu =
                new TargetMenu(
                        List.of(Hosts.named("db1", "root", "pg"), Hosts.named("we\033[Hb1")));
        FakeKeys keys = new FakeKeys().type("db\r1\r2\rrest");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MenuChoice choice = new MenuTerminal(keys, out, type, () -> 0, () -> 0).run(menu);
        assertThat(choice).isEqualTo(new MenuChoice.Target("db1", "pg"));
        assertThat(keys.left()).isEqualTo("rest");
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("   1  db1")
                .doesNotContain("\033");
    }
}
