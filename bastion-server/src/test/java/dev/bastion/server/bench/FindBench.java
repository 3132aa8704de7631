package dev.bastion.server.bench;

import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditReader.Query;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.jdbc.AuditStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Questions to an audit log of many lines of a year: 200 users on 500 hosts, 40 lines a session,
 * each entered and decided, as the bastion writes them. First the lines are written, through the
 * ledger, which takes a while.
 */
final class FindBench {

    private static final int USERS = 200;
    private static final int HOSTS = 500;
    private static final int LINES_OF_SESSION = 40;
    private static final int SERVICES = 20_000;
    private static final int BATCH = 500;
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> LINES =
            List.of(
                    "ls -l /srv/%s",
                    "tail -n 200 /var/log/%s/error.log",
                    "systemctl status %s --no-pager",
                    "vim /etc/%s/main.conf",
                    "cd /opt/%s/releases",
                    "docker logs --tail 50 %s",
                    "ps aux | grep %s",
                    "df -h /data/%s");

    private final Path folder;
    private final BenchOptions options;
    private final SplittableRandom random = new SplittableRandom(1);

    FindBench(Path folder, BenchOptions options) {
        this.folder = folder;
        this.options = options;
    }

    void run() throws IOException, InterruptedException {
        Path place = Files.createTempDirectory(folder, "find");
        try (AuditStore store =
                AuditStore.open(
                        place.resolve("ledger"), place.resolve("db"), InstantSource.system())) {
            write(store);
            System.out.printf(
                    "Bytes a line: ledger %.0f, database %.0f, index of words %.0f.%n",
                    bytes(place.resolve("ledger")) / options.auditLines(),
                    bytes(place.resolve("db/audit.mv.db")) / options.auditLines(),
                    bytes(place.resolve("db/words")) / options.auditLines());
            ask(store.reader());
        }
    }

    private void write(AuditStore store) throws InterruptedException {
        long begin = System.nanoTime();
        int lines = options.auditLines();
        List<AuditRecord> batch = new ArrayList<>();
        CompletableFuture<?> last = CompletableFuture.completedFuture(null);
        SessionContext session = session(0);
        for (int i = 0; i < lines; i++) {
            if (i % LINES_OF_SESSION == 0) {
                session = session(i / LINES_OF_SESSION);
            }
            line(batch, session, i, START.plus(YEAR.dividedBy(lines).multipliedBy(i)));
            if (batch.size() >= BATCH || i == lines - 1) {
                last.join();
                last = store.log().appendAll(List.copyOf(batch));
                batch.clear();
            }
        }
        last.join();
        double synced = (System.nanoTime() - begin) / 1e9;
        while (!store.awaitReadable(Duration.ofMinutes(1))
                || !store.words().awaitSearchable(Duration.ofMinutes(1))) {
            System.out.printf(
                    "… %,d entries carried after %.0f s%n",
                    store.projector().position(), (System.nanoTime() - begin) / 1e9);
        }
        double carried = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%,d lines: in the ledger after %.0f s, all to be asked for after %.0f s (%,.0f"
                        + " lines a second).%n",
                lines, synced, carried, lines / carried);
    }

    private SessionContext session(int number) {
        return new SessionContext(
                new ConnectionId("c" + number),
                new SessionId("s" + number),
                "user" + random.nextInt(USERS),
                "10.0.0.1",
                "host" + random.nextInt(HOSTS),
                "root");
    }

    private void line(List<AuditRecord> to, SessionContext of, int number, Instant time) {
        String text =
                LINES.get(random.nextInt(LINES.size()))
                        .formatted("service" + random.nextInt(SERVICES));
        long seq = number % LINES_OF_SESSION + 1L;
        to.add(
                new AuditRecord.LineEntered(
                        time, of, seq, "^M", text, 0.9, "16-31 keys", "", "", null));
        to.add(
                new AuditRecord.LineDecided(
                        time.plusMillis(1),
                        of,
                        seq,
                        LineKind.COMMAND,
                        text + "^M",
                        text,
                        "both",
                        0.99,
                        true,
                        "root@" + of.host() + ":~# ",
                        ""));
    }

    private static double bytes(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
        }
    }

    private void ask(AuditReader reader) {
        Table table =
                new Table("Questions to %,d lines, milliseconds".formatted(options.auditLines()));
        for (int round = -1; round < options.rounds(); round++) {
            Table kept = round < 0 ? new Table("") : table;
            question(kept, reader, "a user's last 100", () -> query(user(), null, null, null, 100));
            question(kept, reader, "a host's last 100", () -> query(null, host(), null, null, 100));
            question(
                    kept,
                    reader,
                    "a user's last 100 of a week",
                    () -> query(user(), null, aWeek(), null, 100));
            question(
                    kept,
                    reader,
                    "a session's lines",
                    () ->
                            new Query(
                                    null,
                                    null,
                                    null,
                                    new SessionId(
                                            "s"
                                                    + random.nextInt(
                                                            options.auditLines()
                                                                    / LINES_OF_SESSION)),
                                    null,
                                    null,
                                    null,
                                    0));
            question(
                    kept,
                    reader,
                    "a rare word, all hosts, a week",
                    () -> query(null, null, aWeek(), service(), 0));
            question(
                    kept,
                    reader,
                    "a frequent word, all hosts, a week, last 100",
                    () -> query(null, null, aWeek(), "docker", 100));
            question(
                    kept,
                    reader,
                    "a rare word, all hosts, the year",
                    () -> query(null, null, null, service(), 0));
            question(
                    kept,
                    reader,
                    "two words of a path, a host, the year, last 100",
                    () -> query(null, host(), null, "/opt/serv*", 100));
            question(
                    kept,
                    reader,
                    "a pattern over a user's week",
                    () ->
                            query(user(), null, aWeek(), null, 0)
                                    .with(Pattern.compile("service1[0-9]*/error")));
        }
        table.print();
    }

    private String user() {
        return "user" + random.nextInt(USERS);
    }

    private String host() {
        return "host" + random.nextInt(HOSTS);
    }

    private String service() {
        return "service" + random.nextInt(SERVICES);
    }

    private Instant aWeek() {
        return START.plus(WEEK.multipliedBy(random.nextInt(51)));
    }

    private static Query query(
            @Nullable String user,
            @Nullable String host,
            @Nullable Instant week,
            @Nullable String words,
            int limit) {
        return new Query(
                user,
                host,
                null,
                null,
                week,
                week == null ? null : week.plus(WEEK),
                null,
                words,
                words == null ? null : SessionKind.SHELL,
                null,
                limit);
    }

    /** Asks it some times, each time for others. */
    private static void question(
            Table table, AuditReader reader, String name, Supplier<Query> query) {
        Samples times = new Samples();
        Samples rows = new Samples();
        for (int i = 0; i < 30; i++) {
            Query asked = query.get();
            int[] count = {0};
            long begin = System.nanoTime();
            reader.commands(asked, row -> count[0]++);
            times.addMillisSince(begin);
            rows.add(count[0]);
        }
        table.add(name, "p50", times.median());
        table.add(name, "worst of 30", times.max());
        table.add(name, "rows", rows.median());
    }
}
