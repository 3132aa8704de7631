package dev.bastion.server.console;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them: {@code 2d}, {@code 2026-11-01T10:00Z}, {@code 2026-11-01}. */
final class TimeArgument {

    private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})([smhdw])");
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private TimeArgument() {}

    /** A span counts back from now. */
    static Instant past(String text, Instant now) {
        return at(text, now, -1);
    }

    /** A span counts on from now. */
    static Instant ahead(String text, Instant now) {
        return at(text, now, 1);
    }

    /** RFC 3339, UTC, with milliseconds. */
    static String shown(Instant time) {
        return MILLIS.format(time.truncatedTo(ChronoUnit.MILLIS));
    }

    private static Instant at(String text, Instant now, int sign) {
        try {
            Matcher span = SPAN.matcher(text);
            if (span.matches()) {
                Duration length = unit(span.group(2)).multipliedBy(Long.parseLong(span.group(1)));
                return now.plus(length.multipliedBy(sign));
            }
            return text.indexOf('T') < 0
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(text);
        }
    }

    private static UsageException wrong(String text) {
        return new UsageException(
                "'"
                        + text
                        + "' is not a time: write 2d, 12h or 30m, a date like 2026-11-01 (UTC), or"
                        + " 2026-11-01T10:00Z");
    }

    private static Duration unit(String letter) {
        return switch (letter) {
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            case "d" -> Duration.ofDays(1);
            default -> Duration.ofDays(7);
        };
    }
}
