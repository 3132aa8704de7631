package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.ledger.LedgerVerifier;
import dev.bastion.audit.ledger.VerifyResult;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threat: the bastion dies while operators work, and something that a host ran is not in the
 * record.
 *
 * <p>Each command leaves a file named by a token on the host, which proves that it ran. The bastion
 * is killed at random moments while commands and a shell are under way, and started again; then
 * every file's token must be in the audit log, and the ledger must verify. What was passed on as
 * lines of JSON to a file must be the whole ledger, in order once doubles are dropped.
 */
final class KillIT {

    /** As many as a test run has time for; {@code bastion soak kill} asks for more. */
    private static final int KILLS = Integer.getInteger("bastion.kill.rounds", 30);

    private static final int TOLD_EVERY = 50;
    private static final int EXEC_CLIENTS = 2;
    private static final int LONGEST_DELAY_MILLIS = 400;

    private static final Pattern SHIPPED =
            Pattern.compile("\\{\"entry\":([0-9]+),\"hash\":\"([0-9a-f]{64})\".*}}");

    @Test
    void everyCommandThatAHostRanIsInTheAuditLogWhereverTheBastionWasKilled(@TempDir Path folder)
            throws IOException, InterruptedException {
        long seed = Long.getLong("bastion.kill.seed", System.nanoTime());
        Random random = new Random(seed);
        Path ran = Files.createDirectory(folder.resolve("ran"));
        int shells = 0;
        Path shipped = folder.resolve("shipped.jsonl");
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"), "ship:\n  - file: " + shipped + "\n");
        String[] options = {"--config", config.toString()};
        try (BastionScene scene = BastionScene.start(folder, options)) {
            for (int round = 0; round < KILLS; round++) {
                String where = "seed %d, round %d".formatted(seed, round);
                workAndKill(scene, ran, "r" + round, random.nextInt(LONGEST_DELAY_MILLIS));
                assertThat(LedgerVerifier.verify(scene.data.resolve("ledger")))
                        .as(where)
                        .isInstanceOf(VerifyResult.Sound.class);
                scene.serve(options);
                assertThat(missing(scene, ran, "r" + round + "-")).as(where).isEmpty();
                if (round % TOLD_EVERY == TOLD_EVERY - 1) {
                    System.err.printf("kill: %d of %d, nothing lost%n", round + 1, KILLS);
                }
            }
            List<String> tokens = BastionScene.names(ran);
            shells = (int) tokens.stream().filter(token -> token.contains("-s")).count();
            List<String> lost = missing(scene, ran, "r");
            System.err.printf(
                    "kill: seed %d, %d kills, %d commands ran (%d typed in a shell), %d lost%n",
                    seed, KILLS, tokens.size(), shells, lost.size());
            assertThat(lost).as("seed %d", seed).isEmpty();
            assertThat(tokens.size()).isGreaterThan(KILLS);
            assertThat(shells).isPositive();
            assertThat(scene.bastion().terminate(BastionScene.LIMIT)).isEqualTo(143);
            assertEverythingWasPassedOn(scene, shipped, seed);
        }
    }

    private static void assertEverythingWasPassedOn(BastionScene scene, Path shipped, long seed)
            throws IOException {
        List<String> kept = new ArrayList<>();
        long doubles = 0;
        try (var lines = Files.newBufferedReader(shipped)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                long entry = entry(line);
                if (entry == kept.size() + 1L) {
                    kept.add(hash(line));
                } else if (entry > kept.size()) {
                    assertThat(entry).as("seed %d", seed).isEqualTo(kept.size() + 1L);
                } else {
                    doubles++;
                }
            }
        }
        System.err.printf("kill: %d entries passed on, and %d again%n", kept.size(), doubles);
        try (LedgerReader reader =
                LedgerReader.open(scene.data.resolve("ledger"), new SequenceNumber(1))) {
            List<String> hashes = new ArrayList<>();
            for (var e = reader.next(); e.isPresent(); e = reader.next()) {
                hashes.add(e.get().hash().hex());
            }
            assertThat(kept).as("seed %d", seed).isEqualTo(hashes);
        }
    }

    /** Zero for a line that a kill cut off. */
    private static long entry(String line) {
        Matcher form = SHIPPED.matcher(line);
        return form.matches() ? Long.parseLong(form.group(1)) : 0;
    }

    private static String hash(String line) {
        Matcher form = SHIPPED.matcher(line);
        return form.matches() ? form.group(2) : "";
    }

    /** Tokens of commands that ran and that the auditor is not told of. */
    private static List<String> missing(BastionScene scene, Path ran, String prefix) {
        TreeSet<String> tokens = new TreeSet<>(BastionScene.names(ran));
        tokens.removeIf(token -> !token.startsWith(prefix));
        String log = scene.audit("commands --limit 0 --format json --grep /" + prefix);
        List<String> lost = new ArrayList<>();
        for (String token : tokens) {
            if (!log.contains("/" + token + ".")) {
                lost.add(token);
            }
        }
        return lost;
    }

    private static void workAndKill(BastionScene scene, Path ran, String round, int delayMillis)
            throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        for (int client = 0; client < EXEC_CLIENTS; client++) {
            String name = round + "-e" + client + "-";
            workers.add(Thread.ofPlatform().daemon().start(() -> execute(scene, ran, name)));
        }
        workers.add(Thread.ofPlatform().daemon().start(() -> type(scene, ran, round + "-s-")));
        BastionScene.await(
                "a command of " + round + " ran",
                BastionScene.LIMIT,
                () -> BastionScene.names(ran).stream().anyMatch(n -> n.startsWith(round + "-")));
        Thread.sleep(delayMillis);
        scene.bastion().kill();
        for (Thread worker : workers) {
            worker.join(Duration.ofSeconds(20));
            assertThat(worker.isAlive()).as("a client outlived the bastion").isFalse();
        }
    }

    /** The trailing point keeps a token from being found inside a longer one. */
    private static String command(Path ran, String token) {
        return "touch " + ran.resolve(token) + " # " + "/" + token + ".";
    }

    private static void execute(BastionScene scene, Path ran, String name) {
        SshClient.Result result = scene.exec(command(ran, name + 0));
        for (int i = 1; result.exitStatus() == 0; i++) {
            result = scene.exec(command(ran, name + i));
        }
    }

    /** Each line whole in one write, when the shell waits for it. */
    private static void type(BastionScene scene, Path ran, String name) {
        try (PtySshClient client = scene.shell()) {
            for (int i = 0; client.isAlive(); i++) {
                client.send(command(ran, name + i) + "\r");
                client.expect(BastionScene.PROMPT, BastionScene.LIMIT);
            }
        } catch (AssertionError e) {
            // The bastion was killed, as it should be; what ran until then is in the folder.
        }
    }
}
