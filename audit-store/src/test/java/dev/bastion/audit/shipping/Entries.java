package dev.bastion.audit.shipping;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerOptions;
import dev.bastion.audit.ledger.LedgerReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** Entries of a real ledger, and what is found of them at a receiver. */
final class Entries {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern NUMBER = Pattern.compile("entry\"?[:=]\"?([0-9]+)");

    private Entries() {}

    static FileLedger ledger(Path folder) {
        return FileLedger.open(
                folder.resolve("ledger"), InstantSource.system(), LedgerOptions.defaults());
    }

    /** Appends lines with these numbers and waits until they are durable. */
    static void append(FileLedger ledger, long from, long to) {
        ledger.appendAll(LongStream.rangeClosed(from, to).mapToObj(Records::command).toList())
                .join();
    }

    /** These records, as a ledger has them. */
    static List<LedgerEntry> of(Path folder, List<AuditRecord> records) {
        List<LedgerEntry> entries = new ArrayList<>();
        try (FileLedger ledger = ledger(folder)) {
            ledger.appendAll(records).join();
            try (LedgerReader reader = ledger.read(new SequenceNumber(1))) {
                for (var e = reader.next(); e.isPresent(); e = reader.next()) {
                    entries.add(e.get());
                }
            }
        }
        return entries;
    }

    /** The number that a line or a message begins with. */
    static long number(String line) {
        Matcher matcher = NUMBER.matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no entry: " + line);
        }
        return Long.parseLong(matcher.group(1));
    }

    /** What a receiver keeps that drops what it has had: each number higher than all before. */
    static List<Long> withoutDoubles(Iterable<String> lines) {
        List<Long> kept = new ArrayList<>();
        long highest = 0;
        for (String line : lines) {
            long number = number(line);
            if (number > highest) {
                kept.add(number);
                highest = number;
            }
        }
        return kept;
    }

    static List<Long> numbers(long to) {
        return LongStream.rangeClosed(1, to).boxed().toList();
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Waited " + PATIENCE + " until " + what);
            }
            Thread.sleep(10);
        }
    }
}
