package dev.bastion.server.rig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * OpenSSH's {@code ssh} (or {@code sftp}, {@code scp}) run to its end without a terminal. It reads
 * no configuration of the person who runs the tests, and no agent.
 */
public final class SshClient {

    /** How it ended. */
    public static final class Result {
        private final int exitStatus;
        private final byte[] stdout;
        private final String stderr;

        private Result(int exitStatus, byte[] stdout, String stderr) {
            this.exitStatus = exitStatus;
            this.stdout = stdout;
            this.stderr = stderr;
        }

        /** Of {@code ssh}, which is that of the remote command; 255 when ssh itself failed. */
        public int exitStatus() {
            return exitStatus;
        }

        /** Standard output, bit for bit. */
        public byte[] stdout() {
            return stdout.clone();
        }

        /** Standard output as UTF-8. */
        public String text() {
            return new String(stdout, StandardCharsets.UTF_8);
        }

        /** Standard error as UTF-8. */
        public String stderr() {
            return stderr;
        }

        @Override
        public String toString() {
            return "exit status %d, standard output: %s, standard error: %s"
                    .formatted(exitStatus, text(), stderr);
        }
    }

    private SshClient() {}

    /**
     * The options that make {@code ssh} log in and ask nothing; the command, if any, comes after
     * them. The destination is their last word.
     */
    public static List<String> arguments(String user, String address, int port, Keys keys) {
        List<String> arguments = new ArrayList<>(options(keys));
        arguments.addAll(List.of("-p", String.valueOf(port), "-l", user, address));
        return List.copyOf(arguments);
    }

    /**
     * Only the {@code -F} and {@code -o} options, which {@code sftp} and {@code scp} take as well.
     */
    public static List<String> options(Keys keys) {
        return List.of(
                "-F",
                "none",
                "-o",
                "IdentityFile=" + keys.privateFile(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "IdentityAgent=none",
                "-o",
                "StrictHostKeyChecking=no",
                "-o",
                "UserKnownHostsFile=/dev/null",
                "-o",
                "GlobalKnownHostsFile=/dev/null",
                "-o",
                "LogLevel=ERROR",
                "-o",
                "BatchMode=yes");
    }

    /** Runs {@code ssh} with these arguments and an empty standard input. */
    public static Result run(List<String> arguments, Duration limit) {
        return run(arguments, new byte[0], limit);
    }

    /** Runs {@code ssh} with these arguments, feeding it {@code stdin} and then the end of it. */
    public static Result run(List<String> arguments, byte[] stdin, Duration limit) {
        return runProgram("ssh", arguments, stdin, limit);
    }

    /**
     * The same for another client program.
     *
     * @throws AssertionError if the program is missing or does not end within the limit
     */
    public static Result runProgram(
            String program, List<String> arguments, byte[] stdin, Duration limit) {
        Path path = Programs.find(program);
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(arguments);
        try {
            Process process = start(command);
            Captured output = new Captured(process.getInputStream());
            Captured errors = new Captured(process.getErrorStream());
            Thread input =
                    Thread.ofPlatform()
                            .daemon()
                            .start(() -> feed(process.getOutputStream(), stdin));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError(
                        "%s did not end within %s; standard output so far: %s; standard error: %s"
                                .formatted(command, limit, output.text(), errors.text()));
            }
            output.join();
            errors.join();
            input.join(1000);
            return new Result(process.exitValue(), output.bytes(), errors.text());
        } catch (IOException e) {
            throw new AssertionError(command + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(command + " was interrupted", e);
        }
    }

    /** Starts {@code ssh} and leaves it to the caller, who ends it. */
    public static Process start(String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Programs.find(program).toString()));
        command.addAll(arguments);
        return start(command);
    }

    private static Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove("SSH_AUTH_SOCK");
        builder.environment().remove("SSH_ASKPASS");
        return builder.start();
    }

    private static void feed(OutputStream stream, byte[] bytes) {
        try (stream) {
            stream.write(bytes);
        } catch (IOException e) {
            // The program ended without reading all of it, which its exit status tells of.
        }
    }

    /** Collects a stream in the background. */
    private static final class Captured {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        Captured(InputStream stream) {
            thread = Thread.ofPlatform().daemon().start(() -> collect(stream));
        }

        private void collect(InputStream stream) {
            byte[] piece = new byte[64 * 1024];
            try {
                for (int n = stream.read(piece); n >= 0; n = stream.read(piece)) {
                    bytes.write(piece, 0, n);
                }
            } catch (IOException e) {
                // Ended by force; what came until then counts.
            }
        }

        void join() throws InterruptedException {
            thread.join();
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
