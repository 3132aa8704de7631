package dev.bastion.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.LineDecided;
import dev.bastion.audit.AuditRecord.LineEntered;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.server.rig.PtySshClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Large pastes through a terminal into a bastion with little memory: every byte arrives, every line
 * is in the ledger, and it does not take for ever.
 */
final class BulkInputIT {

    private static final int HEAP_MEBIBYTES = 96;
    private static final int RAW_BYTES = 10 << 20;
    private static final int ECHOED_BYTES = 4 << 20;
    private static final int LONG_LINE_BYTES = 1 << 20;

    /** Long enough that no line is shown by chance. */
    private static final int SHORTEST_LINE_BYTES = 8;

    /**
     * Less than a terminal in canonical mode takes, and than a row that an echo is looked for in.
     */
    private static final int COOKED_LINE_BYTES = 1500;

    /** Lines that may wait for their echo, and are all known by it. */
    private static final int FEW_LINES = 1500;

    private static final Duration PASTED = Duration.ofMinutes(3);
    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final long SEED = 20260301;

    private final Path folder;
    private final BastionScene scene;

    BulkInputIT(@TempDir Path folder) {
        this.folder = folder;
        this.scene = BastionScene.start(folder);
    }

    @BeforeEach
    void startWithLittleMemory() {
        scene.bastion().terminate(BastionScene.LIMIT);
        scene.serveInHeap(HEAP_MEBIBYTES);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void rawPasteArrivesByteForByteAndEachLineIsRecorded() throws Exception {
        byte[] paste = paste(RAW_BYTES, 200, LONG_LINE_BYTES);
        try (PtySshClient client = scene.shell()) {
            client.send(
                    "stty raw -echo; echo rea''dy; head -c "
                            + paste.length
                            + " | sha256sum; stty sane\r");
            client.expect("[\r\n]ready", BastionScene.LIMIT);

            client.send(paste);

            client.expect(sha256(paste) + "  -", PASTED);
            client.expect(BastionScene.PROMPT, BastionScene.LIMIT);
            leave(client);
        }

        Map<Long, String> lines = recordedLines();
        assertThat(lines.keySet().stream().mapToLong(Long::longValue).max())
                .as("all lines, the shell's first and its last")
                .hasValue(lines(paste) + 2);
        assertThat(lines).hasSize((int) (lines(paste) + 2));
        assertThat(lines.values())
                .as("the shell's own")
                .filteredOn(line -> !line.startsWith("[not echoed: "))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("stty raw -echo"),
                        line -> assertThat(line).isEqualTo("exit"));
    }

    @Test
    void pasteThatIsEchoedArrivesByteForByteAndEachLineIsRecorded() throws Exception {
        byte[] paste = paste(ECHOED_BYTES, COOKED_LINE_BYTES, 0);
        List<String> sent = new String(paste, US_ASCII).lines().toList();
        int first = String.join("\n", sent.subList(0, FEW_LINES)).length() + 1;
        Path file = folder.resolve("pasted");
        Set<String> shown;
        try (PtySshClient client = scene.shell()) {
            client.send("echo rea''dy; cat > " + file + "; echo la''st\r");
            client.expect("[\r\n]ready", BastionScene.LIMIT);

            client.send(Arrays.copyOf(paste, first));
            BastionScene.await("the first lines have arrived", PASTED, () -> size(file) == first);
            awaitSilence(client);
            client.send(Arrays.copyOfRange(paste, first, paste.length));
            BastionScene.await("all has arrived", PASTED, () -> size(file) == paste.length);
            client.send("\u0004");

            client.expect("[\r\n]last", PASTED);
            leave(client);
            shown = client.transcript().lines().collect(toSet());
        }

        assertThat(file).hasBinaryContent(paste);
        Map<Long, String> lines = recordedLines();
        int shownOfFew = 0;
        int knownOfFew = 0;
        for (int i = 0; i < sent.size(); i++) {
            String recorded = lines.getOrDefault(i + 2L, "");
            if (!recorded.startsWith("[not echoed: ")) {
                assertThat(recorded).as("line %d", i).isEqualTo(sent.get(i));
            }
            if (i < FEW_LINES && shown.contains(sent.get(i))) {
                shownOfFew++;
                knownOfFew += recorded.equals(sent.get(i)) ? 1 : 0;
            }
        }
        // A terminal that is written to faster than it is read loses a part of its echo.
        assertThat(shownOfFew).as("lines shown whole").isGreaterThan(FEW_LINES / 2);
        assertThat(knownOfFew).as("of them known").isGreaterThanOrEqualTo(shownOfFew * 98 / 100);
    }

    /** Lines up to so long, one of them of {@code longLine} bytes, always the same. */
    private static byte[] paste(int bytes, int lineLimit, int longLine) {
        Random random = new Random(SEED);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + longLine);
        boolean withLong = longLine > 0;
        while (out.size() < bytes) {
            boolean now = withLong && out.size() > bytes / 2;
            int length = now ? longLine : SHORTEST_LINE_BYTES + random.nextInt(lineLimit);
            withLong &= !now;
            for (int i = 0; i < length; i++) {
                out.write('a' + random.nextInt(26));
            }
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static long lines(byte[] paste) {
        return new String(paste, US_ASCII).lines().count();
    }

    private static void leave(PtySshClient client) {
        client.send("exit\r");
        client.awaitExit(BastionScene.LIMIT);
    }

    /** The last that the ledger says of each line of the session. */
    private Map<Long, String> recordedLines() {
        assertThat(scene.bastion().terminate(BastionScene.LIMIT)).isEqualTo(143);
        Map<Long, String> lines = new TreeMap<>();
        try (LedgerReader ledger =
                LedgerReader.open(scene.data.resolve("ledger"), new SequenceNumber(1))) {
            for (Optional<LedgerEntry> entry = ledger.next();
                    entry.isPresent();
                    entry = ledger.next()) {
                switch (entry.get().record()) {
                    case LineEntered line -> lines.put(line.seq(), line.command());
                    case LineDecided line -> lines.put(line.seq(), line.command());
                    default -> {}
                }
            }
        }
        return lines;
    }

    /** Waits until no more is shown: the echo of what has arrived, as far as there is one. */
    private static void awaitSilence(PtySshClient client) throws InterruptedException {
        int before;
        int now = client.transcript().length();
        do {
            before = now;
            Thread.sleep(SILENCE);
            now = client.transcript().length();
        } while (now != before);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
