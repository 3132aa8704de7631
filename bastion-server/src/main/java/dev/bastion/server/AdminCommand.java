package dev.bastion.server;

import dev.bastion.server.config.Settings;
import dev.bastion.server.console.ConsoleStreams;
import dev.bastion.server.local.ControlClient;
import dev.bastion.server.local.LocalCaller;
import dev.bastion.server.local.LocalTerminal;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bastion admin}: the bastion's own commands, in the running one or on its stopped data. */
@Command(
        name = "admin",
        description = "Runs one of the bastion's own commands, as over SSH.",
        sortOptions = false)
final class AdminCommand implements Callable<Integer> {

    private static final Duration CATCH_UP = Duration.ofSeconds(30);

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "the bastion's folder")
    private Path data = Path.of("");

    @Option(names = "--config", paramLabel = "FILE", description = "a file of settings (YAML)")
    private @Nullable Path config;

    @Parameters(
            paramLabel = "NOUN VERB",
            arity = "0..*",
            description = "a command of the bastion's own; help lists them")
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        Settings settings = Settings.load(data, config, null);
        try (LocalTerminal terminal = LocalTerminal.open()) {
            return execute(
                    settings,
                    new ConsoleStreams(
                            new FileInputStream(FileDescriptor.in),
                            System.out,
                            System.err,
                            terminal != null,
                            terminal == null ? 0 : terminal.columns()));
        }
    }

    private int execute(Settings settings, ConsoleStreams streams) throws IOException {
        OptionalInt running = ControlClient.execute(settings.control(), words, streams);
        if (running.isPresent()) {
            return running.getAsInt();
        }
        try (Administration administration =
                Administration.open(settings, InstantSource.system())) {
            if (!administration.audit.awaitReadable(CATCH_UP)) {
                System.err.println(
                        "bastion: the audit database is still catching up with the ledger");
            }
            return administration.console.execute(
                    LocalCaller.named(System.getProperty("user.name")), words, streams);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }
}
