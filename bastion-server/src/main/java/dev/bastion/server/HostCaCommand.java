package dev.bastion.server;

import dev.bastion.server.config.Settings;
import dev.bastion.server.gateway.HostKeyFile;
import dev.bastion.server.identity.AuthorizedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bastion host-ca}: the key with which host certificates are signed. */
@Command(
        name = "host-ca",
        description = "Makes the key that signs host certificates, and prints its public half.")
final class HostCaCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "the bastion's folder")
    private Path data = Path.of("");

    @Option(names = "--config", paramLabel = "FILE", description = "a file of settings (YAML)")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException {
        AuthorizedKey made = create(Settings.load(data, config, null));
        System.out.println(made.type() + " " + made.base64());
        return 0;
    }

    /** Makes it; refuses when there is one. */
    static AuthorizedKey create(Settings settings) throws IOException {
        return HostKeyFile.create(settings.hostCa()).publicKey();
    }
}
