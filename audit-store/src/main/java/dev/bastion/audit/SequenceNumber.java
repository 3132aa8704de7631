package dev.bastion.audit;

/**
 * The place of an entry in the ledger: 1 for the first, and one more for each.
 *
 * @param value at least 1
 */
public record SequenceNumber(long value) implements Comparable<SequenceNumber> {

    public SequenceNumber {
        if (value < 1) {
            throw new IllegalArgumentException("value must be at least 1, was " + value);
        }
    }

    @Override
    public int compareTo(SequenceNumber other) {
        return Long.compare(value, other.value);
    }
}
