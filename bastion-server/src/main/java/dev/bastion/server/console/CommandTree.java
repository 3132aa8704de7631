package dev.bastion.server.console;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;

/** All commands, put together anew for each run, since picocli keeps what it parsed. */
final class CommandTree {

    private CommandTree() {}

    @Command(name = "bastion", description = "The bastion's own commands: NOUN VERB …")
    private static final class Root {}

    static CommandLine of(CommandContext context) {
        CommandLine root = new CommandLine(new Root());
        root.addSubcommand("hosts", new HostsCommand(context));
        root.addSubcommand(
                "user",
                new CommandLine(new UserCommands(context))
                        .addSubcommand("key", new UserKeyCommands(context))
                        .addSubcommand("password", new UserPasswordCommands(context)));
        root.addSubcommand(
                "group",
                new CommandLine(new GroupCommands(context))
                        .addSubcommand("member", new GroupMemberCommands(context)));
        root.addSubcommand(
                "host",
                new CommandLine(new HostCommands(context))
                        .addSubcommand("key", new HostKeyCommands(context)));
        root.addSubcommand(
                "host-group",
                new CommandLine(new HostGroupCommands(context))
                        .addSubcommand("member", new HostGroupMemberCommands(context)));
        root.addSubcommand("account", new AccountCommands(context));
        root.addSubcommand("grant", new GrantCommands(context));
        root.addSubcommand(
                "audit",
                new CommandLine(new AuditCommands(context))
                        .addSubcommand("export", new ExportCommand(context))
                        .addSubcommand("play", new PlayCommand(context))
                        .addSubcommand("shipping", new AuditShippingCommand(context))
                        .addSubcommand("verify", new AuditVerifyCommand(context))
                        .addSubcommand("key", new AuditKeyCommands(context))
                        .addSubcommand("hold", new AuditHoldCommands(context)));
        root.addSubcommand("sessions", new SessionsCommands(context));
        help(root);
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        root.setExpandAtFiles(false);
        root.setInterpolateVariables(false);
        return root;
    }

    private static void help(CommandLine command) {
        for (CommandLine below : command.getSubcommands().values()) {
            help(below);
        }
        command.getCommandSpec()
                .addOption(
                        OptionSpec.builder("--help")
                                .usageHelp(true)
                                .description("Shows this.")
                                .build());
        if (!command.getSubcommands().isEmpty()) {
            command.addSubcommand("help", new HelpCommand());
        }
    }
}
