package dev.bastion.server.bench;

import dev.bastion.audit.AuditLog;
import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.jdbc.AuditStore;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The ledger alone, with sessions that each wait for their entry before the next; then the database
 * that follows it. In this process, on the disk that the bastion's data is on.
 */
final class LedgerBench {

    private static final int[] SESSIONS = {1, 100, 1000};
    private static final int BURST_SESSIONS = 100;
    private static final int BURST_ENTRIES = 20_000;
    private static final int[] STEADY_RATES = {100, 1000};
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final SessionContext CONTEXT =
            new SessionContext(
                    new ConnectionId("bench"),
                    new SessionId("bench"),
                    "alice",
                    "127.0.0.1",
                    "web1",
                    "root");

    private final Path folder;
    private final BenchOptions options;

    LedgerBench(Path folder, BenchOptions options) {
        this.folder = folder;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        ledgerAlone();
        databaseBehind();
    }

    private void ledgerAlone() throws IOException, InterruptedException {
        Table table = new Table("Ledger alone", "1 session");
        Path place = Files.createTempDirectory(folder, "ledger");
        try (FileLedger ledger =
                FileLedger.open(place, InstantSource.system(), LedgerOptions.defaults())) {
            append(ledger, 100, Integer.MAX_VALUE, options.burst());
            for (int round = 0; round < options.rounds(); round++) {
                for (int sessions : SESSIONS) {
                    String label = sessions == 1 ? "1 session" : "%,d sessions".formatted(sessions);
                    Burst burst = append(ledger, sessions, Integer.MAX_VALUE, options.burst());
                    table.add("entries a second", label, burst.perSecond());
                    table.add("wait p50, ms", label, burst.waits.median());
                    table.add("wait p99, ms", label, burst.waits.percentile(99));
                    table.add("wait max, ms", label, burst.waits.max());
                }
            }
        }
        table.print();
    }

    /** What one burst came to. */
    static final class Burst {
        private final Samples waits = new Samples();
        private long entries;
        private double seconds;

        /** What each entry's session waited, in milliseconds. */
        Samples waits() {
            return waits;
        }

        double perSecond() {
            return entries / seconds;
        }
    }

    /** Each session appends and waits, until the time or its share of the entries is over. */
    static Burst append(AuditLog log, int sessions, int entriesEach, Duration time)
            throws InterruptedException {
        List<Samples> waits = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        long end = start + time.toNanos();
        for (int i = 0; i < sessions; i++) {
            Samples own = new Samples();
            waits.add(own);
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int n = 1; n <= entriesEach && System.nanoTime() < end; n++) {
                                    long before = System.nanoTime();
                                    log.append(entry(n)).join();
                                    own.addMillisSince(before);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Burst burst = new Burst();
        burst.seconds = (System.nanoTime() - start) / 1e9;
        waits.forEach(burst.waits::addAll);
        burst.entries = waits.stream().mapToLong(Samples::count).sum();
        return burst;
    }

    private void databaseBehind() throws IOException, InterruptedException {
        Table table = new Table("H2 behind the ledger");
        Path place = Files.createTempDirectory(folder, "store");
        try (AuditStore store =
                AuditStore.open(
                        place.resolve("ledger"), place.resolve("db"), InstantSource.system())) {
            append(store.log(), BURST_SESSIONS, 100, LIMIT);
            store.awaitReadable(LIMIT);
            for (int round = 0; round < options.rounds(); round++) {
                for (int rate : STEADY_RATES) {
                    Samples lags = steady(store, rate, options.steady());
                    String label = "%,d entries/s".formatted(rate);
                    table.add("synced to readable p50, ms", label, lags.median());
                    table.add("synced to readable p99, ms", label, lags.percentile(99));
                    table.add("synced to readable max, ms", label, lags.max());
                }
                burst(store, table);
            }
        }
        table.print();
    }

    private static void burst(AuditStore store, Table table) throws InterruptedException {
        String label = "burst of %,d".formatted(BURST_ENTRIES);
        Burst burst = append(store.log(), BURST_SESSIONS, BURST_ENTRIES / BURST_SESSIONS, LIMIT);
        long synced = System.nanoTime();
        if (!store.awaitReadable(LIMIT)) {
            throw new IllegalStateException("the database did not catch up within " + LIMIT);
        }
        double behind = (System.nanoTime() - synced) / 1e9;
        table.add("entries synced a second", label, burst.perSecond());
        table.add("last synced to all readable, ms", label, behind * 1000);
        table.add("rows a second", label, burst.entries / (burst.seconds + behind));
    }

    /** Entries one by one at a steady rate; for each, from its sync until it can be asked for. */
    private static Samples steady(AuditStore store, int perSecond, Duration time)
            throws InterruptedException {
        List<Samples> lags = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        long gap = 1_000_000_000L / perSecond;
        long start = System.nanoTime();
        long count = time.toNanos() / gap;
        for (long n = 1; n <= count; n++) {
            long wait = start + n * gap - System.nanoTime();
            if (wait > 0) {
                LockSupport.parkNanos(wait);
            }
            Samples own = new Samples();
            lags.add(own);
            long number = n;
            threads.add(Thread.ofVirtual().start(() -> follow(store, number, own)));
        }
        Samples all = new Samples();
        for (int i = 0; i < threads.size(); i++) {
            threads.get(i).join();
            all.addAll(lags.get(i));
        }
        return all;
    }

    private static void follow(AuditStore store, long number, Samples lag) {
        SequenceNumber entry = store.log().append(entry(number)).join();
        long synced = System.nanoTime();
        try {
            if (store.projector().awaitPosition(entry, LIMIT)) {
                lag.addMillisSince(synced);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CommandEntered entry(long number) {
        String line = "systemctl status web-frontend --no-pager | tail -n 40";
        return new CommandEntered(
                Instant.now(), CONTEXT, number, SessionKind.SHELL, line + "^M", line);
    }
}
