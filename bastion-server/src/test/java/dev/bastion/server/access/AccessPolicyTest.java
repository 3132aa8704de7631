package dev.bastion.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.server.identity.InvalidValueException;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Host;
import dev.bastion.server.inventory.LabelSelector;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * olga, in the group ops, wants web1, which is in the group web, has the label env=prod and the
 * accounts app and root. Each test has the one grant that its row describes.
 */
class AccessPolicyTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final Host WEB1 = host("web1", List.of("app", "root"));
    private static final Host BARE = host("bare", List.of());

    @ParameterizedTest
    @CsvSource({
        "user olga, host web1, true",
        "user olga, host web2, false",
        "user olga, group web, true",
        "user olga, group db, false",
        "user olga, label env=prod, true",
        "user olga, label env=test, false",
        "user olga, 'label env=prod,tier=web', false",
        "user anna, host web1, false",
        "user ops, host web1, false",
        "group ops, host web1, true",
        "group ops, label env=prod, true",
        "group dev, host web1, false",
        "group olga, host web1, false",
    })
    void aGrantIsForItsSubjectAndItsHosts(String subject, String scope, boolean permitted) {
        Grant grant = grant(subject, scope, "root", "", "", "");
        assertThat(permitted(decide(operator(), "web1", "root", grant))).isEqualTo(permitted);
        assertThat(reachable(operator(), "10.0.0.1", grant)).isEqualTo(permitted);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 10.1.2.3, true",
        "'', local, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.7, 10.0.0.7, true",
        "10.0.0.7, 10.0.0.8, false",
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
        "10.0.0.0/8, 2001:db8::1, false",
        "10.0.0.0/8, local, false",
        "10.0.0.0/8, '', false",
        "10.0.0.0/8, 10.0.0.0/8, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "fe80::/10, fe80::1%eth0, true",
        "0.0.0.0/0, ::1, false",
        "::/0, ::1, true",
    })
    void aGrantHoldsFromItsNetworks(String from, String address, boolean permitted) {
        Grant grant = grant("user olga", "host web1", "root", from, "", "");
        AccessRequest request = request(operator(), "web1", "root", Right.SHELL, address, NOW);
        assertThat(permitted(AccessPolicy.decide(request, new Facts(grant)))).isEqualTo(permitted);
        assertThat(reachable(operator(), address, grant)).isEqualTo(permitted);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "2026-11-21T12:00:00Z, '', true",
        "2026-11-21T12:00:00.000000001Z, '', false",
        "'', 2026-11-21T12:00:00Z, false",
        "'', 2026-11-21T12:00:00.000000001Z, true",
        "2026-11-20T00:00:00Z, 2026-11-22T00:00:00Z, true",
    })
    void aGrantBeginsAtItsStartAndIsOverAtItsEnd(String start, String end, boolean permitted) {
        Grant grant = grant("user olga", "host web1", "root", "", start, end);
        assertThat(permitted(decide(operator(), "web1", "root", grant))).isEqualTo(permitted);
        assertThat(reachable(operator(), "10.0.0.1", grant)).isEqualTo(permitted);
    }

    @ParameterizedTest
    @CsvSource({
        "web1, root, root, permitted",
        "web1, root, '', permitted",
        "web1, root, app, not-granted",
        "web1, nobody, nobody, unknown",
        "web1, nobody, '', unknown",
        "web1, , root, permitted",
        "web1, , nobody, not-granted",
        "web1, , '', ambiguous",
        "bare, , '', unknown",
        "nowhere, root, root, unknown",
        "nowhere, , '', unknown",
    })
    void saysWhyNot(String host, @Nullable String account, String allowed, String expected) {
        Grant grant = grant("user olga", "host " + host, allowed, "", "", "");
        assertThat(reason(decide(operator(), host, account, grant))).isEqualTo(expected);
    }

    @Test
    void takesTheOnlyAccountWhenNoneIsNamed() {
        Grant grant = grant("user olga", "host web1", "app", "", "", "");
        AccessDecision decision = decide(operator(), "web1", null, grant);
        assertThat(decision).isInstanceOf(AccessDecision.Permitted.class);
        AccessDecision.Permitted permitted = (AccessDecision.Permitted) decision;
        assertThat(permitted.target()).hasToString("app@web1");
        assertThat(permitted.grant()).isEqualTo(7);
    }

    @Test
    void namesTheAccountsToChooseFrom() {
        Grant grant = grant("user olga", "host web1", "", "", "", "");
        assertThat(decide(operator(), "web1", null, grant))
                .isEqualTo(new AccessDecision.Denied("ambiguous", "app, root"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADMIN", "AUDITOR"})
    void onlyOperatorsReachHosts(String role) {
        User user = new User("olga", Set.of(Role.valueOf(role)), true, List.of(), null);
        Grant grant = grant("user olga", "host web1", "root", "", "", "");
        assertThat(decide(user, "web1", "root", grant))
                .isEqualTo(
                        new AccessDecision.Denied(
                                "not-granted", "olga does not have the role operator"));
        assertThat(reachable(user, "10.0.0.1", grant)).isFalse();
    }

    @Test
    void aDisabledUserReachesNothing() {
        User user = new User("olga", Set.of(Role.OPERATOR), false, List.of(), null);
        Grant grant = grant("user olga", "host web1", "root", "", "", "");
        assertThat(reason(decide(user, "web1", "root", grant))).isEqualTo("not-granted");
        assertThat(reachable(user, "10.0.0.1", grant)).isFalse();
    }

    @Test
    void aGrantGivesItsRightsAndNoOther() {
        Grant grant = grant("user olga", "host web1", "root", "", "", "");
        for (Right right : Right.values()) {
            AccessRequest request = request(operator(), "web1", "root", right, "10.0.0.1", NOW);
            assertThat(permitted(AccessPolicy.decide(request, new Facts(grant))))
                    .as(right.word())
                    .isEqualTo(Grant.DEFAULT_RIGHTS.contains(right));
        }
        assertThat(Grant.DEFAULT_RIGHTS).doesNotContain(Right.FORWARD, Right.AGENT);
    }

    @Test
    void anotherGrantMayGiveWhatTheFirstDoesNot() {
        Grant over = grant("user olga", "host web1", "root", "", "", "2026-01-01T00:00:00Z");
        Grant holds = grant("group ops", "group web", "root", "", "", "").withId(8);
        AccessDecision decision =
                AccessPolicy.decide(
                        request(operator(), "web1", "root", Right.SHELL, "10.0.0.1", NOW),
                        new Facts(over, holds));
        assertThat(decision).isInstanceOf(AccessDecision.Permitted.class);
        assertThat(((AccessDecision.Permitted) decision).grant()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "10.0.0.1/8", "10.0.0.0/33", "10.0.*.1", "10.0.0.1-3", "::1/64"})
    void refusesWhatIsNoNetwork(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(InvalidValueException.class);
    }

    private static User operator() {
        return new User("olga", Set.of(Role.OPERATOR), true, List.of(), null);
    }

    private static Host host(String name, List<String> accounts) {
        return new Host(
                name,
                name,
                22,
                "",
                Map.of("env", "prod"),
                Set.of("web"),
                accounts,
                List.of(),
                List.of(),
                false);
    }

    private static Grant grant(
            String subject, String scope, String accounts, String from, String start, String end) {
        String forWhom = subject.substring(subject.indexOf(' ') + 1);
        String about = scope.substring(scope.indexOf(' ') + 1);
        return new Grant(
                7,
                subject.startsWith("user")
                        ? new Grant.Subject.OneUser(forWhom)
                        : new Grant.Subject.GroupOfUsers(forWhom),
                scope.startsWith("host")
                        ? new Grant.Scope.OneHost(about)
                        : scope.startsWith("group")
                                ? new Grant.Scope.GroupOfHosts(about)
                                : new Grant.Scope.Labelled(LabelSelector.parse(about)),
                accounts.isEmpty() ? Set.of() : Set.of(accounts),
                Grant.DEFAULT_RIGHTS,
                from.isEmpty() ? List.of() : List.of(Network.parse(from)),
                start.isEmpty() ? null : Instant.parse(start),
                end.isEmpty() ? null : Instant.parse(end));
    }

    private static AccessRequest request(
            User user,
            String host,
            @Nullable String account,
            Right right,
            String from,
            Instant at) {
        return new AccessRequest(user, Set.of("ops"), from, host, account, right, at);
    }

    private static AccessDecision decide(
            User user, String host, @Nullable String account, Grant grant) {
        return AccessPolicy.decide(
                request(user, host, account, Right.SHELL, "10.0.0.1", NOW), new Facts(grant));
    }

    /** The list of hosts must say the same as the decision. */
    private static boolean reachable(User user, String from, Grant grant) {
        Facts facts = new Facts(grant);
        return new AccessControl(() -> facts, _ -> Map.of())
                .reachable(user, from, NOW).stream()
                        .anyMatch(found -> found.host().name().equals("web1"));
    }

    private static boolean permitted(AccessDecision decision) {
        return decision instanceof AccessDecision.Permitted;
    }

    private static String reason(AccessDecision decision) {
        return switch (decision) {
            case AccessDecision.Permitted _ -> "permitted";
            case AccessDecision.Denied denied -> denied.reason();
        };
    }

    /** web1, bare and these grants. */
    private record Facts(Grant... grants) implements AccessFacts {

        @Override
        public Optional<Host> host(String name) {
            return name.equals("web1")
                    ? Optional.of(WEB1)
                    : name.equals("bare") ? Optional.of(BARE) : Optional.empty();
        }

        @Override
        public void forEachHost(Consumer<Host> action) {
            action.accept(WEB1);
            action.accept(BARE);
        }

        @Override
        public Set<String> groupsOf(String user) {
            return user.equals("olga") ? Set.of("ops") : Set.of();
        }

        @Override
        public Iterable<Grant> grantsOf(String user, Set<String> groups) {
            return List.of(grants).stream()
                    .filter(grant ->
                            switch (grant.subject()) {
                                case Grant.Subject.OneUser one -> one.name().equals(user);
                                case Grant.Subject.GroupOfUsers group ->
                                        groups.contains(group.name());
                            })
                    .toList();
        }
    }
}
