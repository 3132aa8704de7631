package dev.bastion.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.ConnectionId;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.SessionId;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.audit.shipping.ShipperState;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.BastionDatabase;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import dev.bastion.server.directory.UserEdits;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.inventory.Target;
import dev.bastion.server.rig.InMemoryAuditLog;
import dev.bastion.server.vault.Credential;
import dev.bastion.server.vault.MasterKey;
import dev.bastion.server.vault.RecordingKeyFile;
import dev.bastion.server.vault.Vault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Commands on a real database, with a ledger in memory. root, olga and audrey have one role each.
 */
class ConsoleTest {

    private static final List<ShipperState> SHIPPERS =
            List.of(
                    new ShipperState(
                            "tls://logs:6514",
                            ShipperState.Condition.AWAY,
                            41,
                            12,
                            7,
                            "Connection refused"));
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final AuthorizedKey HOST_KEY = new AuthorizedKey("ssh-ed25519", "AAAA", "");

    @TempDir Path folder;

    private final InMemoryAuditLog log = new InMemoryAuditLog();
    private final InMemoryAuditReader reader = new InMemoryAuditReader();
    private BastionDatabase database;
    private Directory directory;
    private CredentialStore credentials;
    private Console console;
    private String out = "";
    private String err = "";

    @BeforeEach
    void open() {
        database = BastionDatabase.open(folder.resolve("db"));
        directory = Directory.load(database);
        credentials =
                new CredentialStore(
                        directory, new Vault(MasterKey.create(folder.resolve("master"))));
        directory.apply(UserEdits.add(user("root", Role.ADMIN)));
        directory.apply(UserEdits.add(user("olga", Role.OPERATOR)));
        directory.apply(UserEdits.add(user("audrey", Role.AUDITOR)));
        console =
                new Console(
                        new ConsoleParts(
                                directory,
                                new AccessControl(directory::snapshot, directory),
                                credentials,
                                log,
                                reader,
                                from -> LedgerReader.open(folder, from),
                                recordings(),
                                LiveSessions.NONE,
                                null,
                                (_, _, _) -> new HostKeyScanner.Scan.Found(List.of(HOST_KEY)),
                                name -> new AuthorizedKey("ssh-ed25519", "key+of+" + name, ""),
                                null,
                                new SecretMask(List.of()),
                                () -> SHIPPERS,
                                () -> NOW));
    }

    private Recordings recordings() {
        Vault vault = new Vault(MasterKey.load(folder.resolve("master")));
        return new Recordings(
                folder.resolve("recordings"),
                new RecordingKeyFile(folder.resolve("recording.keys"), vault),
                log,
                () -> NOW);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void auditorsSeeHowReceiversOfTheRecordStandAndOperatorsDoNot() {
        assertThat(run("audrey", "audit shipping --format csv", "")).isZero();
        assertThat(out.lines())
                .containsExactly(
                        "to,state,entry,certain,behind,error",
                        "tls://logs:6514,away,41,12,7,Connection refused");
        assertThat(run("olga", "audit shipping", "")).isEqualTo(1);
        assertThat(err).contains("only auditors and administrators");
    }

    @Test
    void administersFromNothingToAReachableHost() {
        ok("host-group add web");
        ok("host add web1 --address '[2001:db8::7]:2222' --group web --label env=prod");
        assertThat(out).contains(HOST_KEY.fingerprint());
        assertThat(run("root", "host key trust web1", "")).isEqualTo(2);
        ok("host key trust web1 --yes");
        assertThat(run("root", "account add web1 root --password-stdin", "s3cret-word\n")).isZero();
        ok("grant add --user olga --host-group web --account '*' --until 2d");
        assertThat(out).isEqualTo("grant 1\n");
        assertThat(run("olga", "hosts --format json", "")).isZero();
        assertThat(out).contains("\"host\":\"web1\"", "\"accounts\":[\"root\"]");
        ok("grant explain olga root@web1 shell");
        assertThat(run("root", "grant explain olga root@web1 forward", "")).isEqualTo(1);
        Target target = new Target("root", directory.host("web1").orElseThrow());
        try (Credential opened = credentials.credentialFor(target)) {
            assertThat(opened).isInstanceOf(Credential.Password.class);
        }
        assertThat(log.records.toString()).doesNotContain("s3cret-word");
        // All of it is there again after a restart.
        assertThat(Directory.load(database).snapshot().grants())
                .isEqualTo(directory.snapshot().grants());
        assertThat(Directory.load(database).host("web1")).isEqualTo(directory.host("web1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user add x --role operator",
                "user disable root",
                "user enable root",
                "user remove root",
                "user key add root ssh-ed25519 AAAA",
                "user password set root",
                "user key remove root SHA256:x",
                "group add g",
                "group remove g",
                "group member add g root",
                "group member remove g root",
                "host add h --address h",
                "host set h --description x",
                "host remove h",
                "host key trust h --yes",
                "host key forget h",
                "host-group add g",
                "host-group remove g",
                "host-group member add g h",
                "host-group member remove g h",
                "account add h root --password-stdin",
                "account remove h root",
                "grant remove 1",
                "grant add --user root --host h --account root"
            })
    void onlyAdministratorsChange(String command) {
        for (String name : List.of("olga", "audrey")) {
            assertThat(run(name, command, "x\n")).isEqualTo(1);
            assertThat(err).contains("only administrators");
        }
        assertThat(log.records).isEmpty();
    }

    @Test
    void recordsWhoAsksTheAuditLogAndRefusesOperators() {
        assertThat(run("olga", "audit commands", "")).isEqualTo(1);
        assertThat(run("audrey", "audit commands --grep 'a b'", "")).isZero();
        assertThat(log.records)
                .containsExactly(
                        new AuditRecord.AuditConsulted(NOW, "olga", "::1", "audit commands", false),
                        new AuditRecord.AuditConsulted(
                                NOW, "audrey", "::1", "audit commands --grep 'a b'", true));
    }

    @ParameterizedTest
    @CsvSource({
        "audit commands --grep x, true",
        "audit commands --result 1 --limit 5, true",
        "audit files --path /etc, true",
        "audit commands, false",
        "audit commands --grep x --user olga, false",
        "audit commands --grep x --since 1d, false",
        "audit commands --grep x --since 3650d, since then",
        "audit commands --since 3650d, false",
        "audit files --path /etc --since 3650d, since then",
        "audit questions --grep x, true",
        "sessions list --kind sftp, true",
        "sessions list, false",
        "sessions list --live --kind sftp, false",
        "audit commands --grep x --text y, false",
        "audit files --path /etc --host web1, false",
    })
    void saysWhenTheWholeLogHasToBeRead(String command, String read) {
        assertThat(run("audrey", command, "")).isZero();
        assertThat(err.contains("the whole audit log is read")).isEqualTo(read.equals("true"));
        assertThat(err.contains("all of the audit log since then is read"))
                .isEqualTo(read.equals("since then"));
    }

    @Test
    void masksSecretsOfKnownShapesInWhatIsAskedOfTheAuditLog() {
        assertThat(run("audrey", "audit commands --grep '--password=hunter2'", "")).isZero();
        assertThat(run("olga", "audit commands --grep 'curl -u olga:hunter2 x'", "")).isEqualTo(1);
        assertThat(log.records).hasSize(2);
        assertThat(log.records.toString()).contains("[masked]").doesNotContain("hunter");
    }

    @Test
    void escapesWhatWasTyped() {
        SessionContext context =
                new SessionContext(
                        new ConnectionId("c"), new SessionId("s"), "olga", "::1", "web1", "root");
        reader.commands.add(
                new AuditReader.CommandRow(
                        new SequenceNumber(1),
                        new AuditRecord.CommandEntered(
                                NOW,
                                context,
                                1,
                                SessionKind.SHELL,
                                "k",
                                "a\u001b[2J\u202e\u009b\"b"),
                        null,
                        LineKind.COMMAND,
                        "both",
                        0.95,
                        1_500_000L));
        assertThat(run("audrey", "audit commands", "")).isZero();
        assertThat(out).contains("a\\x1b[2J\\u202e\\x9b\"b");
        assertThat(run("audrey", "audit commands --format json", "")).isZero();
        assertThat(out)
                .isEqualTo(
                        "{\"time\":\"2026-11-21T12:00:00.000Z\",\"user\":\"olga\",\"from\":\"::1\","
                                + "\"host\":\"web1\",\"account\":\"root\",\"session\":\"s\",\"seq\":1,"
                                + "\"kind\":\"shell\",\"command\":\"a\\u001b[2J\\u202e\\u009b\\\"b\","
                                + "\"keystrokes\":\"k\",\"exit\":null,\"line\":\"command\","
                                + "\"source\":\"both\",\"confidence\":0.95,\"at\":1500000}\n");
        assertThat(run("audrey", "audit commands --format csv", "")).isZero();
        assertThat(out).endsWith("\"a\\x1b[2J\\u202e\\x9b\"\"b\",k,,command,both,0.95,1500000\r\n");
    }

    @Test
    void changesNothingWhenTheLedgerFails() {
        log.failNextAppend();
        assertThat(run("root", "group add g", "")).isEqualTo(1);
        assertThat(err).contains("the ledger cannot be written; nothing was changed");
        assertThat(directory.snapshot().group("g")).isEmpty();
        assertThat(Directory.load(database).snapshot().group("g")).isEmpty();
    }

    @Test
    void keepsTheLastAdministrator() {
        assertThat(run("root", "user disable root", "")).isEqualTo(1);
        assertThat(run("root", "user remove root", "")).isEqualTo(1);
        assertThat(err).contains("last enabled administrator");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user",
                "user fly",
                "user add",
                "hosts 'x",
                "user add -- -x",
                "host add 'a b' --address x",
                "audit commands --grep '('",
                "audit commands --kind vnc",
                "audit commands --text -",
                "audit commands --text 'ls /'",
                "audit commands --since x"
            })
    void saysWhatIsWrongWithUsage(String command) {
        assertThat(run("root", command, "")).isEqualTo(2);
        assertThat(err).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-t ed25519",
                "-t ecdsa -b 256",
                "-t ecdsa -b 521",
                "-t rsa -b 2048",
                "-t rsa -b 2048 -m PEM",
                "-t rsa -b 2048 -m PKCS8",
                "-t ecdsa -b 256 -m PEM",
                "-t ecdsa -b 384 -m PKCS8"
            })
    void takesPrivateKeysOfEveryKind(String options) throws Exception {
        ok("host add web1 --address web1");
        for (String passphrase : List.of("", "open sesame")) {
            Path file = folder.resolve("key" + passphrase.length());
            List<String> words =
                    new java.util.ArrayList<>(List.of("ssh-keygen", "-q", "-f", file.toString()));
            words.addAll(List.of("-N", passphrase));
            words.addAll(List.of(options.split(" ")));
            assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
            String key = Files.readString(file);
            String login = "u" + passphrase.length();
            String add = "account add web1 " + login + " --key-stdin";
            if (!passphrase.isEmpty()) {
                assertThat(run("root", add, key)).isEqualTo(1);
                assertThat(err).contains("has a passphrase");
                add += " --passphrase-first-line";
                assertThat(run("root", add, "wrong\n" + key)).isEqualTo(1);
                key = passphrase + "\n" + key;
            }
            assertThat(run("root", add, key)).as(err).isZero();
            Target target = new Target(login, directory.host("web1").orElseThrow());
            try (Credential opened = credentials.credentialFor(target)) {
                assertThat(((Credential.PrivateKey) opened).openSsh().reveal())
                        .startsWith("-----BEGIN OPENSSH PRIVATE KEY-----");
            }
        }
    }

    private static User user(String name, Role role) {
        return new User(name, Set.of(role), true, List.of(), null);
    }

    private void ok(String command) {
        assertThat(run("root", command, "")).as(() -> command + ": " + err).isZero();
    }

    private int run(String name, String command, String input) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int status =
                console.execute(
                        new Caller(name, Set.of(), "::1"),
                        command,
                        new ConsoleStreams(
                                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                                outBytes,
                                errBytes,
                                false,
                                0));
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return status;
    }
}
