package dev.bastion.server;

import dev.bastion.server.config.Settings;
import dev.bastion.server.console.ConsoleStreams;
import dev.bastion.server.gateway.HostKeyFile;
import dev.bastion.server.local.LocalCaller;
import dev.bastion.server.vault.MasterKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bastion init}: a new data folder with its keys, databases and first admin. */
@Command(
        name = "init",
        description = "Makes a new data folder: keys, databases, ledger, first admin.")
final class InitCommand implements Callable<Integer> {

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "a new folder")
    private Path data = Path.of("");

    @Option(
            names = "--admin",
            required = true,
            paramLabel = "NAME",
            description = "the first admin")
    private String admin = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE.pub",
            description = "the admin's public key")
    private Path key = Path.of("");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "where places are set apart from DIR")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException {
        Settings settings = Settings.load(data, config, null);
        String publicKey = readKey();
        return initialise(settings, data, admin, publicKey) ? 0 : 1;
    }

    private String readKey() throws IOException {
        try {
            return Files.readString(key).strip();
        } catch (IOException e) {
            throw new IOException("the key file " + key + " cannot be read", e);
        }
    }

    /** Makes everything; whether the admin could be added. Refuses to touch what is there. */
    static boolean initialise(Settings settings, Path data, String admin, String publicKey)
            throws IOException {
        for (Path place : List.of(settings.masterKey(), settings.database(), settings.ledger())) {
            if (Files.exists(place)) {
                throw new IOException(
                        place + " is there already, and init changes nothing that exists");
            }
        }
        makeFolder(data);
        makeFolder(parent(settings.masterKey()));
        makeFolder(parent(settings.hostKey()));
        MasterKey.create(settings.masterKey());
        HostKeyFile.create(settings.hostKey());
        if (settings.door().hostCertificates()) {
            var _ = HostCaCommand.create(settings);
        }
        try (Administration administration =
                Administration.open(settings, InstantSource.system())) {
            int status =
                    administration.console.execute(
                            LocalCaller.named(System.getProperty("user.name")),
                            List.of("user", "add", admin, "--role", "admin", "--key", publicKey),
                            new ConsoleStreams(
                                    InputStream.nullInputStream(),
                                    System.out,
                                    System.err,
                                    false,
                                    0));
            if (status != 0) {
                System.err.println(
                        "bastion: the data folder is made, but has no admin yet; add one with:"
                                + " bastion admin --data "
                                + data
                                + " user add NAME --role admin --key KEY");
            }
            return status == 0;
        }
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }

    private static void makeFolder(Path folder) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
