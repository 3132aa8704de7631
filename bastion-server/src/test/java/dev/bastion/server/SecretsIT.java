package dev.bastion.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.demo.DemoHost;
import dev.bastion.server.demo.DemoLogin;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import dev.bastion.server.vault.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threat: a secret that passes through the bastion is left somewhere.
 *
 * <p>Passwords, keys and passphrases, right ones and wrong ones, are stored, used and typed; then
 * every file, log, listing and what the kernel shows of the process is searched for each of them.
 */
final class SecretsIT {

    private static final Duration LIMIT = BastionScene.LIMIT;

    private static final String HOST_PASSWORD = "host-Quagga.5512";
    private static final String WRONG_HOST_PASSWORD = "host-Zorilla.9034";
    private static final String USER_PASSWORD = "user-Numbat.7720";
    private static final String WRONG_USER_PASSWORD = "user-Axolotl.1186";
    private static final String PASSPHRASE = "phrase-Tapir.6643";
    private static final String WRONG_PASSPHRASE = "phrase-Okapi.3058";
    private static final String TYPED = "typed-Gharial.4471";
    private static final String TYPED_OPENLY = "openly-Kinkajou.8295";

    private static final List<String> LISTINGS =
            List.of(
                    "user list",
                    "user show alice",
                    "host list",
                    "host show build",
                    "account list",
                    "grant list");
    private static final List<String> AUDITS = List.of("commands", "sessions", "logins", "changes");

    private final Path folder;
    private final SecretForms secrets = new SecretForms();
    private final Keys wrongKey;
    private final Keys lockedKey;

    SecretsIT(@TempDir Path folder) {
        this.folder = folder;
        this.wrongKey = Keys.ed25519(folder, "wrong");
        this.lockedKey = Keys.generate(folder, "locked", "ed25519", PASSPHRASE);
    }

    @Test
    void leavesNoSecretAnywhere() throws IOException {
        try (DemoHost build =
                        new DemoHost(
                                "build", DemoLogin.withPassword("demo", Secret.of(HOST_PASSWORD)));
                BastionScene scene = BastionScene.start(folder)) {
            build.start();
            Path masterKey = scene.data.resolve("keys/master.key");
            Path hostKey = scene.data.resolve("keys/host_ed25519");
            gather(scene, masterKey);

            storeAndUseAccounts(scene, build);
            logInWithPasswords(scene);
            typeUnseen(scene);

            String shown = everythingShown(scene);
            assertThat(shown).contains("build", "not echoed", TYPED_OPENLY);
            assertThat(secrets.in(shown)).as("listings").isEmpty();
            long pid = scene.bastion().pid();
            for (String file : List.of("cmdline", "environ")) {
                String text = Files.readString(Path.of("/proc/" + pid + "/" + file), UTF_8);
                assertThat(secrets.in(text)).as(file).isEmpty();
            }
            assertThat(secrets.below(scene.data, masterKey, hostKey)).as("running").isEmpty();

            scene.bastion().terminate(Duration.ofSeconds(10));
            assertThat(secrets.in(scene.bastion().output())).as("standard output").isEmpty();
            assertThat(secrets.in(scene.bastion().errors())).as("log").isEmpty();
            assertThat(secrets.below(scene.data, masterKey, hostKey)).as("stopped").isEmpty();
            assertThat(secrets.below(masterKey)).as("what the search finds").isNotEmpty();
            SecretForms open = new SecretForms();
            open.add("openly typed", TYPED_OPENLY);
            assertThat(open.below(scene.data.resolve("ledger"))).isNotEmpty();
            assertThat(open.below(scene.data.resolve("db"))).isNotEmpty();
        }
    }

    private void gather(BastionScene scene, Path masterKey) throws IOException {
        secrets.add("password of a host", HOST_PASSWORD);
        secrets.add("wrong password of a host", WRONG_HOST_PASSWORD);
        secrets.add("password of a user", USER_PASSWORD);
        secrets.add("wrong password of a user", WRONG_USER_PASSWORD);
        secrets.add("passphrase", PASSPHRASE);
        secrets.add("wrong passphrase", WRONG_PASSPHRASE);
        secrets.add("typed unseen", TYPED);
        secrets.add("master key", Files.readAllBytes(masterKey));
        secrets.add("key of a host", seed(scene.host.userKeys()));
        secrets.add("wrong key of a host", seed(wrongKey));
        secrets.add("key with a passphrase", lastLine(lockedKey));
        secrets.add("key of a host as text", lastLine(scene.host.userKeys()));
    }

    private void storeAndUseAccounts(BastionScene scene, DemoHost build) {
        String demo = build.address() + ":" + build.port();
        String sshd = scene.host.address() + ":" + scene.host.port();
        addHost(scene, "build", demo);
        addHost(scene, "wrongpass", demo);
        addHost(scene, "wrongkey", sshd);
        addHost(scene, "locked", sshd);
        String login = scene.host.login();

        scene.admin("account add build demo --password-stdin", HOST_PASSWORD + "\n");
        local(scene, WRONG_HOST_PASSWORD + "\n", "account add wrongpass demo --password-stdin");
        scene.admin("account add wrongkey " + login + " --key-stdin", wrongKey.privateText());
        String addLocked = "account add locked " + login + " --key-stdin --passphrase-first-line";
        SshClient.Result refused =
                localResult(scene, WRONG_PASSPHRASE + "\n" + lockedKey.privateText(), addLocked);
        assertThat(refused.exitStatus()).as("%s", refused).isOne();
        assertThat(secrets.in(refused.toString())).isEmpty();
        scene.admin(addLocked, PASSPHRASE + "\n" + lockedKey.privateText());

        assertThat(run(scene, "build").exitStatus()).isEqualTo(7);
        assertThat(run(scene, "web1").exitStatus()).isEqualTo(7);
        for (String host : List.of("wrongpass", "wrongkey", "locked")) {
            SshClient.Result failed = run(scene, host);
            assertThat(failed.exitStatus()).as("%s: %s", host, failed).isEqualTo(255);
            assertThat(secrets.in(failed.toString())).isEmpty();
        }
    }

    private void logInWithPasswords(BastionScene scene) {
        scene.admin("user password set alice", USER_PASSWORD + "\n");
        scene.admin("user add carol --role operator --password-stdin", USER_PASSWORD + "\n");
        assertThat(logIn(scene, "alice", WRONG_USER_PASSWORD)).isEqualTo(255);
        assertThat(logIn(scene, "nobody1", WRONG_USER_PASSWORD)).isEqualTo(255);
        assertThat(logIn(scene, "alice", USER_PASSWORD)).isZero();
    }

    private static void typeUnseen(BastionScene scene) {
        try (PtySshClient shell = scene.shell()) {
            shell.send("read -s X; echo re''ad ${#X}\r");
            BastionScene.await(
                    "nothing is echoed any more",
                    LIMIT,
                    () -> scene.audit("commands").contains("read -s X"));
            shell.send(TYPED + "\r");
            shell.expect("read " + TYPED.length(), LIMIT);
            shell.send("echo " + TYPED_OPENLY + "\r");
            shell.expect(TYPED_OPENLY + "\r\n.*?" + TYPED_OPENLY, LIMIT);
            shell.send("exit\r");
            shell.awaitExit(LIMIT);
        }
        BastionScene.await(
                "the last line is in the audit log",
                LIMIT,
                () -> scene.audit("commands --grep openly").contains(TYPED_OPENLY));
    }

    private static String everythingShown(BastionScene scene) {
        StringBuilder shown = new StringBuilder();
        for (String format : List.of("table", "json", "csv")) {
            for (String listing : LISTINGS) {
                shown.append(local(scene, "", listing + " --format " + format));
            }
            for (String audit : AUDITS) {
                shown.append(scene.audit(audit + " --format " + format));
            }
        }
        scene.audit("sessions --format csv")
                .lines()
                .skip(1)
                .map(row -> row.split(",", 2)[0])
                .forEach(session -> shown.append(scene.audit("show " + session)));
        return shown.toString();
    }

    private static void addHost(BastionScene scene, String name, String address) {
        scene.admin("host add " + name + " --address " + address);
        scene.admin("host key trust " + name + " --yes");
        scene.admin("grant add --user alice --host " + name + " --account '*'");
    }

    private static SshClient.Result run(BastionScene scene, String host) {
        return SshClient.run(BastionScene.with(scene.alice("alice+" + host), "exit 7"), LIMIT);
    }

    private static String local(BastionScene scene, String stdin, String command) {
        SshClient.Result result = localResult(scene, stdin, command);
        assertThat(result.exitStatus()).as("%s: %s", command, result).isZero();
        return result.text();
    }

    private static SshClient.Result localResult(BastionScene scene, String stdin, String command) {
        List<String> words = new ArrayList<>(List.of("admin", "--data", scene.data.toString()));
        words.addAll(List.of(command.split(" ")));
        return BastionProcess.runWith(stdin.getBytes(UTF_8), words.toArray(String[]::new));
    }

    private static int logIn(BastionScene scene, String user, String password) {
        List<String> arguments = new ArrayList<>(List.of("-o", "BatchMode=no"));
        arguments.addAll(List.of("-o", "PreferredAuthentications=password"));
        arguments.addAll(List.of("-o", "NumberOfPasswordPrompts=1"));
        arguments.addAll(BastionScene.with(scene.alice(user), "hosts"));
        try (PtySshClient client = PtySshClient.start(arguments)) {
            client.expect("assword:", LIMIT);
            client.send(password + "\r");
            return client.awaitExit(LIMIT);
        }
    }

    /** The last full line of the file's base64, which is in its private part. */
    private static String lastLine(Keys keys) {
        List<String> lines = keys.privateText().lines().toList();
        return lines.get(lines.size() - 3);
    }

    /**
     * The 32 bytes that an ed25519 key is; in OpenSSH's format they stand before the public ones.
     */
    private static byte[] seed(Keys keys) {
        List<String> lines = keys.privateText().lines().toList();
        byte[] file =
                Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
        byte[] blob = Base64.getDecoder().decode(keys.publicKey().base64());
        byte[] publicHalf = Arrays.copyOfRange(blob, blob.length - 32, blob.length);
        int end = file.length - publicHalf.length;
        while (!Arrays.equals(file, end, end + 32, publicHalf, 0, 32)) {
            end--;
        }
        return Arrays.copyOfRange(file, end - 32, end);
    }
}
