package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no shell sends: nothing is thrown, and memory stays bounded. */
class CommandLinesFuzzTest {

    private static final int KEPT_SESSIONS = 40;
    private static final long MOST_KEPT_BYTES = 32 << 10;

    private static final String[] PIECES = {
        "\033[?2004h",
        "\033[?2004l",
        "\033[?1049h",
        "\033[?1049l",
        "\033]133;A\007",
        "\033]133;B\007",
        "\033]133;C\007",
        "\r\n",
        "\n",
        "\r",
        "$ ",
        "bash# ",
        "Password: ",
        "\033[K",
        "\033[J",
        "\033[2J",
        "\033[H",
        "\033[5;3H",
        "\033[A",
        "\033[99B",
        "\033[10P",
        "\033[3@",
        "\033[999@",
        "\033[999P",
        "\033[999X",
        "\033[999L",
        "\033[999M",
        "\033[L",
        "\033[M",
        "\033[2;3r",
        "\033[S",
        "\033[T",
        "\033[999999999C",
        "\033[4h",
        "\033[7l",
        "\b",
        "\t",
        "\033M",
        "\033c",
        "^C",
        "\033[200~",
        "\033[201~",
        "\u0003",
        "\u0004",
        "\u007f",
        "\u0015",
        "\u0012",
        "\033",
        "\033[",
        "\033]",
        "好",
        "e\u0301",
        "😀",
        "\u0301",
        "x",
        "echo !!",
        "0123456789012345678901234567890123456789012345"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverThrowsAndTellsNoFaultOfItsOwn(long seed) {
        List<DecidedLine> decided = new ArrayList<>();
        CommandLines lines = fuzzed(seed, 8_000, decided::add);
        lines.close();

        assertThat(lines.faults()).as("seed %d", seed).isZero();
        assertThat(decided).as("seed %d", seed).isNotEmpty();
        assertThat(decided)
                .allSatisfy(line -> {
                    assertThat(line.keystrokes().length()).isLessThan(40_000);
                    assertThat(line.command().length()).isLessThan(40_000);
                    assertThat(line.confidence()).isBetween(0.0, 1.0);
                });
    }

    /** Hostile or not, and however long. */
    @Test
    void keepsLittleHoweverMuchComes() {
        long little = keptBy(2_000);
        long much = keptBy(6_000);

        assertThat(little).as("bytes a session").isLessThan(MOST_KEPT_BYTES);
        assertThat(much).as("bytes a session").isLessThan(MOST_KEPT_BYTES);
    }

    private static long keptBy(int steps) {
        List<CommandLines> sessions = new ArrayList<>();
        long before = MemoryTest.used();
        for (long seed = 0; seed < KEPT_SESSIONS; seed++) {
            sessions.add(fuzzed(seed, steps, line -> {}));
        }
        return (MemoryTest.used() - before) / sessions.size();
    }

    /** A session to which anything came, of a terminal of up to 195 columns and 55 rows. */
    private static CommandLines fuzzed(long seed, int steps, Consumer<DecidedLine> decided) {
        Random random = new Random(seed);
        CommandLines lines =
                new CommandLines(20 + random.nextInt(60), 2 + random.nextInt(20), decided::accept);
        long now = 0;
        for (int i = 0; i < steps; i++) {
            now += random.nextInt(400) * 1_000_000L;
            byte[] bytes = random.nextInt(3) == 0 ? noise(random) : pieces(random);
            switch (random.nextInt(20)) {
                case 0 -> lines.resize(random.nextInt(200) - 5, random.nextInt(60) - 5);
                case 1, 2, 3, 4, 5, 6, 7, 8 -> lines.input(bytes, 0, bytes.length, now);
                default -> lines.output(bytes, 0, bytes.length, now);
            }
        }
        return lines;
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(60)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] pieces(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(
                    random.nextInt(4) == 0
                            ? control(random)
                            : PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A control sequence with any numbers and any letter. */
    private static String control(Random random) {
        StringBuilder text = new StringBuilder("\033[");
        if (random.nextInt(4) == 0) {
            text.append("?>!<".charAt(random.nextInt(4)));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(random.nextInt(random.nextBoolean() ? 90 : 10_000));
            text.append(";;:".charAt(random.nextInt(3)));
        }
        return text.append((char) ('@' + random.nextInt(63))).toString();
    }

    @Test
    void aListenerThatThrowsStopsNothing() {
        CommandLines lines =
                new CommandLines(
                        80,
                        24,
                        line -> {
                            throw new IllegalStateException("full");
                        });
        byte[] prompt = "\033[?2004h$ ".getBytes(StandardCharsets.US_ASCII);
        byte[] keys = "id\r".getBytes(StandardCharsets.US_ASCII);
        byte[] answer = "id\r\n\033[?2004l".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 3; i++) {
            lines.output(prompt, 0, prompt.length, i * 3_000_000_000L);
            lines.input(keys, 0, keys.length, i * 3_000_000_000L + 1);
            lines.output(answer, 0, answer.length, i * 3_000_000_000L + 2);
        }

        assertThat(lines.faults()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "\n",
                "\033[?2004hx\033[?2004l",
                "\033[?2004h$ \033[999P\033[999@\033[2J",
                "\033[?1049h\033[?1049l",
                "\033]133;A\007$ \033]133;B\007\033]133;C\007",
                "$ $ $ $ $ $ \r\n",
                "e\u0301\u0302\u0303",
            })
    void aHostileStreamIsReadInGoodTime(String piece) {
        List<DecidedLine> decided = new ArrayList<>();
        CommandLines lines = new CommandLines(1_000, 500, decided::add);
        byte[] keys = "abc\rdef\rghi".getBytes(StandardCharsets.US_ASCII);
        byte[] flood = piece.repeat(64 * 1024 / piece.length()).getBytes(StandardCharsets.UTF_8);
        lines.input(keys, 0, keys.length, 0);
        long begin = System.nanoTime();
        long fed = 0;
        while (fed < 1L << 20) {
            lines.output(flood, 0, flood.length, fed);
            fed += flood.length;
        }

        assertThat(System.nanoTime() - begin)
                .as("1 MiB in less than 5 s, on the slowest machine")
                .isLessThan(5_000_000_000L);
    }
}
