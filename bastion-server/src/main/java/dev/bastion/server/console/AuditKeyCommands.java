package dev.bastion.server.console;

import dev.bastion.audit.proof.VerifierKey;
import picocli.CommandLine.Command;

/** {@code audit key}: the key that signs the ledger. */
@Command(name = "key", description = "The key that signs the ledger's checkpoints.")
final class AuditKeyCommands {

    private final CommandContext context;

    AuditKeyCommands(CommandContext context) {
        this.context = context;
    }

    @Command(description = "Prints the public key, for bastion-verify.")
    void show() {
        context.consultAudit();
        context.out().line(context.evidence().checkpoints().publicKey().toString());
    }

    @Command(
            description = {
                "Makes a new key, endorsed by the old one, which is destroyed.",
                "Prints the new public key; whoever has an old one can go on with it."
            })
    void rotate() {
        context.requireAdmin();
        VerifierKey made =
                context.evidence()
                        .checkpoints()
                        .rotate(context.caller().name(), context.caller().from());
        context.out().line(made.toString());
    }
}
