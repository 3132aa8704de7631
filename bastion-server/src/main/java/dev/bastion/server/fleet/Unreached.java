package dev.bastion.server.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The targets whose sessions could not begin, each for a while in which it is not tried again: a
 * client asks once for each file, and the host may lock the account. Confined. As many as the
 * inventory has.
 */
final class Unreached {

    /** How long one is not tried again. */
    static final Duration KEPT = Duration.ofSeconds(10);

    private record Failure(String sentence, long atNanos) {}

    private final LongSupplier nanoTime;
    private final Map<String, Failure> failures = new HashMap<>();

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    Unreached(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes that the target's session could not begin just now, and why. */
    void add(String target, String sentence) {
        failures.put(target, new Failure(sentence, nanoTime.getAsLong()));
    }

    /** Why the target is not to be tried now. */
    Optional<String> find(String target) {
        long now = nanoTime.getAsLong();
        failures.values().removeIf(failure -> now - failure.atNanos >= KEPT.toNanos());
        return Optional.ofNullable(failures.get(target)).map(Failure::sentence);
    }
}
