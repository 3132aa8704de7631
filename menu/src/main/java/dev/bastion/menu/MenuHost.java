package dev.bastion.menu;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A host as the menu shows it: only what this user may reach.
 *
 * @param accounts the logins that this user may use there, at least one
 * @param lastUsed when this user was last there, if ever
 */
public record MenuHost(
        String name,
        String address,
        String description,
        List<String> groups,
        Map<String, String> labels,
        List<String> accounts,
        @Nullable Instant lastUsed) {

    public MenuHost {
        groups = List.copyOf(groups);
        labels = Map.copyOf(labels);
        accounts = List.copyOf(accounts);
        if (accounts.isEmpty()) {
            throw new IllegalArgumentException("accounts of " + name + " must not be empty");
        }
    }
}
