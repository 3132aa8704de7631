package dev.bastion.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Random early drop of connections that have not logged in, as sshd_config's MaxStartups: from
 * {@code start} of them on, a new one is refused with a probability that grows from {@code rate}
 * percent to certainty at {@code full}. Immutable.
 */
public record MaxStartups(int start, int rate, int full) {

    private static final int PERCENT = 100;
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6}):([0-9]{1,3}):([0-9]{1,6})");

    public MaxStartups {
        if (start < 1 || full < start || rate < 0 || rate > PERCENT) {
            throw new IllegalArgumentException(
                    "must be START:RATE:FULL with 1 <= START <= FULL and RATE of 0 to 100, was "
                            + start
                            + ":"
                            + rate
                            + ":"
                            + full);
        }
    }

    /**
     * Reads {@code START:RATE:FULL}.
     *
     * @throws SettingsException when it is not of this form
     */
    static MaxStartups parse(String key, String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new SettingsException(
                    key + " must be START:RATE:FULL, e.g. 10:30:100, was '" + text + "'");
        }
        try {
            return new MaxStartups(
                    Integer.parseInt(form.group(1)),
                    Integer.parseInt(form.group(2)),
                    Integer.parseInt(form.group(3)));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(key + " " + e.getMessage(), e);
        }
    }

    /** The probability, in percent, that one more is refused when there are so many. */
    public int refusalPercent(int startups) {
        if (startups < start) {
            return 0;
        }
        if (startups >= full) {
            return PERCENT;
        }
        return rate + (PERCENT - rate) * (startups - start) / (full - start);
    }
}
