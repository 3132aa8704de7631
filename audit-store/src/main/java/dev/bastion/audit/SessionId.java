package dev.bastion.audit;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Names one session for ever: sorts by time of creation, and says nothing else.
 *
 * @param value lower-case letters and digits, at most 32
 */
public record SessionId(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9a-z]{1,32}");

    public SessionId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("value is not a session id: '" + value + "'");
        }
    }

    /** A new one: 9 characters of milliseconds since 1970 and 7 random ones, both in base 36. */
    public static SessionId create(Instant now, SecureRandom random) {
        String time = Long.toString(now.toEpochMilli(), 36);
        String tail = Long.toString(random.nextLong(78_364_164_096L), 36);
        return new SessionId(
                "0".repeat(9 - time.length()) + time + "0".repeat(7 - tail.length()) + tail);
    }

    @Override
    public String toString() {
        return value;
    }
}
