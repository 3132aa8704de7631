package dev.bastion.server.inventory;

import dev.bastion.server.identity.InvalidValueException;
import dev.bastion.server.identity.NameRule;
import java.util.Map;

/** What labels and descriptions may be. */
public final class HostRules {

    /** Characters. */
    public static final int MAX_DESCRIPTION = 256;

    /** Of one host. */
    public static final int MAX_LABELS = 32;

    private HostRules() {}

    /**
     * Reads {@code key=value}; both follow the rule for names.
     *
     * @throws InvalidValueException when it is not a label
     */
    public static Map.Entry<String, String> label(String text) {
        int equals = text.indexOf('=');
        if (equals < 0
                || !NameRule.isName(text.substring(0, equals))
                || !NameRule.isName(text.substring(equals + 1))) {
            throw new InvalidValueException(
                    "'"
                            + text
                            + "' is not a label: write key=value, each of letters, digits, '.',"
                            + " '_' and '-', at most "
                            + NameRule.MAX_LENGTH
                            + " characters");
        }
        return Map.entry(text.substring(0, equals), text.substring(equals + 1));
    }

    /**
     * Gives the text back when it can be a description: one line that can be shown.
     *
     * @throws InvalidValueException when it cannot
     */
    public static String description(String text) {
        if (text.codePointCount(0, text.length()) > MAX_DESCRIPTION) {
            throw new InvalidValueException(
                    "the description is longer than " + MAX_DESCRIPTION + " characters");
        }
        if (text.codePoints().anyMatch(HostRules::unshowable)) {
            throw new InvalidValueException(
                    "the description has characters that cannot be shown: write one plain line");
        }
        return text;
    }

    private static boolean unshowable(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
