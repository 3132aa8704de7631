package dev.bastion.audit.mask;

import dev.bastion.audit.mask.KnownShapes.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Masks secrets in texts: the known shapes, then an administrator's rules. What a rule finds is
 * replaced by {@link #MARK}. Immutable; thread-safe.
 *
 * <p>Time is bounded: a rule that looks at a text too often is stopped, and as nobody then knows
 * where a secret stands, all of the text is masked.
 */
public final class SecretMask {

    /** What stands for a secret. */
    public static final String MARK = "[masked]";

    /** Characters that the rules see; what is longer is masked behind them. */
    static final int LONGEST = 131_072;

    private final List<Shape> shapes;

    /**
     * @param more rules of an administrator
     */
    public SecretMask(List<MaskRule> more) {
        List<Shape> all = new ArrayList<>(KnownShapes.SHAPES);
        more.forEach(rule -> all.add(new Shape(rule, List.of())));
        shapes = List.copyOf(all);
    }

    /** The text without what the rules know to be secret. */
    public Masked mask(String text) {
        if (text.length() < 4) {
            return new Masked(text, "");
        }
        Set<String> names = new LinkedHashSet<>();
        String masked = text;
        if (text.length() > LONGEST) {
            masked = text.substring(0, LONGEST) + MARK;
            names.add("length");
        }
        String lowerCase = masked.toLowerCase(Locale.ROOT);
        for (Shape shape : shapes) {
            if (!shape.mayBeIn(lowerCase)) {
                continue;
            }
            MaskRule rule = shape.rule();
            try {
                String changed = apply(rule, masked);
                if (!changed.equals(masked)) {
                    masked = changed;
                    names.add(rule.name());
                }
            } catch (BoundedText.TooOftenException | StackOverflowError e) {
                names.add(rule.name());
                return new Masked(MARK, String.join(" ", names));
            }
        }
        return new Masked(masked, String.join(" ", names));
    }

    private static String apply(MaskRule rule, String text) {
        Matcher matcher = rule.pattern().matcher(new BoundedText(text));
        StringBuilder result = null;
        int copied = 0;
        int from = 0;
        while (from <= text.length() && matcher.find(from)) {
            int start = matcher.start(1);
            int end = matcher.end(1);
            if (start >= copied && end > start && !text.startsWith(MARK, start)) {
                result = result == null ? new StringBuilder(text.length()) : result;
                result.append(text, copied, start).append(MARK);
                copied = end;
            }
            from = Math.max(Math.max(from + 1, matcher.end()), end);
        }
        return result == null ? text : result.append(text, copied, text.length()).toString();
    }
}
