package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An auditor verifies the ledger where it is, and elsewhere from an export with the public key
 * alone, over a change of keys and a kill; and finds what somebody with the files has changed.
 */
final class ProofIT {

    @TempDir private Path folder;

    @Test
    void whatWasRecordedIsProvedOnlineAndOffline() throws IOException {
        Path kept = folder.resolve("kept");
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        """
                        checkpoints:
                          seconds: 1
                          file: %s
                          standardOutput: true
                        """
                                .formatted(kept));
        try (BastionScene scene = BastionScene.start(folder, "--config", config.toString())) {
            assertThat(scene.exec("echo marked-line").text()).isEqualTo("marked-line\n");
            assertThat(scene.audit("verify"))
                    .startsWith("Entries 1 to ")
                    .contains(" are whole and in order; ");
            Path key = Files.writeString(folder.resolve("key.pub"), scene.audit("key show"));
            Path first = export(scene, "first.tar");
            assertThat(verify(key, first).text()).startsWith("Entries 1 to ");

            SshClient.Result rotated = scene.tryAdmin("audit key rotate", "");
            assertThat(rotated.exitStatus()).as("%s", rotated).isZero();
            assertThat(scene.tryAudit("key rotate").exitStatus()).isEqualTo(1);
            assertThat(scene.audit("key show")).isEqualTo(rotated.text());
            BastionScene.await(
                    "a checkpoint was passed on", BastionScene.LIMIT, () -> Files.exists(kept));

            scene.bastion().kill();
            scene.serve("--config", config.toString());
            assertThat(scene.audit("verify")).startsWith("Entries 1 to ");
            BastionScene.await(
                    "a checkpoint newer than the first export was passed on",
                    BastionScene.LIMIT,
                    () ->
                            verify(key, first, "--checkpoint", kept.toString())
                                    .text()
                                    .contains("was kept elsewhere and is missing here"));
            Path until = Files.copy(kept, folder.resolve("until"));
            Path second = export(scene, "second.tar");
            assertThat(verify(key, second, "--checkpoint", until.toString()).text())
                    .startsWith("Entries 1 to ");

            byte[] bytes = Files.readAllBytes(second);
            int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("marked-line");
            bytes[at] ^= 1;
            Files.write(second, bytes);
            SshClient.Result changed = verify(key, second);
            assertThat(changed.exitStatus()).isEqualTo(1);
            assertThat(changed.text()).startsWith("Entry ").contains(" is bad: segment 00000");
            assertThat(
                            Files.getPosixFilePermissions(
                                            scene.data.resolve("keys").resolve("ledger_ed25519"))
                                    .size())
                    .isEqualTo(2);
        }
    }

    @Test
    void whatIsChangedBelowARunningBastionIsNamed() throws IOException {
        try (BastionScene scene = BastionScene.start(folder)) {
            assertThat(scene.exec("echo marked-line").text()).isEqualTo("marked-line\n");
            assertThat(scene.audit("verify")).startsWith("Entries 1 to ");
            Path segment = scene.data.resolve("ledger").resolve("0000000001.segment");
            byte[] whole = Files.readAllBytes(segment);
            int at = new String(whole, StandardCharsets.ISO_8859_1).indexOf("marked-line");
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            write(segment, changed, at);
            SshClient.Result result = scene.tryAudit("verify");
            assertThat(result.exitStatus()).isEqualTo(1);
            assertThat(result.text())
                    .containsPattern("^Entry [0-9]+ is bad: segment 0000000001.segment, offset ")
                    .contains("The entry does not fit its checksum.");
            write(segment, whole, at);
            assertThat(scene.audit("verify")).startsWith("Entries 1 to ");
        }
    }

    /** One byte in its place: the bastion goes on writing to the file. */
    private static void write(Path file, byte[] bytes, int at) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes, at, 1), at);
        }
    }

    @Test
    void checkpointsGoToAReceiverOfSyslog() throws IOException {
        Path received = folder.resolve("received");
        try (ServerSocket receiver = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> receive(receiver, received));
            Path config =
                    Files.writeString(
                            folder.resolve("config.yaml"),
                            """
                            ship:
                              - syslog: tcp://127.0.0.1:%d
                            checkpoints:
                              seconds: 1
                              syslog: true
                            """
                                    .formatted(receiver.getLocalPort()));
            try (BastionScene scene = BastionScene.start(folder, "--config", config.toString())) {
                Path key = Files.writeString(folder.resolve("key.pub"), scene.audit("key show"));
                Path early = export(scene, "early.tar");
                assertThat(scene.exec("echo later").text()).isEqualTo("later\n");
                BastionScene.await(
                        "a checkpoint newer than the export has arrived",
                        BastionScene.LIMIT,
                        () ->
                                verify(key, early, "--checkpoint", received.toString())
                                        .text()
                                        .contains("was kept elsewhere and is missing here"));
                Path until = Files.copy(received, folder.resolve("until"));
                assertThat(
                                verify(
                                                key,
                                                export(scene, "late.tar"),
                                                "--checkpoint",
                                                until.toString())
                                        .text())
                        .startsWith("Entries 1 to ");
            }
        }
    }

    /** Each connection's bytes are added to the file when it ends, so no message is half there. */
    private static void receive(ServerSocket receiver, Path file) {
        try {
            while (true) {
                Socket connection = receiver.accept();
                Thread.ofVirtual()
                        .start(() -> {
                            try (connection) {
                                byte[] all = connection.getInputStream().readAllBytes();
                                synchronized (receiver) {
                                    Files.write(
                                            file,
                                            (new String(all, StandardCharsets.UTF_8) + "\n")
                                                    .getBytes(StandardCharsets.UTF_8),
                                            StandardOpenOption.CREATE,
                                            StandardOpenOption.APPEND);
                                }
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    void anOperatorProvesAndExportsNothing() {
        try (BastionScene scene = BastionScene.start(folder)) {
            for (String command : List.of("verify", "export --ledger", "key show", "hold list")) {
                SshClient.Result refused =
                        SshClient.run(
                                BastionScene.with(scene.alice("alice"), "audit " + command),
                                BastionScene.LIMIT);
                assertThat(refused.exitStatus()).as(command).isEqualTo(1);
                assertThat(refused.text()).as(command).isEmpty();
            }
        }
    }

    @Test
    void holdsArePlacedListedAndReleased() {
        try (BastionScene scene = BastionScene.start(folder)) {
            assertThat(scene.tryAudit("hold add case-7 --user alice").exitStatus()).isEqualTo(2);
            assertThat(scene.tryAudit("hold add case-7 --reason x").exitStatus()).isEqualTo(2);
            scene.audit("hold add case-7 --user alice --since 2d --reason trial");
            assertThat(scene.tryAudit("hold add case-7 --user bob --reason x").exitStatus())
                    .isEqualTo(1);
            assertThat(scene.audit("hold list --format json"))
                    .contains("\"name\":\"case-7\"")
                    .contains("\"user\":\"alice\"")
                    .contains("\"reason\":\"trial\"");
            assertThat(scene.tryAdmin("audit hold release case-7 --reason x", "").exitStatus())
                    .isEqualTo(1);
            scene.audit("hold release case-7 --reason over");
            assertThat(scene.audit("hold list --format json")).isEmpty();
            assertThat(scene.tryAudit("hold release case-7 --reason x").exitStatus()).isEqualTo(1);
        }
    }

    private Path export(BastionScene scene, String name) throws IOException {
        SshClient.Result result = scene.tryAudit("export --ledger --recordings");
        assertThat(result.exitStatus()).as("%s", result.stderr()).isZero();
        return Files.write(folder.resolve(name), result.stdout());
    }

    /** Runs the verifier as a process of its own, with the audit store's classes. */
    private static SshClient.Result verify(Path key, Path export, String... more) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        words.addAll(List.of("dev.bastion.audit.proof.Verify", "--key", key.toString()));
        words.addAll(List.of(more));
        words.add(export.toString());
        return SshClient.runProgram("env", words, new byte[0], BastionScene.LIMIT);
    }
}
