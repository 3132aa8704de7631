package dev.bastion.server.console;

import dev.bastion.server.directory.GroupEdits;
import dev.bastion.server.inventory.InventoryException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code host-group}: hosts that are granted together. */
@Command(name = "host-group", description = "Groups of hosts.")
final class HostGroupCommands {

    private static final List<String> COLUMNS = List.of("name", "description", "members");

    private final CommandContext context;

    HostGroupCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Adds an empty group.")
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--description", defaultValue = "", paramLabel = "TEXT")
                    String description) {
        context.change(
                "host-group add",
                name,
                GroupEdits.addHostGroup(name, description),
                snapshot -> State.hostGroup(snapshot, name));
    }

    @Command(description = "Lists the groups.")
    void list(@Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        try (Rows rows = context.rows(format, COLUMNS)) {
            context.snapshot().hostGroups().forEach(group -> row(rows, group.name()));
        }
    }

    @Command(description = "Shows a group.")
    void show(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        if (context.snapshot().hostGroup(name).isEmpty()) {
            throw new InventoryException("there is no host group '" + name + "'");
        }
        try (Rows rows = context.rows(format, COLUMNS)) {
            row(rows, name);
        }
    }

    @Command(description = "Removes a group with its grants; its hosts stay.")
    void remove(@Parameters(paramLabel = "NAME") String name) {
        context.change(
                "host-group remove",
                name,
                GroupEdits.removeHostGroup(name),
                snapshot -> State.hostGroup(snapshot, name));
    }

    private void row(Rows rows, String name) {
        @Nullable Object state = State.hostGroup(context.snapshot(), name);
        if (state instanceof Map<?, ?> map) {
            rows.row(map.get("name"), map.get("description"), map.get("members"));
        }
    }
}
