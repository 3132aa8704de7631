package dev.bastion.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.audit.recording.Recordings;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.BastionDatabase;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import dev.bastion.server.directory.UserEdits;
import dev.bastion.server.identity.Authenticator;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.PasswordHash;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.rig.InMemoryAuditLog;
import dev.bastion.server.vault.MasterKey;
import dev.bastion.server.vault.RecordingKeyFile;
import dev.bastion.server.vault.Secret;
import dev.bastion.server.vault.Vault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the command that sets a password, through a real database, to the login that needs it. */
class UserPasswordTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir Path folder;

    private final InMemoryAuditLog log = new InMemoryAuditLog();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private BastionDatabase database;
    private Directory directory;
    private Console console;

    @BeforeEach
    void open() {
        database = BastionDatabase.open(folder.resolve("db"));
        directory = Directory.load(database);
        directory.apply(UserEdits.add(new User("root", Set.of(Role.ADMIN), true, List.of(), null)));
        directory.apply(
                UserEdits.add(new User("olga", Set.of(Role.OPERATOR), true, List.of(), null)));
        CredentialStore credentials =
                new CredentialStore(
                        directory, new Vault(MasterKey.create(folder.resolve("master"))));
        console =
                new Console(
                        new ConsoleParts(
                                directory,
                                new AccessControl(directory::snapshot, directory),
                                credentials,
                                log,
                                new InMemoryAuditReader(),
                                from -> LedgerReader.open(folder, from),
                                recordings(),
                                LiveSessions.NONE,
                                null,
                                (_, _, _) -> new HostKeyScanner.Scan.Found(List.of()),
                                name -> new AuthorizedKey("ssh-ed25519", "key+of+" + name, ""),
                                null,
                                new SecretMask(List.of()),
                                List::of,
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
    void thePasswordThatWasSetLogsInAlsoAfterARestart() throws InterruptedException {
        assertThat(logsIn(directory, "open sesame")).isFalse();
        assertThat(setPassword("open sesame\nsecond line\n", false)).isZero();
        assertThat(logsIn(directory, "open sesame")).isTrue();
        assertThat(logsIn(directory, "open sesame\n")).isFalse();
        assertThat(logsIn(Directory.load(database), "open sesame")).isTrue();
        assertThat(setPassword("another\r\n", false)).isZero();
        assertThat(logsIn(directory, "open sesame")).isFalse();
        assertThat(logsIn(directory, "another")).isTrue();
    }

    @Test
    void thePasswordIsShownAndRecordedNowhere() {
        assertThat(setPassword("open sesame\r", true)).isZero();
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("New password for olga")
                .doesNotContain("sesame", "argon2");
        assertThat(log.records).hasSize(1);
        assertThat(log.records.toString())
                .contains("user password set", "olga")
                .doesNotContain("sesame", "argon2");
    }

    @Test
    void aPersonMayCorrectWhatTheyType() throws InterruptedException {
        assertThat(setPassword("wrong\u0015open sesamé\u007fe\r", true)).isZero();
        assertThat(logsIn(directory, "open sesame")).isTrue();
    }

    @Test
    void nothingOrTooMuchIsRefused() throws InterruptedException {
        for (String wrong :
                List.of("", "\n", "x".repeat(PasswordHash.MAX_PASSWORD_BYTES + 1) + "\n")) {
            assertThat(setPassword(wrong, false)).isEqualTo(1);
        }
        assertThat(setPassword("open\u0003", true)).isEqualTo(1);
        assertThat(logsIn(directory, "open")).isFalse();
        assertThat(log.records).isEmpty();
        String longest = "x".repeat(PasswordHash.MAX_PASSWORD_BYTES);
        assertThat(setPassword(longest + "\n", false)).isZero();
        assertThat(logsIn(directory, longest)).isTrue();
    }

    private static boolean logsIn(Directory users, String password) throws InterruptedException {
        return new Authenticator(users).byPassword("olga", Secret.of(password)).isPresent();
    }

    private int setPassword(String input, boolean terminal) {
        return console.execute(
                new Caller("root", Set.of(), "::1"),
                "user password set olga",
                new ConsoleStreams(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        shown,
                        shown,
                        terminal,
                        80));
    }
}
