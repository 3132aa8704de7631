package dev.bastion.audit.proof;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a verifier found. Immutable. */
public sealed interface ProofReport {

    /**
     * All is as it was written and signed.
     *
     * @param first number of the first entry that is there
     * @param last number of the last; less than {@code first} when there is none
     * @param checkpoints how many there are
     * @param covered the last entry that a checkpoint speaks for
     * @param newest when that checkpoint was made; absent when there is none
     * @param key name and id of the key that was trusted
     * @param recordings how many were compared
     * @param recordingsLookedAt whether there were any to look at
     * @param tornBytes of a write that was never acknowledged, at the very end
     */
    record Proved(
            long first,
            long last,
            int checkpoints,
            long covered,
            @Nullable Instant newest,
            String key,
            int recordings,
            boolean recordingsLookedAt,
            long tornBytes)
            implements ProofReport {

        @Override
        public String sentence() {
            var said = new StringBuilder();
            said.append("Entries ").append(first).append(" to ").append(last);
            said.append(" are whole and in order; ").append(checkpoints);
            said.append(checkpoints == 1 ? " checkpoint" : " checkpoints");
            said.append(" of ").append(key).append(" up to entry ").append(covered);
            if (newest != null) {
                said.append(" (").append(newest).append(')');
            }
            if (last > covered) {
                said.append(", not yet the last ").append(last - covered);
            }
            said.append(
                    recordingsLookedAt
                            ? "; recordings as recorded: " + recordings
                            : "; recordings were not looked at");
            if (tornBytes > 0) {
                said.append("; ").append(tornBytes);
                said.append(" bytes of a write that was never acknowledged stand at the end");
            }
            return said.append('.').toString();
        }
    }

    /**
     * Something is not.
     *
     * @param findings at least one, the first bad entry first
     */
    record Disproved(List<Finding> findings) implements ProofReport {

        /** More are not kept. */
        static final int MOST = 100;

        public Disproved {
            findings =
                    findings.stream()
                            .sorted(Comparator.comparingLong(Finding::entry))
                            .limit(MOST)
                            .toList();
        }

        @Override
        public String sentence() {
            return findings.getFirst().sentence();
        }
    }

    /** The whole of it in a sentence; the first bad entry where something is wrong. */
    String sentence();
}
