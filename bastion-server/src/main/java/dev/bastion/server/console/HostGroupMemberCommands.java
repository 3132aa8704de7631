package dev.bastion.server.console;

import dev.bastion.server.directory.GroupEdits;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code host-group member}: which hosts are in a group. */
@Command(name = "member", description = "The hosts in a group.")
final class HostGroupMemberCommands {

    private final CommandContext context;

    HostGroupMemberCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Adds hosts to a group.")
    void add(
            @Parameters(index = "0", paramLabel = "GROUP") String group,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "HOST") List<String> members) {
        context.change(
                "host-group member add",
                group,
                GroupEdits.addHosts(group, members),
                snapshot -> State.hostGroup(snapshot, group));
    }

    @Command(description = "Removes hosts from a group.")
    void remove(
            @Parameters(index = "0", paramLabel = "GROUP") String group,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "HOST") List<String> members) {
        context.change(
                "host-group member remove",
                group,
                GroupEdits.removeHosts(group, members),
                snapshot -> State.hostGroup(snapshot, group));
    }
}
