package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bastion that cannot start: one sentence, no stack trace, no port. */
final class BadStartIT {

    private final Path folder;
    private final Path data;

    BadStartIT(@TempDir Path folder) {
        this.folder = folder;
        this.data = folder.resolve("data");
    }

    @BeforeEach
    void makeData() {
        var _ = NewData.copyTo(data);
    }

    @Test
    void namesTheFormOfAnAddress() {
        refuses(serveAt("nonsense"), "must be HOST:PORT, was 'nonsense'");
        refuses(serveAt("127.0.0.1:65536"), "must be HOST:PORT, was '127.0.0.1:65536'");
    }

    @Test
    void namesThePortThatIsInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String address = "127.0.0.1:" + other.getLocalPort();
            refuses(serveAt(address), "cannot listen on " + address + ": Address already in use");
        }
    }

    @Test
    void namesTheHostThatHasNoAddress() {
        refuses(
                serveAt("nowhere.invalid:0"),
                "cannot listen on nowhere.invalid:0: no address is known for that name");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    legder: x                   | line 2: the key 'legder' is not known; known are
                    ledg: x                     | line 2: the key 'ledg' is not known; known are
                    listen: nonsense            | line 2: listen is wrong: the address to listen on
                    listen: 127.0.0.1:99999     | line 2: listen is wrong: the address to listen on
                    connectSeconds: 0           | line 2: connectSeconds must be 1 to 86400, was 0
                    connectSeconds: 86401       | line 2: connectSeconds must be 1 to 86400, was 86
                    connectSeconds: soon        | line 2: connectSeconds must be a whole number
                    connectSeconds: 99999999999 | line 2: this cannot be read: Numeric value (99999999999)
                    ledger: [a]                 | line 2: ledger must be text
                    'ledger: "'                 | line 2: this cannot be read:
                    """)
    void namesFileLineAndKeyOfAWrongSetting(String line, String sentence) throws IOException {
        Path config = folder.resolve("bastion.yaml");
        Files.writeString(config, "ledgerHoldSeconds: 5\n" + line + "\n");
        refuses(serve("--config", config.toString()), config + " " + sentence);
    }

    @Test
    void saysHowToMakeADataFolderThatIsMissing() {
        Path nowhere = folder.resolve("nowhere");
        refuses(
                BastionProcess.run(
                        "serve", "--data", nowhere.toString(), "--listen", "127.0.0.1:0"),
                "there is no bastion in " + nowhere);
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void refusesAMasterKeyThatItCannotUse() throws IOException {
        Path key = data.resolve("keys/master.key");
        byte[] right = Files.readAllBytes(key);

        permit(key, "rw-r--r--");
        refuses(serve(), "chmod 600 " + key);
        permit(key, "---------");
        refuses(serve(), "the master key " + key + " cannot be read");
        permit(key, "rw-------");
        for (int length : new int[] {0, 7, right.length + 1}) {
            Files.write(key, new byte[length]);
            refuses(serve(), "the master key " + key + " is damaged");
        }
        Files.delete(key);
        Files.createDirectory(key);
        refuses(serve(), "the master key " + key + " is a folder");
    }

    @Test
    void refusesTheMasterKeyOfAnotherBastionUntilNothingIsSealedUnderTheFirst() throws IOException {
        admin("host add web1 --address 127.0.0.1:1");
        SshClient.Result stored =
                BastionProcess.runWith(
                        "secret\n".getBytes(StandardCharsets.UTF_8),
                        words("account add web1 root --password-stdin"));
        assertThat(stored.exitStatus()).as("%s", stored).isZero();
        Files.write(data.resolve("keys/master.key"), new byte[32]);

        refuses(serve(), "opens none of the stored credentials");

        admin("account remove web1 root");
        try (BastionProcess bastion = BastionProcess.serve(data)) {
            assertThat(bastion.isAlive()).isTrue();
        }
    }

    @Test
    void refusesAHostKeyThatItCannotUse() throws IOException {
        Path key = data.resolve("keys/host_ed25519");
        String right = Files.readString(key);

        permit(key, "rw-r--r--");
        refuses(serve(), "chmod 600 " + key);
        permit(key, "---------");
        refuses(serve(), "the key " + key + " cannot be read");
        permit(key, "rw-------");
        for (String wrong : new String[] {"", "garbage", "\0".repeat(5000)}) {
            Files.writeString(key, wrong);
            refuses(serve(), "the file " + key + " holds no private key");
        }
        Files.writeString(key, right.substring(0, right.length() / 2));
        refuses(serve(), "the key " + key + " is damaged");
        Files.writeString(key, right.replace("AAAA", "AABA"));
        refuses(serve(), "the key " + key + " is damaged");
        Files.writeString(
                key, Keys.generate(folder, "locked", "ed25519", "passphrase").privateText());
        refuses(serve(), "the key " + key + " is damaged");
        Files.delete(key);
        refuses(serve(), "the key " + key + " is missing");
    }

    @Test
    void refusesADatabaseThatAnotherProcessHasLocked() throws IOException {
        Path database = data.resolve("db/bastion.mv.db");
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            assertThat(lock.isValid()).isTrue();
            refuses(serve(), "in use");
        }
    }

    @Test
    void servesWithoutAnAuditDatabaseThatAnotherProcessHasLocked() throws IOException {
        Path database = data.resolve("db/audit.mv.db");
        try (FileChannel channel = FileChannel.open(database, StandardOpenOption.WRITE);
                var lock = channel.lock();
                BastionProcess bastion = BastionProcess.serve(data)) {
            assertThat(lock.isValid()).isTrue();
            assertThat(bastion.errors())
                    .contains("is in use by another process. The ledger serves without it");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "db/bastion.mv.db, r--------, cannot be written",
        "db/bastion.mv.db, ---------, cannot be written",
        "ledger,           r-x------, cannot be written",
        "ledger,           ---------, cannot be written",
        ".,                r-x------, cannot be written",
    })
    void namesWhatItMayNotWrite(String name, String mode, String sentence) throws IOException {
        Path place = data.resolve(name).normalize();
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(place);
        permit(place, mode);
        try {
            refuses(serve(), sentence);
        } finally {
            Files.setPosixFilePermissions(place, before);
        }
        try (BastionProcess bastion = BastionProcess.serve(data)) {
            assertThat(bastion.isAlive()).isTrue();
        }
    }

    @Test
    void refusesASecondBastionOnTheSameDataAndTheFirstGoesOn() {
        try (BastionProcess first = BastionProcess.serve(data)) {
            refuses(serve(), "in use");

            SshClient.Result users =
                    BastionProcess.run("admin", "--data", data.toString(), "user", "list");
            assertThat(users.exitStatus()).as("%s", users).isZero();
            assertThat(users.text()).contains("root1");
            assertThat(first.isAlive()).isTrue();
        }
    }

    private SshClient.Result serve(String... more) {
        List<String> all = new ArrayList<>(List.of("serve", "--data", data.toString()));
        all.addAll(List.of("--listen", "127.0.0.1:0"));
        all.addAll(List.of(more));
        return BastionProcess.runWithinPermissions(all.toArray(String[]::new));
    }

    private SshClient.Result serveAt(String address) {
        return BastionProcess.run("serve", "--data", data.toString(), "--listen", address);
    }

    private String[] words(String command) {
        List<String> all = new ArrayList<>(List.of("admin", "--data", data.toString()));
        all.addAll(List.of(command.split(" ")));
        return all.toArray(String[]::new);
    }

    private void admin(String command) {
        SshClient.Result done = BastionProcess.run(words(command));
        assertThat(done.exitStatus()).as("%s: %s", command, done).isZero();
    }

    private static void permit(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static void refuses(SshClient.Result result, String sentence) {
        assertThat(result.exitStatus()).as("%s", result).isBetween(1, 2);
        assertThat(result.text()).doesNotContain("listening");
        assertThat(result.stderr()).doesNotContain("Exception");
        assertThat(result.stderr().lines().toList())
                .as("%s", result)
                .singleElement()
                .asString()
                .startsWith("bastion: ")
                .contains(sentence);
    }
}
