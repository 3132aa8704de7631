package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threat: the bastion dies while operators work, and something that a host ran is not in the
 * record.
 *
 * <p>Each command leaves a file named by a token on the host, which proves that it ran. The bastion
 * is killed at random moments while commands and a shell are under way, and started again; then
 * every file's token must be in the audit log, and the ledger must verify.
 */
final class KillIT {

    private static final int KILLS = 52;
    private static final int EXEC_CLIENTS = 2;
    private static final int LONGEST_DELAY_MILLIS = 400;

    @Test
    void everyCommandThatAHostRanIsInTheAuditLogWhereverTheBastionWasKilled(@TempDir Path folder)
            throws IOException, InterruptedException {
        long seed = Long.getLong("bastion.kill.seed", System.nanoTime());
        Random random = new Random(seed);
        Path ran = Files.createDirectory(folder.resolve("ran"));
        int shells = 0;
        try (BastionScene scene = BastionScene.start(folder)) {
            for (int round = 0; round < KILLS; round++) {
                String where = "seed %d, round %d".formatted(seed, round);
                workAndKill(scene, ran, "r" + round, random.nextInt(LONGEST_DELAY_MILLIS));
                assertThat(LedgerVerifier.verify(scene.data.resolve("ledger")))
                        .as(where)
                        .isInstanceOf(VerifyResult.Sound.class);
                scene.serve();
                assertThat(missing(scene, ran, "r" + round + "-")).as(where).isEmpty();
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
        }
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
