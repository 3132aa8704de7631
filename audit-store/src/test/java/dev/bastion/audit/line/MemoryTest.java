package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the engine keeps of a session. */
class MemoryTest {

    private static final int SESSIONS = 300;
    private static final long MOST_BYTES = 32 * 1024;

    private static final int ROWS = 50;
    private static final int COLUMNS = 200;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aSessionAtAPromptIsSmall() {
        byte[] output = bytes("some text of a line that a program printed\r\n".repeat(500));
        byte[] prompt = bytes("\033[?2004hroot@web1:~# ");
        byte[] accepted = bytes("ls -l /etc\r\n\033[?2004l\r");

        assertSmall(
                80,
                24,
                lines -> {
                    for (int k = 0; k < 3; k++) {
                        print(lines, output, k * 3_000_000_000L);
                        print(lines, prompt, k * 3_000_000_000L + 1);
                        type(lines, "ls -l /etc\r", k * 3_000_000_000L + 1_000_000_000);
                        print(lines, accepted, k * 3_000_000_000L + 1_000_000_001);
                    }
                    print(lines, output, 9_000_000_000L);
                    print(lines, prompt, 9_000_000_001L);
                });
    }

    @Test
    void aSessionInAFullScreenProgramOnALargeTerminalIsSmall() {
        byte[] program =
                bytes("\033[?1049h\033[H" + ("x".repeat(COLUMNS - 1) + "\r\n").repeat(ROWS - 1));

        assertSmall(
                COLUMNS,
                ROWS,
                lines -> {
                    print(lines, bytes("$ "), 0);
                    type(lines, "vi file\r", 1_000_000_000);
                    print(lines, bytes("vi file\r\n"), 1_000_000_001);
                    print(lines, program, 1_100_000_000);
                    type(lines, "jjj", 2_000_000_000);
                    print(lines, bytes("\033[4;1H"), 2_000_000_001);
                });
    }

    @Test
    void aSessionWhoseProgramPrintsWhileALineWaitsIsSmall() {
        byte[] output = bytes(("y".repeat(199) + "\r\n").repeat(500));

        assertSmall(
                200,
                50,
                lines -> {
                    print(lines, bytes("$ "), 0);
                    type(lines, "ping host\r", 1_000_000_000);
                    print(lines, bytes("ping host\r\n"), 1_000_000_001);
                    print(lines, bytes("64 bytes\r\n"), 1_100_000_000);
                    type(lines, "what is typed ahead\r", 2_000_000_000);
                    print(lines, output, 2_000_000_001);
                });
    }

    private static void print(CommandLines lines, byte[] bytes, long nanos) {
        lines.output(bytes, 0, bytes.length, nanos);
    }

    private static void type(CommandLines lines, String keys, long nanos) {
        lines.input(bytes(keys), 0, keys.length(), nanos);
    }

    private static void assertSmall(int columns, int rows, Consumer<CommandLines> use) {
        List<CommandLines> sessions = new ArrayList<>();
        long before = used();
        for (int i = 0; i < SESSIONS; i++) {
            CommandLines lines = new CommandLines(columns, rows, line -> {});
            use.accept(lines);
            sessions.add(lines);
        }
        long each = (used() - before) / sessions.size();
        assertThat(each).isLessThan(MOST_BYTES);
    }

    /** Bytes of the heap that are in use when all garbage is gone. */
    static long used() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
