package dev.bastion.server.console;

import dev.bastion.server.directory.GroupEdits;
import dev.bastion.server.inventory.InventoryException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code group}: users that are granted together. */
@Command(name = "group", description = "Groups of users.")
final class GroupCommands {

    private static final List<String> COLUMNS = List.of("name", "description", "members");

    private final CommandContext context;

    GroupCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Adds an empty group.")
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--description", defaultValue = "", paramLabel = "TEXT")
                    String description) {
        context.change(
                "group add",
                name,
                GroupEdits.add(name, description),
                snapshot -> State.group(snapshot, name));
    }

    @Command(description = "Lists the groups.")
    void list(@Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        try (Rows rows = context.rows(format, COLUMNS)) {
            context.snapshot().groups().forEach(group -> row(rows, group.name()));
        }
    }

    @Command(description = "Shows a group.")
    void show(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--format", defaultValue = "table") Format format) {
        context.consultDirectory();
        if (context.snapshot().group(name).isEmpty()) {
            throw new InventoryException("there is no group '" + name + "'");
        }
        try (Rows rows = context.rows(format, COLUMNS)) {
            row(rows, name);
        }
    }

    @Command(description = "Removes a group with its grants; its users stay.")
    void remove(@Parameters(paramLabel = "NAME") String name) {
        context.change(
                "group remove",
                name,
                GroupEdits.remove(name),
                snapshot -> State.group(snapshot, name));
    }

    private void row(Rows rows, String name) {
        @Nullable Object state = State.group(context.snapshot(), name);
        if (state instanceof Map<?, ?> map) {
            rows.row(map.get("name"), map.get("description"), map.get("members"));
        }
    }
}
