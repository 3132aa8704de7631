package dev.bastion.server.bench;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import dev.bastion.server.rig.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code ssh} in a PTY whose bytes are read on the caller's thread, with nothing between that would
 * count as latency. Confined to one thread; a session that lives too long is ended by force, and
 * reading then fails.
 */
final class PtyKeys implements AutoCloseable {

    private static final long LIFE_SECONDS = 180;

    private final PtyProcess process;
    private final InputStream output;
    private final OutputStream keys;
    private final byte[] piece = new byte[8 * 1024];

    private PtyKeys(PtyProcess process) {
        this.process = process;
        this.output = process.getInputStream();
        this.keys = process.getOutputStream();
    }

    static PtyKeys start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Programs.find("ssh").toString()));
        command.addAll(arguments);
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.remove("SSH_AUTH_SOCK");
        environment.put("TERM", "xterm-256color");
        PtyProcess process =
                new PtyProcessBuilder(command.toArray(String[]::new))
                        .setEnvironment(environment)
                        .setInitialColumns(80)
                        .setInitialRows(24)
                        .start();
        Thread.ofVirtual().start(() -> endLate(process));
        return new PtyKeys(process);
    }

    private static void endLate(PtyProcess process) {
        try {
            if (!process.waitFor(LIFE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Types one key and waits for the first byte that comes back; the time in milliseconds. */
    double key(char key) throws IOException {
        long start = System.nanoTime();
        keys.write(key);
        keys.flush();
        read();
        return (System.nanoTime() - start) / 1e6;
    }

    void send(String text) throws IOException {
        keys.write(text.getBytes(StandardCharsets.UTF_8));
        keys.flush();
    }

    /** Reads until this was shown, since the last wait. */
    void awaitText(String text) throws IOException {
        StringBuilder shown = new StringBuilder();
        while (shown.indexOf(text) < 0) {
            shown.append(read());
        }
    }

    /** Reads until what is shown ends as the prompt of a shell does. */
    void awaitPrompt() throws IOException {
        StringBuilder shown = new StringBuilder();
        while (!shown.toString().stripTrailing().matches("(?s).*[#$%>](\u001b\\S*)?")) {
            shown.append(read());
        }
    }

    /** Starts a program on the host that takes keys and answers nothing: only the echo is left. */
    void startSilence() throws IOException {
        awaitPrompt();
        send("echo rea''dy; exec cat >/dev/null\r");
        awaitText("ready\r\n");
        pause(200);
        // What the terminal may still owe is read with the first key.
        key('x');
        pause(100);
        key('\r');
        pause(100);
    }

    /** A moment as between two keys. */
    static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String read() throws IOException {
        int n = output.read(piece);
        if (n < 0) {
            throw new IOException("ssh has ended");
        }
        return new String(piece, 0, n, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
