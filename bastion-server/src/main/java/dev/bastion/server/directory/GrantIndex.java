package dev.bastion.server.directory;

import dev.bastion.server.access.Grant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * All grants, by number and by whom they are for. Immutable.
 *
 * @param byId oldest first
 */
record GrantIndex(SortedMap<Long, Grant> byId, Map<Grant.Subject, List<Grant>> bySubject) {

    static GrantIndex of(Collection<Grant> grants) {
        SortedMap<Long, Grant> byId = new TreeMap<>();
        Map<Grant.Subject, List<Grant>> bySubject = new HashMap<>();
        for (Grant grant : grants) {
            byId.put(grant.id(), grant);
            bySubject.computeIfAbsent(grant.subject(), _ -> new ArrayList<>()).add(grant);
        }
        return new GrantIndex(byId, bySubject);
    }

    GrantIndex with(Grant grant) {
        List<Grant> grants = new ArrayList<>(byId.values());
        grants.add(grant);
        return of(grants);
    }

    GrantIndex without(Predicate<Grant> removed) {
        if (byId.values().stream().noneMatch(removed)) {
            return this;
        }
        return of(byId.values().stream().filter(removed.negate()).toList());
    }

    List<Grant> of(String user, Set<String> groups) {
        List<Grant> found = new ArrayList<>();
        found.addAll(bySubject.getOrDefault(new Grant.Subject.OneUser(user), List.of()));
        for (String group : groups) {
            found.addAll(bySubject.getOrDefault(new Grant.Subject.GroupOfUsers(group), List.of()));
        }
        found.sort(Comparator.comparingLong(Grant::id));
        return found;
    }
}
