package dev.bastion.server.console;

import dev.bastion.audit.jdbc.LedgerEvidence;
import dev.bastion.audit.proof.ProofReport;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code audit verify}: whether the ledger is what was written and signed. */
@Command(
        name = "verify",
        description = {
            "Checks every entry of the ledger, its checkpoints, and the recordings.",
            "Exit status: 0 and a sentence, or 1 and the first bad entry."
        })
final class AuditVerifyCommand implements Callable<Integer> {

    private static final int MOST_FINDINGS = 10;

    private final CommandContext context;

    AuditVerifyCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.consultAudit();
        LedgerEvidence evidence = context.evidence();
        long all = evidence.entries();
        ProofReport report = evidence.verify(entry -> progress(entry, all));
        if (context.terminal()) {
            context.err().print("\r\u001b[K");
            context.err().flush();
        }
        switch (report) {
            case ProofReport.Proved proved -> {
                context.out().line(proved.sentence());
                return 0;
            }
            case ProofReport.Disproved disproved -> {
                disproved.findings().stream()
                        .limit(MOST_FINDINGS)
                        .forEach(finding -> context.out().line(finding.sentence()));
                return 1;
            }
        }
    }

    private void progress(long entry, long all) {
        if (context.terminal()) {
            context.err().print("\r" + entry + " of " + all + " entries");
            context.err().flush();
        }
    }
}
