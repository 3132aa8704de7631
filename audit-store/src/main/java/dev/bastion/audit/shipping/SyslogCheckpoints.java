package dev.bastion.audit.shipping;

import dev.bastion.audit.proof.Checkpoint;
import dev.bastion.audit.proof.CheckpointSink;
import java.io.IOException;

/**
 * Sends each checkpoint to a receiver of syslog, over a connection of its own, whose orderly end is
 * what syslog has for an answer: a connection that breaks before it counts as a failure.
 */
public record SyslogCheckpoints(ShipTo.Syslog to) implements CheckpointSink {

    @Override
    public void take(Checkpoint checkpoint) throws IOException {
        try (SyslogConnection connection = SyslogConnection.open(to)) {
            connection.write(
                    SyslogMessage.frame(
                            checkpoint, SyslogMessage.hostName(), ProcessHandle.current().pid()));
            connection.finish();
        }
    }

    @Override
    public String toString() {
        return to.name();
    }
}
