package dev.bastion.audit.mask;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * One shape of a secret: a regular expression whose one group is what is masked. Immutable.
 *
 * @param name lower-case letters, digits and {@code -}, at most 40
 * @param pattern with exactly one group
 */
public record MaskRule(String name, Pattern pattern) {

    /** Characters of an expression. */
    public static final int LONGEST_EXPRESSION = 1_000;

    public MaskRule {
        if (!name.matches("[a-z0-9][a-z0-9-]{0,39}")) {
            throw new IllegalArgumentException(
                    "name must be lower-case letters, digits and '-', at most 40, was '"
                            + name
                            + "'");
        }
        int groups = pattern.matcher("").groupCount();
        if (groups != 1) {
            throw new IllegalArgumentException(
                    "pattern must have one group, which is what is masked, and has " + groups);
        }
    }

    /**
     * A rule of an administrator.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static MaskRule of(String name, String expression) {
        if (expression.length() > LONGEST_EXPRESSION) {
            throw new IllegalArgumentException(
                    "expression must have at most "
                            + LONGEST_EXPRESSION
                            + " characters, has "
                            + expression.length());
        }
        try {
            return new MaskRule(name, Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "expression is no regular expression: "
                            + e.getDescription()
                            + " near index "
                            + e.getIndex(),
                    e);
        }
    }
}
