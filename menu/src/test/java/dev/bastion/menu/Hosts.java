package dev.bastion.menu;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Hosts for tests. */
public final class Hosts {

    private static final String[] ROLES = {"web", "db", "cache", "queue", "proxy", "batch", "mail"};
    private static final String[] PLACES = {"berlin", "oslo", "lima", "tokyo", "austin"};

    private Hosts() {}

    public static MenuHost named(String name, String... accounts) {
        return host(name, "10.0.0.1", "", List.of(), Map.of(), null, accounts);
    }

    public static MenuHost in(String group, String name) {
        return host(name, "10.0.0.1", "", List.of(group), Map.of(), null);
    }

    public static MenuHost usedAt(String time, String name) {
        return host(name, "10.0.0.1", "", List.of(), Map.of(), Instant.parse(time));
    }

    public static MenuHost described(String name, String description) {
        return host(name, "10.0.0.1", description, List.of(), Map.of(), null);
    }

    public static MenuHost host(
            String name,
            String address,
            String description,
            List<String> groups,
            Map<String, String> labels,
            @Nullable Instant lastUsed,
            String... accounts) {
        List<String> logins = accounts.length == 0 ? List.of("root") : List.of(accounts);
        return new MenuHost(name, address, description, groups, labels, logins, lastUsed);
    }

    /** A fleet that looks like a real one; the same for the same count. */
    public static List<MenuHost> fleet(int count) {
        Random random = new Random(count);
        List<MenuHost> fleet = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String role = ROLES[random.nextInt(ROLES.length)];
            String place = PLACES[random.nextInt(PLACES.length)];
            fleet.add(
                    host(
                            role + "-" + place + "-" + i,
                            "10." + i / 65536 + "." + i / 256 % 256 + "." + i % 256,
                            role + " server of the shop in " + place + ", rack " + i % 40,
                            List.of(role, place),
                            Map.of("env", i % 3 == 0 ? "production" : "staging", "os", "debian"),
                            i % 100 == 7 ? Instant.ofEpochSecond(1_000_000 + i) : null,
                            i % 5 == 0 ? new String[] {"root", "deploy"} : new String[] {"root"}));
        }
        return fleet;
    }

    /** Names, descriptions and labels that try to get at the terminal, and wide ones. */
    public static List<MenuHost> hostile() {
        List<String> texts =
                List.of(
                        "\033[2J\033[H\033]0;owned\007name",
                        "\u009b31mred\u0085\u2028line\u2029",
                        "\u202egnp.exe\u202c \u2066x\u2069\u200f\ufeff",
                        "日本語サーバー東京データベース",
                        "👩‍👩‍👧‍👦 family 🇩🇪 flag ❤️ 👍🏽 thumb",
                        "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307zalgo",
                        "\u0301leading mark",
                        "\ud800 lone \udc00 surrogates \ue000",
                        "한국어 \u1112\u1161\u11ab jamo",
                        "tab\there\r\nnew\b\b\u007f",
                        "");
        List<MenuHost> hosts = new ArrayList<>();
        for (String text : texts) {
            hosts.add(
                    host(
                            text,
                            text,
                            text,
                            List.of(text),
                            Map.of(text, text),
                            null,
                            text + "1",
                            text + "2"));
        }
        return hosts;
    }
}
