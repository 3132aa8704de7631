package dev.bastion.server.console;

import dev.bastion.audit.AuditLogException;
import dev.bastion.server.identity.InvalidValueException;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.InventoryException;
import dev.bastion.server.vault.VaultException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Runs the bastion's own commands. Thread-safe; each call blocks until its command has ended, so on
 * a virtual thread.
 *
 * <p>A user's roles are looked up anew for each command: those of a caller whose name begins with
 * {@code local:} are taken as given.
 */
public final class Console {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    private static final String LOCAL = "local:";
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** Characters of a command line, and words of it. */
    private static final int MAX_LINE = 262_144;

    private static final int MAX_WORDS = 20_000;

    private final ConsoleParts parts;

    public Console(ConsoleParts parts) {
        this.parts = parts;
    }

    /**
     * Runs a command that is split as a POSIX shell would, of which nothing is expanded.
     *
     * @return exit status: 0 success, 1 refused or failed, 2 wrong usage
     */
    public int execute(Caller caller, String commandLine, ConsoleStreams streams) {
        List<String> words;
        try {
            if (commandLine.length() > MAX_LINE) {
                throw new UsageException("the command is longer than " + MAX_LINE + " characters");
            }
            words = CommandWords.split(commandLine);
        } catch (UsageException e) {
            return fail(new Output(streams.err()), USAGE, e.getMessage());
        }
        return execute(caller, words, streams);
    }

    /**
     * Runs a command that is split into words already.
     *
     * @return exit status: 0 success, 1 refused or failed, 2 wrong usage
     */
    public int execute(Caller caller, List<String> words, ConsoleStreams streams) {
        Output err = new Output(streams.err());
        if (words.size() > MAX_WORDS) {
            return fail(err, USAGE, "the command has more than " + MAX_WORDS + " words");
        }
        Optional<Caller> current = current(caller);
        if (current.isEmpty()) {
            return fail(err, FAILED, "you may not do that any more: your user is not enabled");
        }
        CommandContext context = new CommandContext(parts, current.get(), words, streams);
        int status = run(context, words, streams);
        try {
            context.out().flush();
            context.err().flush();
        } catch (ClientLeftException e) {
            return FAILED;
        }
        return status;
    }

    private Optional<Caller> current(Caller caller) {
        if (caller.name().startsWith(LOCAL)) {
            return Optional.of(caller);
        }
        return parts.directory()
                .user(caller.name())
                .filter(User::enabled)
                .map(user -> new Caller(user.name(), user.roles(), caller.from()));
    }

    private static int run(CommandContext context, List<String> words, ConsoleStreams streams) {
        StringWriter help = new StringWriter();
        StringWriter wrong = new StringWriter();
        CommandLine commands = CommandTree.of(context);
        commands.setOut(new PrintWriter(help));
        commands.setErr(new PrintWriter(wrong));
        commands.setUsageHelpWidth(Math.clamp(streams.columns(), 80, 120));
        commands.setParameterExceptionHandler((e, _) -> usage(context, e));
        commands.setExecutionExceptionHandler((e, _, _) -> failed(context, e));
        int status = commands.execute(words.toArray(String[]::new));
        try {
            context.out().print(help.toString());
            context.err().print(wrong.toString());
        } catch (ClientLeftException e) {
            return FAILED;
        }
        return status;
    }

    private static int usage(CommandContext context, CommandLine.ParameterException e) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        return fail(
                context.err(),
                USAGE,
                String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage")
                        + " (see '"
                        + (name + " --help").replaceFirst("^bastion ", "")
                        + "')");
    }

    private static int failed(CommandContext context, Exception e) {
        return switch (e) {
            case ClientLeftException _ -> FAILED;
            case UsageException usage -> fail(context.err(), USAGE, usage.getMessage());
            case InvalidValueException value -> fail(context.err(), USAGE, value.getMessage());
            case RefusedException _,
                    InventoryException _,
                    VaultException _,
                    AuditLogException _ -> {
                LOG.debug("command refused", e);
                yield fail(context.err(), FAILED, e.getMessage());
            }
            default -> {
                LOG.error("a command failed", e);
                yield fail(context.err(), FAILED, "the command failed; the bastion's log says why");
            }
        };
    }

    private static int fail(Output err, int status, @org.jspecify.annotations.Nullable String why) {
        try {
            err.line(String.valueOf(why));
            err.flush();
        } catch (ClientLeftException e) {
            return FAILED;
        }
        return status;
    }
}
