package dev.bastion.audit.line.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.line.CommandLines;
import dev.bastion.audit.line.DecidedLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recorded sessions with parts lost, doubled, changed, out of order, and of another size. */
class MutatedTraceTest {

    private static final int TIMES = 4;
    private static final long LONGEST_NANOS = 20_000_000_000L;

    private static final List<String> PIECES =
            List.of(
                    "\033[?2004h",
                    "\033[?2004l",
                    "\033[?1049h",
                    "\033[?1049l",
                    "\033]133;A\007",
                    "\033]133;C\007",
                    "\033[",
                    "\033]",
                    "\r",
                    "\n",
                    "\b",
                    "\033[2J",
                    "\033[H",
                    "\033[999C",
                    "\033[K",
                    "\u0301",
                    "\u4e2d",
                    "^C",
                    "$ ",
                    "Password: ",
                    "\177",
                    "\003",
                    "\004",
                    "\033[A",
                    "\t",
                    "\022",
                    "\033[200~",
                    "\033[201~");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bash-color2-40", "bash-nobp-80", "bash-osc-80", "bash-plain-80", "dash-plain-80",
                "fish-plain-80", "fish-right-40", "zsh-fancy-80", "zsh-nobp-80", "zsh-plain-40",
                "zsh-transient-80"
            })
    void aSessionThatWentWrongThrowsNothingAndTakesNoLonger(String name) throws IOException {
        long seed = new Random().nextLong();
        System.out.println(name + " seed " + seed);
        Trace trace = read(name + ".jsonl.gz");
        Random random = new Random(seed);
        long begin = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
            List<DecidedLine> decided = new ArrayList<>();
            CommandLines lines = new CommandLines(80, 24, decided::add);
            long now = 0;
            for (TraceEvent event : trace.events()) {
                // A clock may stand still or leap.
                now += random.nextInt(10) == 0 ? random.nextInt(500_000_000) : 1;
                feed(lines, event, now, random);
            }
            lines.close();

            assertThat(lines.faults()).as("faults, seed %d", seed).isZero();
            assertThat(decided).as("lines, seed %d", seed).isNotEmpty();
            assertThat(decided)
                    .allSatisfy(line -> assertThat(line.confidence()).isBetween(0.0, 1.0));
        }
        assertThat(System.nanoTime() - begin).as("seed %d", seed).isLessThan(LONGEST_NANOS);
    }

    private static void feed(CommandLines lines, TraceEvent event, long now, Random random) {
        switch (event) {
            case TraceEvent.Input in -> {
                byte[] bytes = mutated(in.bytes(), random);
                lines.input(bytes, 0, bytes.length, now);
            }
            case TraceEvent.Output out -> {
                byte[] bytes = mutated(out.bytes(), random);
                lines.output(bytes, 0, bytes.length, now);
            }
            case TraceEvent.Size size -> lines.resize(size.columns(), size.rows());
            case TraceEvent.Window _ -> {}
        }
        if (random.nextInt(500) == 0) {
            lines.resize(random.nextInt(200), random.nextInt(60));
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        if (random.nextInt(12) > 0) {
            return bytes;
        }
        byte[] changed = bytes.clone();
        int at = random.nextInt(bytes.length + 1);
        return switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> Arrays.copyOf(changed, at);
            case 2 -> joined(changed, changed.length, changed);
            case 3 -> {
                if (at < changed.length) {
                    changed[at] = (byte) random.nextInt(256);
                }
                yield changed;
            }
            default -> {
                String piece = PIECES.get(random.nextInt(PIECES.size()));
                yield joined(changed, at, piece.getBytes(StandardCharsets.UTF_8));
            }
        };
    }

    private static byte[] joined(byte[] bytes, int at, byte[] piece) {
        byte[] all = new byte[bytes.length + piece.length];
        System.arraycopy(bytes, 0, all, 0, at);
        System.arraycopy(piece, 0, all, at, piece.length);
        System.arraycopy(bytes, at, all, at + piece.length, bytes.length - at);
        return all;
    }

    private static Trace read(String file) throws IOException {
        try (InputStream bytes =
                Objects.requireNonNull(
                        MutatedTraceTest.class.getResourceAsStream("/traces/" + file))) {
            return Trace.read(file, bytes);
        }
    }
}
