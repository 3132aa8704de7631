package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Data folders as {@code bastion init} makes them. It runs once for all tests of a process, each of
 * which has a copy.
 */
final class NewData {

    /** The user whom it made. */
    static final String ADMIN = "root1";

    private NewData() {}

    /** Makes the folder {@code data}, which must not exist. Gives the keys of {@link #ADMIN}. */
    static Keys copyTo(Path data) {
        try (Stream<Path> files = Files.walk(Original.DATA)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        data.resolve(Original.DATA.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Original.KEYS;
    }

    /** Made when it is first needed. */
    private static final class Original {

        private static final Path FOLDER = folder();
        private static final Path DATA = FOLDER.resolve("data");
        private static final Keys KEYS = Keys.ed25519(FOLDER, "admin");

        static {
            SshClient.Result made =
                    BastionProcess.run(
                            "init",
                            "--data",
                            DATA.toString(),
                            "--admin",
                            ADMIN,
                            "--key",
                            KEYS.publicFile().toString());
            assertThat(made.exitStatus()).as("init: %s", made).isZero();
        }

        private static Path folder() {
            try {
                Path folder = Files.createTempDirectory("bastion-new");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
