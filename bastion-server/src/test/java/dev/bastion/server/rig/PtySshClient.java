package dev.bastion.server.rig;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.terminal.Size;
import org.jline.utils.ScreenTerminal;
import org.jspecify.annotations.Nullable;

/**
 * OpenSSH's {@code ssh} inside a PTY, as a person has it: keys in, a screen out. What it shows is
 * kept as bytes, as text and as the screen of an emulated terminal, which also answers the queries
 * that full-screen programs send. Thread-safe.
 */
public final class PtySshClient implements AutoCloseable {

    private static final String TERM = "xterm-256color";

    private final PtyProcess process;
    private final OutputStream keys;
    private final Thread reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final StringBuilder shown = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ScreenTerminal screen;
    private int expectedUpTo;
    private boolean ended;

    private PtySshClient(PtyProcess process, int columns, int rows) {
        this.process = process;
        this.keys = process.getOutputStream();
        this.screen = new ScreenTerminal(columns, rows);
        this.reader = Thread.ofPlatform().daemon().name("pty-ssh").unstarted(this::read);
    }

    /** Starts {@code ssh} with these arguments in a terminal of 80 by 24. */
    public static PtySshClient start(List<String> arguments) {
        return start(arguments, 80, 24, Map.of());
    }

    /**
     * Starts {@code ssh}.
     *
     * @param arguments without {@code -t}: add it where a command needs a terminal
     * @param more environment variables, e.g. another {@code TERM}
     */
    public static PtySshClient start(
            List<String> arguments, int columns, int rows, Map<String, String> more) {
        List<String> command = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        command.addAll(arguments);
        return startProgram(command, columns, rows, more);
    }

    /** Starts another program in a terminal of 80 by 24. */
    public static PtySshClient startProgram(List<String> command) {
        return startProgram(command, 80, 24, Map.of());
    }

    private static PtySshClient startProgram(
            List<String> command, int columns, int rows, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("SSH_AUTH_SOCK");
        environment.remove("SSH_ASKPASS");
        environment.put("TERM", TERM);
        environment.putAll(more);
        try {
            PtyProcess process =
                    new PtyProcessBuilder(command.toArray(String[]::new))
                            .setEnvironment(environment)
                            .setInitialColumns(columns)
                            .setInitialRows(rows)
                            .start();
            PtySshClient client = new PtySshClient(process, columns, rows);
            client.reader.start();
            return client;
        } catch (IOException e) {
            throw new AssertionError(command + " could not be started in a PTY", e);
        }
    }

    /** Types these keys; {@code \r} is Enter. Fails if ssh has ended. */
    public void send(String text) {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Types these bytes as they are. */
    public void send(byte[] typed) {
        try {
            keys.write(typed);
            keys.flush();
        } catch (IOException e) {
            throw new AssertionError("ssh is gone; it showed: " + transcript(), e);
        }
    }

    /**
     * Waits until what was shown since the last match contains this, and consumes it.
     *
     * @param regex in multi-line and dot-all mode, over the text with its escape sequences
     */
    public MatchResult expect(String regex, Duration limit) {
        Matcher matcher = Pattern.compile(regex, Pattern.MULTILINE | Pattern.DOTALL).matcher(shown);
        return await(
                limit,
                () -> {
                    matcher.reset();
                    if (!matcher.find(expectedUpTo)) {
                        return null;
                    }
                    expectedUpTo = matcher.end();
                    return matcher.toMatchResult();
                },
                () ->
                        "Waited %s for /%s/; since the last match it showed: %s"
                                .formatted(limit, regex, escaped(shown.substring(expectedUpTo))));
    }

    /** Waits until the screen, as a person sees it now, contains this; gives the screen. */
    public String expectScreen(String regex, Duration limit) {
        Pattern pattern = Pattern.compile(regex, Pattern.MULTILINE | Pattern.DOTALL);
        return await(
                limit,
                () -> {
                    String now = screenText();
                    return pattern.matcher(now).find() ? now : null;
                },
                () ->
                        "Waited %s for /%s/ on the screen, which is:%n%s"
                                .formatted(limit, regex, screenText()));
    }

    /** Gives the terminal another size, of which ssh is told by SIGWINCH. */
    public void resize(int columns, int rows) {
        lock.lock();
        try {
            screen.setSize(Size.of(columns, rows));
        } finally {
            lock.unlock();
        }
        process.setWinSize(new WinSize(columns, rows));
    }

    /** The screen as a person sees it now: a line a row, without colours. */
    public String screen() {
        lock.lock();
        try {
            return screenText();
        } finally {
            lock.unlock();
        }
    }

    /** All text shown until now, with its escape sequences. */
    public String transcript() {
        lock.lock();
        try {
            return shown.toString();
        } finally {
            lock.unlock();
        }
    }

    /** All bytes shown until now. */
    public byte[] bytes() {
        lock.lock();
        try {
            return bytes.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for ssh to end by itself, and for all that it showed; gives its exit status. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "ssh did not end within %s; the screen is:%n%s".formatted(limit, screen()));
            }
            reader.join(2000);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends ssh by force, as when a person closes the window. Idempotent. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
            reader.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Probe<T> extends Supplier<@Nullable T> {}

    private <T> T await(Duration limit, Probe<T> probe, Supplier<String> failure) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (true) {
                T found = probe.get();
                if (found != null) {
                    return found;
                }
                if (ended || left <= 0) {
                    throw new AssertionError((ended ? "ssh has ended. " : "") + failure.get());
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(failure.get(), e);
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        char[] piece = new char[16 * 1024];
        try (Reader text =
                new InputStreamReader(new Tee(process.getInputStream()), StandardCharsets.UTF_8)) {
            for (int n = text.read(piece); n >= 0; n = text.read(piece)) {
                show(new String(piece, 0, n));
            }
        } catch (IOException e) {
            // How a PTY ends when the program in it has.
        } finally {
            end();
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void show(String piece) throws IOException {
        String answer;
        lock.lock();
        try {
            shown.append(piece);
            screen.write(piece);
            answer = screen.read();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (answer != null && !answer.isEmpty()) {
            keys.write(answer.getBytes(StandardCharsets.UTF_8));
            keys.flush();
        }
    }

    private String screenText() {
        return screen.toString();
    }

    private static String escaped(String text) {
        return text.replace("\u001b", "\\e").replace("\r", "\\r");
    }

    /** Keeps the bytes that pass. */
    private final class Tee extends InputStream {
        private final InputStream from;

        Tee(InputStream from) {
            this.from = from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = from.read(into, offset, length);
            if (n > 0) {
                lock.lock();
                try {
                    bytes.write(into, offset, n);
                } finally {
                    lock.unlock();
                }
            }
            return n;
        }
    }
}
