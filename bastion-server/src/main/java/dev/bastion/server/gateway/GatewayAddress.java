package dev.bastion.server.gateway;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The user name that an SSH client sends, read as an address: {@code alice}, {@code alice+web1},
 * {@code alice+root@web1}; {@code :} and {@code %} stand for {@code +}.
 *
 * @param host absent for the menu
 * @param account absent where the user may use just one
 */
record GatewayAddress(String user, @Nullable String account, @Nullable String host) {

    private static final String NAME = "[A-Za-z0-9._][A-Za-z0-9._-]{0,63}";
    private static final String ACCOUNT = "[!-~&&[^+:%]]{1,64}";
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<user>"
                            + NAME
                            + ")(?:[+:%](?:(?<account>"
                            + ACCOUNT
                            + ")@)?(?<host>"
                            + NAME
                            + "))?");

    /**
     * Empty when the text is no address: control characters, an empty part, a name that is too
     * long.
     */
    static Optional<GatewayAddress> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(
                        new GatewayAddress(
                                form.group("user"), form.group("account"), form.group("host")))
                : Optional.empty();
    }

    /** Whether the text may be the name of an account. */
    static boolean isAccount(String text) {
        return text.matches(ACCOUNT);
    }

    /** What was asked for, as the user wrote it. */
    String target() {
        return host == null ? "" : account == null ? host : account + "@" + host;
    }
}
