package dev.bastion.server.console;

import dev.bastion.audit.shipping.ShipperState;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit shipping}: whether those that the record is passed on to have got it. */
@Command(
        name = "shipping",
        description = "Lists those that the record is passed on to, and how far they are.")
final class AuditShippingCommand implements Runnable {

    private static final List<String> COLUMNS =
            List.of("to", "state", "entry", "certain", "behind", "error");

    private final CommandContext context;

    @Option(names = "--format", defaultValue = "table")
    private Format format = Format.TABLE;

    AuditShippingCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.consultAudit();
        List<ShipperState> states = context.parts().shipping().get();
        try (Rows rows = context.rows(format, COLUMNS)) {
            for (ShipperState state : states) {
                rows.row(
                        state.to(),
                        state.condition().word(),
                        state.passed(),
                        state.certain(),
                        state.behind(),
                        state.error());
            }
        }
    }
}
