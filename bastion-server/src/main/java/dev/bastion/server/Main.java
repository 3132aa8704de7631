package dev.bastion.server;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the process. Exit status 0 success, 1 failed, 2 wrong usage. */
@Command(
        name = "bastion",
        description = "The audited SSH gateway.",
        scope = CommandLine.ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        version = "1.0.0",
        subcommands = {
            InitCommand.class,
            ServeCommand.class,
            AdminCommand.class,
            HostCaCommand.class,
            DemoCommand.class,
            LinesCommand.class,
        })
public final class Main {

    private Main() {}

    /** Runs one command and ends the process with its status. */
    public static void main(String[] arguments) {
        CommandLine line = commandLine();
        if (arguments.length == 0) {
            line.usage(System.err);
            System.exit(2);
        }
        System.exit(line.execute(arguments));
    }

    /**
     * The commands and their options. What follows {@code admin}'s first word is not looked into.
     */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        CommandLine admin = Objects.requireNonNull(line.getSubcommands().get("admin"));
        admin.setStopAtPositional(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            String message = failure.getMessage();
            System.err.println("bastion: " + (message == null ? failure.toString() : message));
            return 1;
        });
        return line;
    }
}
