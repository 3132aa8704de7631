package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.FileLedger;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * All receivers of the record. Thread-safe. Made for any open ledger, to tell how they stand;
 * passes on only from {@link #start()} on.
 */
public final class Shipping implements AutoCloseable {

    private final List<Shipper> shippers;

    private Shipping(List<Shipper> shippers) {
        this.shippers = shippers;
    }

    /**
     * Reads the positions.
     *
     * @param folder of the files that hold them
     */
    public static Shipping of(FileLedger ledger, Path folder, List<? extends ShipTo> receivers) {
        return new Shipping(
                receivers.stream()
                        .map(to ->
                                new Shipper(
                                        ledger,
                                        to.name(),
                                        receiver(to),
                                        PositionFile.of(folder, to.name())))
                        .toList());
    }

    private static Receiver receiver(ShipTo to) {
        return switch (to) {
            case ShipTo.Syslog syslog -> new SyslogReceiver(syslog);
            case ShipTo.JsonFile file -> new JsonFileReceiver(file.path());
            case ShipTo.StandardOutput _ ->
                    new StandardOutputReceiver(new FileOutputStream(FileDescriptor.out));
        };
    }

    /** Begins to pass on. Called once. */
    public void start() {
        shippers.forEach(Shipper::start);
    }

    /** How each receiver stands now, in the order in which they were given. */
    public List<ShipperState> states() {
        return shippers.stream().map(Shipper::state).toList();
    }

    /**
     * The oldest entry that a receiver still needs: this one and those after it must stay in the
     * ledger. Empty when there are no receivers.
     */
    public OptionalLong oldestNeeded() {
        return shippers.stream().mapToLong(Shipper::oldestNeeded).min();
    }

    /**
     * Passes on what the ledger has, for at most a few seconds, and ends. After the ledger is
     * closed, so that its last entries go too. Idempotent.
     */
    @Override
    public void close() {
        shippers.forEach(Shipper::finish);
        shippers.forEach(Shipper::close);
    }
}
