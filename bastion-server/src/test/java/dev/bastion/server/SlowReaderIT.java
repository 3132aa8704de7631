package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.bastion.server.rig.BadHost;
import dev.bastion.server.rig.FreePort;
import dev.bastion.server.rig.RunningSsh;
import dev.bastion.server.rig.SshClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that read slowly or not at all, and a host that reads late, cost the bastion's process no
 * memory and others no time, be they on the same connection.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class SlowReaderIT {

    private static final String DOWNLOAD = "head -c 1073741824 /dev/zero";
    private static final int UPLOAD_BYTES = 64 << 20;
    private static final int SENT_BYTES = 64 << 20;

    /** More than the windows and buffers between a sender and who reads nothing hold. */
    private static final int ON_THE_WAY_BYTES = 32 << 20;

    private static final Duration STUCK = Duration.ofSeconds(1);

    /**
     * What the process may grow by, over what it took when it had carried as much at full speed.
     */
    private static final long GROWTH_BYTES = 32 << 20;

    /** That a command of others takes, on a machine with other work. */
    private static final Duration PROMPT = Duration.ofSeconds(5);

    private static final int SLOW_PIECE_BYTES = 1 << 10;
    private static final Duration SLOW_PAUSE = Duration.ofMillis(100);
    private static final int SLOW_PIECES = 30;

    /** A file that is asked for in one breath, piece by piece. */
    private static final int FILE_PIECES = 6_144;

    private static final int FILE_PIECE_BYTES = 32 << 10;

    private final BastionScene scene;
    private final Path folder;
    private final SharedSsh shared;
    private long residentBefore;

    SlowReaderIT(@TempDir Path folder) {
        this.folder = folder;
        scene = BastionScene.start(folder);
        String rights = " --rights forward,sftp-read --account ";
        scene.admin("grant add --user alice --host web1" + rights + scene.host.login());
        shared = SharedSsh.connect(folder.resolve("shared"), scene.alice("alice+web1"));
    }

    @BeforeAll
    void carryAsMuchAtFullSpeed() throws Exception {
        for (int i = 0; i < 3; i++) {
            upload("");
            Process client = SshClient.start("ssh", shared.ssh("head -c 100M /dev/zero"));
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
        residentBefore = scene.bastion().residentBytes();
    }

    @AfterAll
    void close() {
        shared.close();
        scene.close();
    }

    @Test
    void clientsThatReadSlowlyOrNotAtAll() throws Exception {
        Process slow = SshClient.start("ssh", shared.ssh(DOWNLOAD));
        Process idle = SshClient.start("ssh", shared.ssh(DOWNLOAD));
        Process alone =
                SshClient.start("ssh", BastionScene.with(scene.alice("alice+web1"), DOWNLOAD));
        try (RunningSsh stopped =
                RunningSsh.start(BastionScene.with(scene.alice("alice+web1"), "yes"))) {
            BastionScene.await("it runs", BastionScene.LIMIT, () -> stopped.bytes() > 20 << 20);
            stopped.signal("-STOP");
            InputStream out = slow.getInputStream();
            for (int i = 0; i < SLOW_PIECES; i++) {
                assertThat(out.readNBytes(SLOW_PIECE_BYTES)).containsOnly(0);
                LockSupport.parkNanos(SLOW_PAUSE.toNanos());
                if (i % 10 == 0) {
                    othersGoOn();
                }
                noMoreMemory();
            }
        } finally {
            slow.destroyForcibly();
            idle.destroyForcibly();
            alone.destroyForcibly();
        }
    }

    @Test
    void aHostThatReadsLate() {
        upload("sleep 2; ");
        noMoreMemory();
    }

    @Test
    void aHostThatReadsNothing() {
        try (RunningSsh client = RunningSsh.start(shared.ssh("sleep 30"))) {
            assertThat(client.sendUntilStuck(BastionScene.LIMIT)).isLessThan(ON_THE_WAY_BYTES);
            othersGoOn();
        }
    }

    @Test
    void aClientOfAForwardedServerThatStopsReading() throws Exception {
        byte[] bytes = new byte[SENT_BYTES];
        new Random(8).nextBytes(bytes);
        AtomicInteger taken = new AtomicInteger();
        int port = FreePort.find();
        try (BadHost server =
                        BadHost.answering(connection -> {
                            while (taken.get() < bytes.length) {
                                connection
                                        .getOutputStream()
                                        .write(bytes, taken.get(), SLOW_PIECE_BYTES);
                                taken.addAndGet(SLOW_PIECE_BYTES);
                            }
                        });
                RunningSsh _ =
                        RunningSsh.start(
                                BastionScene.with(
                                        scene.alice("alice+web1"),
                                        "-NL" + port + ":" + server.address()));
                Socket client = connect(port)) {
            byte[] first = client.getInputStream().readNBytes(SLOW_PIECE_BYTES);

            assertThat(whenItIsStuck(taken::get)).isLessThan(ON_THE_WAY_BYTES);
            othersGoOn();
            ByteArrayOutputStream got = new ByteArrayOutputStream(SENT_BYTES);
            got.write(first);
            client.getInputStream().transferTo(got);
            assertThat(got.toByteArray()).isEqualTo(bytes);
        }
    }

    @Test
    void aClientThatAsksForAWholeFileAndDoesNotTakeTheAnswers() throws Exception {
        Path file = folder.resolve("file");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < FILE_PIECES; i++) {
                out.write(piece(i));
                digest.update(piece(i));
            }
        }
        List<String> words = new ArrayList<>(List.of("-s"));
        words.addAll(BastionScene.with(scene.alice("alice+web1"), "sftp"));
        Process client = SshClient.start("ssh", words);
        try (RawSftp files = new RawSftp(client)) {
            files.begin(3);
            byte[] handle =
                    files.ask(
                                    RawSftp.OPEN,
                                    RawSftp.words().text(file.toString()).number(1).number(0))
                            .bytes();
            List<Integer> asked = new ArrayList<>();
            for (int i = 0; i < FILE_PIECES; i++) {
                asked.add(
                        files.send(
                                RawSftp.READ,
                                RawSftp.words()
                                        .bytes(handle)
                                        .longNumber((long) i * FILE_PIECE_BYTES)
                                        .number(FILE_PIECE_BYTES)));
            }
            for (int i = 0; i < SLOW_PIECES; i++) {
                LockSupport.parkNanos(SLOW_PAUSE.toNanos());
                if (i % 10 == 0) {
                    othersGoOn();
                }
                noMoreMemory();
            }
            for (int i = 0; i < FILE_PIECES; i++) {
                assertThat(files.answer(asked.get(i)).bytes()).isEqualTo(piece(i));
            }
            assertThat(files.ask(RawSftp.CLOSE, RawSftp.words().bytes(handle)).code()).isZero();
        } finally {
            client.destroyForcibly();
        }
        noMoreMemory();
        isRecorded(file, HexFormat.of().formatHex(digest.digest()));
    }

    private static byte[] piece(int number) {
        byte[] bytes = new byte[FILE_PIECE_BYTES];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private void isRecorded(Path file, String hash) {
        long bytes = (long) FILE_PIECES * FILE_PIECE_BYTES;
        await().atMost(BastionScene.LIMIT)
                .untilAsserted(() ->
                        assertThat(scene.audit("files --format json --path " + file).lines())
                                .hasSize(2)
                                .last(InstanceOfAssertFactories.STRING)
                                .contains(
                                        "\"operation\":\"read\"",
                                        "\"target\":\"0-" + (bytes - 1) + "\"",
                                        "\"bytes\":" + bytes,
                                        "\"sha256\":\"" + hash + "\"",
                                        "\"result\":\"ok\""));
    }

    /** What it is when it has not changed for a second. */
    private static long whenItIsStuck(LongSupplier count) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(BastionScene.LIMIT)
                .pollDelay(STUCK)
                .pollInterval(STUCK)
                .until(() -> {
                    long now = count.getAsLong();
                    return last.getAndSet(now) == now;
                });
        return last.get();
    }

    private static Socket connect(int port) {
        return await().atMost(BastionScene.LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(
                        () -> new Socket(InetAddress.getLoopbackAddress(), port),
                        socket -> socket.isConnected());
    }

    private void upload(String before) {
        SshClient.Result counted =
                SshClient.run(
                        shared.ssh(before + "wc -c"), new byte[UPLOAD_BYTES], BastionScene.LIMIT);
        assertThat(counted.text()).isEqualTo(UPLOAD_BYTES + "\n");
    }

    private void othersGoOn() {
        long begin = System.nanoTime();
        assertThat(shared.run("echo beside").text()).isEqualTo("beside\n");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PROMPT);
        begin = System.nanoTime();
        assertThat(scene.exec("echo alone").text()).isEqualTo("alone\n");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(PROMPT);
    }

    private void noMoreMemory() {
        long grown = scene.bastion().residentBytes() - residentBefore;
        assertThat(grown).as("bytes over %d", residentBefore).isLessThan(GROWTH_BYTES);
    }
}
