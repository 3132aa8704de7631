package dev.bastion.server.access;

import dev.bastion.server.inventory.Host;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What decisions are made from, all of one moment. Immutable, so thread-safe; never blocks. */
public interface AccessFacts {

    Optional<Host> host(String name);

    /** Every host, in no order. */
    void forEachHost(Consumer<Host> action);

    /** Names of the groups that the user is in. */
    Set<String> groupsOf(String user);

    /** The grants of the user and of these groups, oldest first. */
    Iterable<Grant> grantsOf(String user, Set<String> groups);
}
