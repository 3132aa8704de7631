package dev.bastion.server;

import dev.bastion.audit.line.replay.LineJson;
import dev.bastion.audit.line.replay.Replay;
import dev.bastion.audit.line.replay.ReplayedLine;
import dev.bastion.audit.line.replay.ScoreReport;
import dev.bastion.audit.line.replay.Trace;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bastion lines}: what the command line engine makes of recorded terminals. */
@Command(
        name = "lines",
        description = "Tells the command lines in traces of terminals, or scores them.")
final class LinesCommand implements Callable<Integer> {

    private static final int MAX_DELAY_MS = 60_000;

    @Spec private @Nullable CommandSpec spec;

    @Option(names = "--score", description = "compares with what the shells recorded")
    private boolean score;

    @Option(names = "--misses", description = "with --score: lists what was wrong")
    private boolean misses;

    @Option(names = "--delay", paramLabel = "MS", description = "the output comes later by this")
    private int delay;

    @Option(
            names = "--fragment",
            paramLabel = "SEED",
            description = "cuts the output elsewhere, at random")
    private @Nullable Long fragment;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "traces, plain or .gz")
    private List<Path> files = List.of();

    @Override
    public Integer call() throws IOException {
        if (delay < 0 || delay > MAX_DELAY_MS) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--delay " + delay + ": milliseconds from 0 to " + MAX_DELAY_MS);
        }
        Replay replay = new Replay(Duration.ofMillis(delay).toNanos(), fragment);
        PrintWriter out =
                new PrintWriter(
                        new BufferedWriter(
                                new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
        try {
            if (score) {
                printScore(replay, out);
            } else {
                for (Path file : files) {
                    for (ReplayedLine line : replay.run(read(file))) {
                        out.println(LineJson.of(line));
                    }
                }
            }
        } finally {
            out.flush();
        }
        return 0;
    }

    private void printScore(Replay replay, PrintWriter out) throws IOException {
        ScoreReport report = new ScoreReport();
        for (Path file : files) {
            report.add(read(file), replay);
        }
        out.print(report);
        if (misses) {
            out.println();
            report.misses().forEach(out::println);
        }
    }

    private static Trace read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no trace " + file);
        }
        return Trace.read(file);
    }
}
