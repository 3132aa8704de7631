package dev.bastion.server.console;

import dev.bastion.server.directory.GroupEdits;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code group member}: which users are in a group. */
@Command(name = "member", description = "The users in a group.")
final class GroupMemberCommands {

    private final CommandContext context;

    GroupMemberCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Adds users to a group.")
    void add(
            @Parameters(index = "0", paramLabel = "GROUP") String group,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "USER") List<String> members) {
        context.change(
                "group member add",
                group,
                GroupEdits.addMembers(group, members),
                snapshot -> State.group(snapshot, group));
    }

    @Command(description = "Removes users from a group.")
    void remove(
            @Parameters(index = "0", paramLabel = "GROUP") String group,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "USER") List<String> members) {
        context.change(
                "group member remove",
                group,
                GroupEdits.removeMembers(group, members),
                snapshot -> State.group(snapshot, group));
    }
}
