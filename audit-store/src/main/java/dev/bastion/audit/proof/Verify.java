package dev.bastion.audit.proof;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** {@code bastion-verify}: verifies an export, or a copy of a ledger, with the public key alone. */
public final class Verify {

    private static final int PROVED = 0;
    private static final int DISPROVED = 1;
    private static final int USAGE = 2;
    private static final int MOST_FINDINGS = 10;

    private static final String HELP =
            """
            Usage: bastion-verify --key FILE [--checkpoint FILE]... [--quiet] EXPORT
            Verifies a ledger offline. Needs the public key and nothing else.
              EXPORT             a file that 'audit export --ledger' wrote, a copy of a ledger's
                                 folder, or a copy of a bastion's data folder
              --key FILE         the public key, keys/ledger_ed25519.pub of the bastion
              --checkpoint FILE  checkpoints that were kept elsewhere: each must be a part of it
              --quiet            no progress
            Exit status: 0 proved, 1 not, and the first bad entry is named, 2 wrong usage.
            """;

    private Verify() {}

    /** Runs it and ends the process with its status. */
    public static void main(String[] arguments) {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        System.exit(run(List.of(arguments), System.out, System.err, terminal));
    }

    /** Runs it; the exit status. */
    static int run(List<String> arguments, PrintStream out, PrintStream err, boolean terminal) {
        Path key = null;
        Path export = null;
        List<Path> kept = new ArrayList<>();
        boolean quiet = !terminal;
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            boolean takesFile = word.equals("--key") || word.equals("--checkpoint");
            if (takesFile && i + 1 == arguments.size()) {
                return wrong(err, word + " needs a file");
            }
            switch (word) {
                case "--help", "-h" -> {
                    out.print(HELP);
                    return PROVED;
                }
                case "--quiet" -> quiet = true;
                case "--key" -> key = Path.of(arguments.get(++i));
                case "--checkpoint" -> kept.add(Path.of(arguments.get(++i)));
                default -> {
                    if (word.startsWith("-") || export != null) {
                        return wrong(err, "'" + word + "' is not understood");
                    }
                    export = Path.of(word);
                }
            }
        }
        if (key == null || export == null) {
            return wrong(err, key == null ? "--key is missing" : "EXPORT is missing");
        }
        try {
            return verify(key, export, kept, out, quiet ? entry -> {} : progress(err));
        } catch (IOException e) {
            err.println("bastion-verify: " + e.getMessage());
            return DISPROVED;
        }
    }

    private static LongConsumer progress(PrintStream err) {
        return entry -> err.print("\r" + entry + " entries …");
    }

    private static int verify(
            Path key, Path export, List<Path> kept, PrintStream out, LongConsumer progress)
            throws IOException {
        VerifierKey trusted = VerifierKey.load(key);
        List<Checkpoint> checkpoints = new ArrayList<>();
        for (Path file : kept) {
            checkpoints.addAll(KeptCheckpoints.read(file));
        }
        ProofReport report =
                new LedgerProof(evidence(export), trusted, progress)
                        .run(checkpoints, List.of(), () -> Long.MAX_VALUE);
        switch (report) {
            case ProofReport.Proved proved -> {
                out.println(proved.sentence());
                return PROVED;
            }
            case ProofReport.Disproved disproved -> {
                disproved.findings().stream()
                        .limit(MOST_FINDINGS)
                        .forEach(finding -> out.println(finding.sentence()));
                return DISPROVED;
            }
        }
    }

    private static Evidence evidence(Path export) throws IOException {
        if (Files.isRegularFile(export)) {
            return TarEvidence.open(export);
        }
        Path below = export.resolve("ledger");
        Path ledger = Files.isDirectory(below) ? below : export;
        if (!Files.isDirectory(ledger)) {
            throw new IOException("there is no export at " + export);
        }
        return new FolderEvidence(ledger, ledger.resolveSibling("recordings"));
    }

    private static int wrong(PrintStream err, String why) {
        err.println("bastion-verify: " + why + " (see --help)");
        return USAGE;
    }
}
