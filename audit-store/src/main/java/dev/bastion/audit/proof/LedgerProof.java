package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.LedgerPosition;
import dev.bastion.audit.ledger.LedgerStart;
import dev.bastion.audit.ledger.LedgerVerifier;
import dev.bastion.audit.ledger.VerifyResult;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a ledger with everything that is said about it: the chain, the signed checkpoints, what
 * keys follow each other, what retention removed, recordings, and witnesses from elsewhere. Reads
 * only. Confined to one thread; one use.
 */
public final class LedgerProof {

    private static final int PROGRESS_ENTRIES = 10_000;

    private final Evidence evidence;
    private final VerifierKey trusted;
    private final LongConsumer progress;
    private final List<Finding> findings = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private int checkpoints;
    private long newestNumber;
    private long covered;
    private @Nullable Instant newest;

    private int nextWitness;
    private long vouchedFor;
    private boolean contradicted;

    /**
     * Verifies these files.
     *
     * @param trusted the public key of one who is believed
     * @param progress is told the number of an entry now and then
     */
    public LedgerProof(Evidence evidence, VerifierKey trusted, LongConsumer progress) {
        this.evidence = evidence;
        this.trusted = trusted;
        this.progress = progress;
    }

    /**
     * Verifies all of it.
     *
     * @param kept checkpoints that were kept elsewhere
     * @param others who else knows an entry
     * @param limit the last entry to look at, asked for when all notes have been read
     */
    public ProofReport run(List<Checkpoint> kept, List<Witness> others, LongSupplier limit)
            throws IOException {
        KeyRing ring = KeyRing.of(trusted, Notes.parse(evidence.notes(Evidence.KEYS)));
        findings.addAll(ring.findings());
        ring.positions().forEach(at -> witnesses.add(new Witness("The file of keys", at)));
        Removals removals =
                Removals.of(ring, Notes.parse(evidence.notes(Evidence.REMOVED)), findings);
        checkpoints(ring, Notes.parse(evidence.notes(Evidence.CHECKPOINTS)), removals);
        kept(ring, kept);
        witnesses.addAll(others);
        witnesses.sort(Comparator.comparingLong(witness -> witness.position().sequence()));
        LedgerStart start = removals.start();
        skipRemoved(start.position());
        return walk(start, limit.getAsLong());
    }

    private ProofReport walk(LedgerStart start, long limit) throws IOException {
        Optional<Set<String>> there = evidence.recordings();
        RecordingCheck check = there.isPresent() ? new RecordingCheck(evidence, there.get()) : null;
        VerifyResult result =
                LedgerVerifier.verify(
                        evidence.segments(),
                        start,
                        limit,
                        (place, head, record, hash) -> {
                            compare(head.sequence(), hash);
                            if (check != null) {
                                check.entry(head.sequence(), record);
                            }
                            if (head.sequence() % PROGRESS_ENTRIES == 0) {
                                progress.accept(head.sequence());
                            }
                        });
        if (check != null) {
            findings.addAll(check.findings());
        }
        return switch (result) {
            case VerifyResult.Broken broken -> {
                findings.add(
                        new Finding(
                                broken.sequence(),
                                "segment %s, offset %d: %s"
                                        .formatted(
                                                broken.segment(),
                                                broken.offset(),
                                                broken.reason())));
                yield new ProofReport.Disproved(findings);
            }
            case VerifyResult.Sound sound -> {
                ended(sound.entries(), start);
                if (check != null) {
                    findings.addAll(check.unnamed(sound.entries()));
                }
                yield findings.isEmpty()
                        ? new ProofReport.Proved(
                                start.position().sequence() + 1,
                                sound.entries(),
                                checkpoints,
                                covered,
                                newest,
                                trusted.name() + "+" + trusted.id(),
                                check == null ? 0 : check.compared(),
                                check != null,
                                sound.tornBytes())
                        : new ProofReport.Disproved(findings);
            }
        };
    }

    private void checkpoints(KeyRing ring, Notes notes, Removals removals) {
        long number = removals.checkpoints();
        long before = removals.start().position().sequence();
        for (Notes.Entry entry : notes.entries()) {
            if (isRemoved(entry, removals)) {
                continue;
            }
            number++;
            switch (entry) {
                case Notes.Entry.Malformed malformed ->
                        findings.add(
                                new Finding(
                                        before + 1,
                                        "checkpoint %d (line %d of the file) cannot be read: %s."
                                                .formatted(
                                                        number,
                                                        malformed.line(),
                                                        malformed.reason())));
                case Notes.Entry.Legible readable -> {
                    Checkpoint checkpoint = checkpoint(ring, readable.note(), number, before);
                    if (checkpoint != null) {
                        number = checkpoint.number();
                        before = checkpoint.position().sequence();
                    }
                }
            }
        }
        covered = before;
    }

    /** Whether it went with entries; a kill may have left it. */
    private static boolean isRemoved(Notes.Entry entry, Removals removals) {
        if (removals.checkpoints() == 0 || !(entry instanceof Notes.Entry.Legible readable)) {
            return false;
        }
        try {
            return Checkpoint.of(readable.note()).number() <= removals.checkpoints();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Checks one; null when it cannot be believed. */
    private @Nullable Checkpoint checkpoint(
            KeyRing ring, SignedNote note, long expected, long before) {
        Checkpoint checkpoint;
        try {
            checkpoint = Checkpoint.of(note);
        } catch (IllegalArgumentException e) {
            findings.add(
                    new Finding(
                            before + 1,
                            "checkpoint %d cannot be read: %s."
                                    .formatted(expected, e.getMessage())));
            return null;
        }
        long end = checkpoint.position().sequence();
        String objection = ring.objection(note, end);
        if (!objection.isEmpty()) {
            findings.add(
                    new Finding(
                            before + 1,
                            "checkpoint %d, of entry %d, %s."
                                    .formatted(checkpoint.number(), end, objection)));
            return null;
        }
        if (checkpoint.number() != expected || end <= before) {
            findings.add(
                    new Finding(
                            Math.min(before, end) + 1,
                            checkpoint.number() > expected
                                    ? "checkpoint %d is missing.".formatted(expected)
                                    : "checkpoint %d, of entry %d, stands in the place of %d."
                                            .formatted(checkpoint.number(), end, expected)));
        }
        checkpoints++;
        newestNumber = Math.max(newestNumber, checkpoint.number());
        newest = checkpoint.time();
        witnesses.add(new Witness("Checkpoint " + checkpoint.number(), checkpoint.position()));
        return checkpoint;
    }

    private void kept(KeyRing ring, List<Checkpoint> kept) {
        for (Checkpoint checkpoint : kept) {
            LedgerPosition at = checkpoint.position();
            String objection = ring.objection(checkpoint.note(), at.sequence());
            if (!objection.isEmpty()) {
                findings.add(
                        new Finding(
                                at.sequence(),
                                "checkpoint %d, which was kept elsewhere, %s."
                                        .formatted(checkpoint.number(), objection)));
                continue;
            }
            if (checkpoint.number() > newestNumber) {
                findings.add(
                        new Finding(
                                covered + 1,
                                "checkpoint %d, of entry %d, was kept elsewhere and is missing here."
                                        .formatted(checkpoint.number(), at.sequence())));
            }
            witnesses.add(
                    new Witness(
                            "Checkpoint " + checkpoint.number() + ", which was kept elsewhere,",
                            at));
        }
    }

    /** What is about removed entries can be compared only where they end. */
    private void skipRemoved(LedgerPosition end) {
        while (nextWitness < witnesses.size()
                && witnesses.get(nextWitness).position().sequence() <= end.sequence()) {
            Witness witness = witnesses.get(nextWitness);
            if (witness.position().sequence() == end.sequence()
                    && !witness.position().hash().equals(end.hash())) {
                contradict(witness, end.sequence());
            }
            nextWitness++;
        }
        vouchedFor = end.sequence();
    }

    private void compare(long sequence, byte[] hash) {
        while (nextWitness < witnesses.size()
                && witnesses.get(nextWitness).position().sequence() == sequence) {
            Witness witness = witnesses.get(nextWitness);
            nextWitness++;
            if (Arrays.equals(HexFormat.of().parseHex(witness.position().hash().hex()), hash)) {
                vouchedFor = contradicted ? vouchedFor : sequence;
            } else if (!contradicted) {
                contradict(witness, sequence);
            }
        }
    }

    private void contradict(Witness witness, long sequence) {
        contradicted = true;
        long first = Math.min(vouchedFor + 1, Math.max(1, sequence));
        findings.add(
                new Finding(
                        first,
                        "%s knows another hash of entry %d, so that one of %d to %d was written anew."
                                .formatted(witness.name(), sequence, first, sequence)));
    }

    private void ended(long last, LedgerStart start) {
        if (nextWitness < witnesses.size()) {
            Witness furthest = witnesses.getLast();
            findings.add(
                    new Finding(
                            last + 1,
                            "it is missing: the ledger ends at %d. %s knows entry %d."
                                    .formatted(
                                            last,
                                            furthest.name(),
                                            furthest.position().sequence())));
        }
        if (checkpoints == 0 && last > start.position().sequence()) {
            findings.add(
                    new Finding(
                            start.position().sequence() + 1,
                            "there is no checkpoint that speaks for it."));
        }
    }
}
