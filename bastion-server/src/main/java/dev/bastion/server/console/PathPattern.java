package dev.bastion.server.console;

import java.util.regex.Pattern;

/** What a person writes to find a path: a part of it, or a glob for the whole of it. */
final class PathPattern {

    private static final int LONGEST = 1_000;

    private PathPattern() {}

    /**
     * With {@code *}, {@code ?} or {@code [a-z]} a glob, in which {@code *} also goes over slashes
     * and a backslash takes its meaning from the character after it; without them a part of the
     * path.
     *
     * @throws UsageException when it is too long
     */
    static Pattern of(String text) {
        if (text.length() > LONGEST) {
            throw new UsageException("--path is longer than " + LONGEST + " characters");
        }
        boolean glob = text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
        return glob
                ? Pattern.compile("\\A" + regex(text) + "\\z", Pattern.DOTALL)
                : Pattern.compile(Pattern.quote(text));
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < glob.length()) {
            char c = glob.charAt(i);
            int close = c == '[' ? classEnd(glob, i) : -1;
            if (close > 0) {
                regex.append(characterClass(glob.substring(i + 1, close)));
                i = close + 1;
                continue;
            }
            switch (c) {
                case '*' -> {
                    while (i + 1 < glob.length() && glob.charAt(i + 1) == '*') {
                        i++;
                    }
                    regex.append(".*");
                }
                case '?' -> regex.append('.');
                case '\\' -> {
                    i = Math.min(i + 1, glob.length() - 1);
                    regex.append(literal(glob.charAt(i)));
                }
                default -> regex.append(literal(c));
            }
            i++;
        }
        return regex.toString();
    }

    /** Where the class that begins here is closed; -1 when it is not, so that it is a bracket. */
    private static int classEnd(String glob, int start) {
        int first = start + 1;
        if (first < glob.length() && "!^".indexOf(glob.charAt(first)) >= 0) {
            first++;
        }
        return glob.indexOf(']', first + 1);
    }

    private static String characterClass(String inside) {
        boolean not = "!^".indexOf(inside.charAt(0)) >= 0;
        StringBuilder members = new StringBuilder(not ? "[^" : "[");
        for (char c : inside.substring(not ? 1 : 0).toCharArray()) {
            members.append(c == '-' ? "-" : literal(c));
        }
        return members.append(']').toString();
    }

    private static String literal(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c)
                ? String.valueOf(c)
                : c > 0x7f || c < ' ' ? String.format("\\u%04x", (int) c) : "\\" + c;
    }
}
