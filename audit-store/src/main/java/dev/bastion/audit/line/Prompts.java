package dev.bastion.audit.line;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The prompts that commands were read after, by their last row and with digits masked, so that a
 * clock in one does not hide it. Keeps the twelve last ones. Confined to one thread.
 */
final class Prompts {

    private static final int MAX_PROMPTS = 12;
    static final int MAX_LENGTH = 200;
    private static final String BRACKETS = ")]";
    private static final String MARKS = ":：?？>❯›»";
    private static final String ASKS = MARKS + "$#%➜";
    private static final String VARIED = "=-'\"(*$!^";
    private static final int LEAST_VARIED = 4;
    private static final String BARS = "#=█▓▒░━";
    private static final String ENDS = "$#%>❯➜λ»›";

    private final List<String> masked = new ArrayList<>(MAX_PROMPTS);

    boolean isEmpty() {
        return masked.isEmpty();
    }

    /** The last row of a prompt, with the blank that ends it. */
    void learn(String prompt) {
        if (prompt.isBlank() || prompt.length() > MAX_LENGTH) {
            return;
        }
        String mask = mask(prompt);
        if (isRepeated(mask)) {
            return;
        }
        masked.remove(mask);
        if (masked.size() == MAX_PROMPTS) {
            masked.removeFirst();
        }
        masked.add(mask);
    }

    private boolean isRepeated(String mask) {
        for (String known : masked) {
            int times = mask.length() / known.length();
            if (times > 1 && known.repeat(times).equals(mask)) {
                return true;
            }
        }
        return false;
    }

    /** The length of a learned prompt that ends a text, else 0. */
    int lengthEnding(String text) {
        String mask = mask(text);
        int longest = 0;
        for (String prompt : masked) {
            if (prompt.length() > longest && mask.endsWith(prompt)) {
                longest = prompt.length();
            }
        }
        return longest;
    }

    /** Where the first learned prompt in a text begins, or -1. */
    int indexIn(String text) {
        String mask = mask(text);
        int first = -1;
        for (String prompt : masked) {
            int at = prompt.length() > 2 || mask.startsWith(prompt) ? mask.indexOf(prompt) : -1;
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }

    /** The first learned prompt in a text, or an empty string. */
    String firstIn(String text) {
        int at = indexIn(text);
        return at < 0 ? "" : text.substring(at, at + lengthAt(text, at));
    }

    /** Whether a learned prompt begins with this. */
    boolean isBegin(String text) {
        String mask = mask(text);
        return masked.stream().anyMatch(prompt -> prompt.startsWith(mask));
    }

    boolean isLearned(String prompt) {
        for (String known : masked) {
            if (known.length() == prompt.length() && matches(prompt, 0, known)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether it is a learned prompt but for one mark, as psql's is that asks for the rest of a
     * statement.
     */
    boolean isVariant(String prompt) {
        String mask = mask(prompt);
        return masked.stream().anyMatch(known -> differsInOneMark(mask, known));
    }

    private static boolean differsInOneMark(String one, String other) {
        if (one.length() != other.length() || one.length() < LEAST_VARIED) {
            return false;
        }
        int different = 0;
        for (int i = 0; i < one.length(); i++) {
            if (one.charAt(i) != other.charAt(i)) {
                different++;
                if (VARIED.indexOf(one.charAt(i)) < 0 || VARIED.indexOf(other.charAt(i)) < 0) {
                    return false;
                }
            }
        }
        return different == 1;
    }

    /** Whether a row's first character is that of a learned prompt: a quick look. */
    boolean mayBegin(Screen screen, long number) {
        Row row = screen.row(number);
        int cell = row == null ? Row.NEVER : row.cell(0) & ~Row.FAINT;
        if (cell == Row.NEVER || (cell & Row.CLUSTER) != 0) {
            return false;
        }
        for (String prompt : masked) {
            if (prompt.codePointAt(0) == (cell >= '0' && cell <= '9' ? '0' : cell)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a row begins, at this index, with a learned prompt: its length, else 0. */
    int lengthAt(String row, int index) {
        int longest = 0;
        for (String prompt : masked) {
            if (prompt.length() > longest && matches(row, index, prompt)) {
                longest = prompt.length();
            }
        }
        return longest;
    }

    /** A prompt's end and a blank, and not much before it. */
    static boolean isStrict(String left) {
        int end = left.length();
        return end >= 2
                && end <= MAX_LENGTH
                && !isProgress(left)
                && left.charAt(end - 1) == ' '
                && left.charAt(end - 2) != ' '
                && ENDS.indexOf(left.charAt(end - 2)) >= 0;
    }

    /** Whether text that was typed after this is taken for a command. */
    static boolean isLikely(String prompt) {
        String text = prompt.stripTrailing();
        if (text.isEmpty() || isProgress(text)) {
            return false;
        }
        return ENDS.indexOf(text.charAt(text.length() - 1)) >= 0 || text.equals("...");
    }

    /** Whether it ends as what asks does, in any language. */
    static boolean mayAsk(String row) {
        String text = row.stripTrailing();
        return !text.isEmpty() && ASKS.indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    /** Whether it ends as what asks for something that is shown, as in "[y/N] ". */
    static boolean isQuestion(String row) {
        String text = row.stripTrailing();
        return mayAsk(text)
                || (!text.isEmpty() && BRACKETS.indexOf(text.charAt(text.length() - 1)) >= 0);
    }

    /** Whether a mark as of a question stands in it, other than in a time or an address. */
    static boolean hasQuestion(String row) {
        for (int i = 0; i < row.length(); i++) {
            if (MARKS.indexOf(row.charAt(i)) >= 0) {
                char next = i + 1 == row.length() ? ' ' : row.charAt(i + 1);
                if (next != '/' && !(i > 0 && isDigit(row.charAt(i - 1)) && isDigit(next))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isDigit(char value) {
        return value >= '0' && value <= '9';
    }

    /** Whether it tells how far something is: a share in percent, or a bar. */
    static boolean isProgress(String row) {
        for (int i = 0; i < row.length(); i++) {
            char value = row.charAt(i);
            if ((value == '%' && isShare(row, i))
                    || (i > 0 && BARS.indexOf(value) >= 0 && row.charAt(i - 1) == value)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a number stands before a percent sign that is no part of a name, as in web1%. */
    private static boolean isShare(String row, int percent) {
        int i = percent - 1;
        if (i > 0 && row.charAt(i) == ' ') {
            i--;
        }
        int digits = i;
        while (i >= 0 && (Character.isDigit(row.charAt(i)) || ".,".indexOf(row.charAt(i)) >= 0)) {
            i--;
        }
        return i < digits
                && (i < 0
                        || (!Character.isLetter(row.charAt(i)) && "_-".indexOf(row.charAt(i)) < 0));
    }

    /** Whether it asks for a secret. */
    static boolean asksForSecret(String prompt) {
        String text = prompt.toLowerCase(Locale.ROOT);
        return text.contains("passwor")
                || text.contains("passphrase")
                || text.contains("passcode")
                || text.contains("secret")
                || text.contains("pin:")
                || text.contains("verification code")
                || text.contains("one-time");
    }

    private static boolean matches(String row, int index, String mask) {
        if (row.length() - index < mask.length()) {
            return false;
        }
        for (int i = 0; i < mask.length(); i++) {
            if (mask(row.charAt(index + i)) != mask.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static String mask(String text) {
        StringBuilder mask = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            mask.append(mask(text.charAt(i)));
        }
        return mask.toString();
    }

    private static char mask(char value) {
        return value >= '0' && value <= '9' ? '0' : value;
    }
}
