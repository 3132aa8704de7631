package dev.bastion.server.identity;

/** What users, groups, hosts and logins may be called. Names may stand in an address unquoted. */
public final class NameRule {

    /** Characters. */
    public static final int MAX_LENGTH = 64;

    private NameRule() {}

    /**
     * Gives the name back when it is one.
     *
     * @param what what it would name, e.g. {@code user}
     * @throws InvalidValueException when it breaks the rule
     */
    public static String check(String what, String name) {
        if (!isName(name)) {
            throw new InvalidValueException(
                    "'"
                            + shown(name)
                            + "' cannot name a "
                            + what
                            + ": use letters, digits, '.', '_' and '-', not '-' first, at most "
                            + MAX_LENGTH
                            + " characters");
        }
        return name;
    }

    /** Whether it is letters and digits of ASCII, {@code . _ -}, not first {@code -}. */
    public static boolean isName(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || name.charAt(0) == '-') {
            return false;
        }
        return name.chars().allMatch(NameRule::allowed);
    }

    private static boolean allowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }

    private static String shown(String name) {
        return name.length() <= MAX_LENGTH ? name : name.substring(0, MAX_LENGTH) + "…";
    }
}
