package dev.bastion.audit.proof;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a ledger is signed. Immutable.
 *
 * @param key file of the private key, made when neither it nor any signature is there
 * @param node name of this bastion in what it signs, used when the key is made
 * @param entries so many make a checkpoint due
 * @param interval so long after the first entry that no checkpoint speaks for one is due
 * @param recordings folder of the recordings; need not exist
 * @param sinks where checkpoints go besides
 */
public record ProofOptions(
        Path key,
        String node,
        int entries,
        Duration interval,
        Path recordings,
        List<CheckpointSink> sinks) {

    public ProofOptions {
        sinks = List.copyOf(sinks);
        if (entries < 1) {
            throw new IllegalArgumentException("entries must be at least 1, was " + entries);
        }
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("interval must be positive, was " + interval);
        }
        if (!Statement.NODE.matcher(node).matches()) {
            throw new IllegalArgumentException(
                    "node must be letters, digits, '.', '_' or '-', at most 64, was '"
                            + node
                            + "'");
        }
    }
}
