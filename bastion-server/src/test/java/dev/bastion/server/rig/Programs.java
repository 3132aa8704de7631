package dev.bastion.server.rig;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Finds the programs of this machine that tests drive. */
public final class Programs {

    private Programs() {}

    /**
     * Where a program is: on {@code PATH}, or in the folders that a plain user's {@code PATH} may
     * lack.
     *
     * @throws AssertionError if it is nowhere
     */
    public static Path find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin:/usr/bin:/bin";
        for (String folder : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(folder.isEmpty() ? "." : folder).resolve(name).toAbsolutePath();
            if (Files.isExecutable(program) && Files.isRegularFile(program)) {
                return program;
            }
        }
        throw new AssertionError(
                "This test needs the program " + name + ", and it is not on this machine.");
    }

    /** Runs a program to its end and gives what it printed; fails if it fails. */
    static String run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(command + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(command + " could not be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        }
    }
}
