package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session keeps while nobody types. */
class MemoryTest {

    private static final int SESSIONS = 1_000;
    private static final long MOST_BYTES = 32 * 1024;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aSessionAtAPromptIsSmall() {
        byte[] output = bytes("some text of a line that a program printed\r\n".repeat(500));
        byte[] prompt = bytes("\033[?2004hroot@web1:~# ");
        byte[] keys = bytes("ls -l /etc\r");
        byte[] accepted = bytes("ls -l /etc\r\n\033[?2004l\r");
        List<CommandLines> sessions = new ArrayList<>();
        long before = used();
        for (int i = 0; i < SESSIONS; i++) {
            CommandLines lines = new CommandLines(80, 24, line -> {});
            for (int k = 0; k < 3; k++) {
                lines.output(output, 0, output.length, k * 3_000_000_000L);
                lines.output(prompt, 0, prompt.length, k * 3_000_000_000L + 1);
                lines.input(keys, 0, keys.length, k * 3_000_000_000L + 1_000_000_000);
                lines.output(accepted, 0, accepted.length, k * 3_000_000_000L + 1_000_000_001);
            }
            lines.output(output, 0, output.length, 9_000_000_000L);
            lines.output(prompt, 0, prompt.length, 9_000_000_001L);
            sessions.add(lines);
        }

        assertThat((used() - before) / sessions.size()).isLessThan(MOST_BYTES);
    }

    private static long used() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
