package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * A bastion, and for each test two folders: {@code here} for the client, {@code there} for the
 * host.
 *
 * <pre>
 * alice+web1     reads and writes
 * alice+readonly sftp-read alone    ─┐
 * alice+dropbox  sftp-write alone    ├─ the same sshd as web1
 * alice+commands shell and exec     ─┘
 * </pre>
 */
final class SftpScene implements AutoCloseable {

    private final Path folder;
    final RunningBastion bastion;
    Path here;
    Path there;

    SftpScene(Path folder) {
        this.folder = folder;
        here = folder;
        there = folder;
        bastion = RunningBastion.start(folder);
        addHost("readonly", "sftp-read");
        addHost("dropbox", "sftp-write");
        addHost("commands", "shell,exec");
    }

    private void addHost(String name, String rights) {
        String address = bastion.web1().address() + ":" + bastion.web1().port();
        bastion.addHost(name, address, bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount(name, bastion.login(), bastion.web1().userKeys());
        bastion.grant(name, bastion.login(), rights);
    }

    /** Begins a test with empty folders. */
    void makeFolders() throws IOException {
        Path own = Files.createTempDirectory(folder, "test");
        here = Files.createDirectory(own.resolve("here"));
        there = Files.createDirectory(own.resolve("there"));
    }

    @Override
    public void close() {
        bastion.close();
    }

    SshClient.Result sftp(String address, String... commands) {
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of("-b", "-", address + "@127.0.0.1"));
        return SshClient.runProgram(
                "sftp",
                words,
                (String.join("\n", commands) + "\n").getBytes(StandardCharsets.UTF_8),
                LIMIT);
    }

    SshClient.Result scp(String protocol, String from, String to) {
        List<String> words = new ArrayList<>(bastion.options("alice"));
        words.addAll(List.of(protocol, from, to));
        return SshClient.runProgram("scp", words, new byte[0], LIMIT);
    }

    /** The arguments of {@code ssh} for a subsystem. */
    List<String> subsystem(String address, String name) {
        List<String> words = new ArrayList<>(List.of("-s"));
        words.addAll(bastion.ssh(address, name));
        return words;
    }

    static void succeeds(SshClient.Result result) {
        assertThat(result.exitStatus()).as("%s", result).isZero();
    }

    List<JsonNode> awaitFiles(int count, String pathPart) {
        return awaitFiles(rows -> rows.size() == count, pathPart);
    }

    /** The records whose path has this part. */
    List<JsonNode> awaitFiles(Predicate<List<JsonNode>> expected, String pathPart) {
        return bastion.awaitAudit(expected, "files", "--path", pathPart);
    }

    static boolean has(List<JsonNode> rows, String operation, String result) {
        return rows.stream().anyMatch(row -> is(row, operation, result));
    }

    static boolean is(JsonNode row, String operation, String result) {
        return row.get("operation").asString().equals(operation)
                && row.get("result").asString().equals(result);
    }

    static List<String> words(List<JsonNode> rows) {
        return rows.stream()
                .map(row ->
                        row.get("operation").asString()
                                + " "
                                + row.get("target").asString()
                                + " "
                                + row.get("result").asString())
                .toList();
    }

    static void fill(Path file, long length) throws IOException {
        Random random = new Random(length);
        byte[] piece = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (long left = length; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                out.write(piece, 0, (int) Math.min(left, piece.length));
            }
        }
    }

    static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            byte[] piece = new byte[1 << 20];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                digest.update(piece, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
