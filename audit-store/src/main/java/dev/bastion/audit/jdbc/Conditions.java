package dev.bastion.audit.jdbc;

import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A where clause and what is bound to it. Immutable. */
record Conditions(List<String> parts, List<Object> values) {

    Conditions {
        parts = List.copyOf(parts);
        values = List.copyOf(values);
    }

    static Conditions none() {
        return new Conditions(List.of(), List.of());
    }

    /** All of a query's but its pattern, its text and its limit. */
    static Conditions of(Query query, Listing<?> listing) {
        SessionId session = query.session();
        Instant since = query.since();
        Instant until = query.until();
        Conditions result =
                none().equal("t." + listing.user(), query.user())
                        .target(listing, "t.host", query.host())
                        .target(listing, "t.account", query.account())
                        .target(listing, "t.session_id", session == null ? null : session.value());
        SessionKind kind = query.kind();
        if (kind != null) {
            result = listing.kind() ? result.equal("t.kind", kind.word()) : result.nothing();
        }
        String asked = query.result();
        if (asked != null) {
            String condition = listing.result();
            result = condition == null ? result.nothing() : result.and(condition, asked);
        }
        if (since != null) {
            result = result.and("t.at >= ?", since.atOffset(ZoneOffset.UTC));
        }
        if (until != null) {
            result = result.and("t.at < ?", until.atOffset(ZoneOffset.UTC));
        }
        return result;
    }

    Conditions and(String part, Object value) {
        List<String> moreParts = new ArrayList<>(parts);
        List<Object> moreValues = new ArrayList<>(values);
        moreParts.add(part);
        moreValues.add(value);
        return new Conditions(moreParts, moreValues);
    }

    private Conditions equal(String column, @Nullable String value) {
        return value == null ? this : and(column + " = ?", StoredText.name(value));
    }

    private Conditions target(Listing<?> listing, String column, @Nullable String value) {
        if (value == null || listing.target()) {
            return equal(column, value);
        }
        return nothing();
    }

    private Conditions nothing() {
        return and("? < 0", 0);
    }

    String sql() {
        return parts.isEmpty() ? "1 = 1" : String.join(" and ", parts);
    }

    void bind(PreparedStatement statement) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }
}
