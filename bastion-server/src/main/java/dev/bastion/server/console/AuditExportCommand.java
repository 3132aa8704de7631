package dev.bastion.server.console;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit export}: what can be verified elsewhere, as a stream. */
@Command(
        name = "export",
        description = "Writes the ledger as a tar file that bastion-verify verifies.")
final class AuditExportCommand implements Callable<Integer> {

    @Option(names = "--ledger", description = "segments, checkpoints and public key")
    private boolean ledger;

    @Option(names = "--recordings", description = "with --ledger: the recordings, too")
    private boolean recordings;

    private final CommandContext context;

    AuditExportCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException {
        context.consultAudit();
        if (!ledger) {
            throw new UsageException("say what to export: --ledger");
        }
        if (context.terminal()) {
            throw new UsageException("an export is no text for a terminal: send it to a file");
        }
        context.evidence().export(context.rawOut(), recordings);
        return 0;
    }
}
