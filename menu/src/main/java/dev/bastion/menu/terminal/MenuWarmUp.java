package dev.bastion.menu.terminal;

import dev.bastion.menu.MenuHost;
import dev.bastion.menu.TargetMenu;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Draws menus that nobody sees, so that the first operator's does not wait until the JVM has loaded
 * and compiled what a menu takes. Stateless.
 */
public final class MenuWarmUp {

    private static final int SMALL_ROUNDS = 10;
    private static final int SMALL_HOSTS = 10;
    private static final int LARGE_ROUNDS = 3;
    private static final int LARGE_HOSTS = 5_000;

    /** A filter, the next group, down, erase, and Ctrl-C. */
    private static final String TYPED = "web 1\t\016\177\003";

    private MenuWarmUp() {}

    /** About half a second of work on the calling thread, in a new process. */
    public static void run() {
        List<MenuHost> few = hosts(SMALL_HOSTS);
        for (int round = 0; round < SMALL_ROUNDS; round++) {
            draw(few);
        }
        List<MenuHost> many = hosts(LARGE_HOSTS);
        for (int round = 0; round < LARGE_ROUNDS; round++) {
            draw(many);
        }
    }

    private static void draw(List<MenuHost> hosts) {
        TargetMenu menu = new TargetMenu(hosts);
        menu.notice("Warming up");
        OutputStream nowhere = OutputStream.nullOutputStream();
        try {
            new MenuTerminal(new Typed(), nowhere, "xterm-256color", () -> 80, () -> 24).run(menu);
        } catch (IOException e) {
            throw new IllegalStateException("a menu that is drawn nowhere cannot fail", e);
        }
    }

    private static List<MenuHost> hosts(int count) {
        List<MenuHost> hosts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            hosts.add(
                    new MenuHost(
                            (i % 2 == 0 ? "web-" : "wéb-") + i,
                            "10.0." + i / 256 + "." + i % 256,
                            "Web server 東京, rack " + i % 40,
                            List.of("web", "rack" + i % 4),
                            Map.of("env", "prod", "os", "debian"),
                            List.of("root"),
                            i % 100 == 7 ? Instant.EPOCH.plusSeconds(i) : null));
        }
        return hosts;
    }

    /** Keys with a pause after each, so that each is drawn. */
    private static final class Typed implements KeySource {

        private int at;

        @Override
        public int read(Duration wait) {
            if (wait.isZero()) {
                return TIMEOUT;
            }
            return at < TYPED.length() ? TYPED.charAt(at++) : END;
        }
    }
}
