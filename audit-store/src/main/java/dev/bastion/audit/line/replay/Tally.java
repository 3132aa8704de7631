package dev.bastion.audit.line.replay;

/**
 * Counts of a score. Confined to one thread.
 *
 * <p>{@code exact} of {@code commands} were told to the letter; {@code spurious} records match no
 * command; {@code leaked} of {@code secrets} stand in a record; {@code kept} of {@code visible}
 * strings typed to programs do.
 */
public final class Tally {

    int commands;
    int exact;
    int spurious;
    int secrets;
    int leaked;
    int visible;
    int kept;

    public int commands() {
        return commands;
    }

    public int exact() {
        return exact;
    }

    public int spurious() {
        return spurious;
    }

    public int secrets() {
        return secrets;
    }

    public int leaked() {
        return leaked;
    }

    public int visible() {
        return visible;
    }

    public int kept() {
        return kept;
    }

    /** Of the commands, in percent; 100 when there were none. */
    public double exactPercent() {
        return commands == 0 ? 100 : 100.0 * exact / commands;
    }

    /** Adds the counts of another. */
    public void add(Tally other) {
        commands += other.commands;
        exact += other.exact;
        spurious += other.spurious;
        secrets += other.secrets;
        leaked += other.leaked;
        visible += other.visible;
        kept += other.kept;
    }
}
