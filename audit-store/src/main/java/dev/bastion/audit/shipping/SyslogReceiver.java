package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages of RFC 5424 over TCP or TLS.
 *
 * <p>Syslog acknowledges nothing: what was written may be in our send buffer, on the way, or in the
 * receiver's buffer when one of the two ends. So the last bytes written are never safe, as many as
 * the send buffer and {@link #ALLOWANCE_BYTES} hold, and after each new connection they are sent
 * again.
 */
final class SyslogReceiver implements Receiver {

    /** 8 MiB: more than the largest receive buffer of Linux (tcp_rmem: 6 MiB) and what TLS adds. */
    static final long ALLOWANCE_BYTES = 8 << 20;

    private final ShipTo.Syslog to;
    private final long allowanceBytes;
    private final String host = SyslogMessage.hostName();
    private final long process = ProcessHandle.current().pid();
    private @Nullable SyslogConnection connection;
    private ResendWindow window = new ResendWindow(LedgerPosition.START, ALLOWANCE_BYTES);

    SyslogReceiver(ShipTo.Syslog to) {
        this(to, ALLOWANCE_BYTES);
    }

    SyslogReceiver(ShipTo.Syslog to, long allowanceBytes) {
        this.to = to;
        this.allowanceBytes = allowanceBytes;
    }

    @Override
    public void open(LedgerPosition from) throws IOException {
        window = new ResendWindow(from, Long.MAX_VALUE);
        SyslogConnection opened = SyslogConnection.open(to);
        connection = opened;
        window = new ResendWindow(from, allowanceBytes + opened.sendBufferBytes());
    }

    @Override
    public void take(List<LedgerEntry> entries) throws IOException {
        SyslogConnection open = connection();
        var bytes = new ByteArrayOutputStream();
        for (LedgerEntry entry : entries) {
            bytes.writeBytes(SyslogMessage.frame(entry, host, process));
        }
        open.write(bytes.toByteArray());
        window.wrote(entries.getLast().position(), bytes.size());
    }

    @Override
    public void settle() throws IOException {
        connection().requireThere();
    }

    private SyslogConnection connection() throws IOException {
        SyslogConnection open = connection;
        if (open == null) {
            throw new IOException("there is no connection");
        }
        return open;
    }

    @Override
    public LedgerPosition safe() {
        return window.safe();
    }

    @Override
    public void close() {
        SyslogConnection old = connection;
        connection = null;
        if (old != null) {
            old.close();
        }
    }
}
