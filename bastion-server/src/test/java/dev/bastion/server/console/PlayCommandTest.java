package dev.bastion.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditReader;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.SessionKind;
import dev.bastion.audit.ledger.LedgerReader;
import dev.bastion.audit.mask.SecretMask;
import dev.bastion.server.access.AccessControl;
import dev.bastion.server.backend.HostKeyScanner;
import dev.bastion.server.directory.BastionDatabase;
import dev.bastion.server.directory.CredentialStore;
import dev.bastion.server.directory.Directory;
import dev.bastion.server.directory.UserEdits;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.Role;
import dev.bastion.server.identity.User;
import dev.bastion.server.replay.RecordedScene;
import dev.bastion.server.replay.ScriptedTerminal;
import dev.bastion.server.rig.InMemoryAuditLog;
import dev.bastion.server.vault.MasterKey;
import dev.bastion.server.vault.Vault;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code audit play} by audrey, of alice's session s1, which shows "one" and has command 3. */
@TestInstance(Lifecycle.PER_CLASS)
final class PlayCommandTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Path folder;
    private final BastionDatabase database;
    private final Directory directory;
    private final Vault vault;
    private InMemoryAuditReader reader = new InMemoryAuditReader();
    private ScriptedTerminal person = new ScriptedTerminal();
    private RecordedScene scene;
    private int scenes;
    private Console console;
    private String err = "";

    PlayCommandTest(@TempDir Path folder) {
        this.folder = folder;
        database = BastionDatabase.open(folder.resolve("db"));
        directory = Directory.load(database);
        directory.apply(
                UserEdits.add(new User("audrey", Set.of(Role.AUDITOR), true, List.of(), null)));
        vault = new Vault(MasterKey.create(folder.resolve("master")));
    }

    @BeforeEach
    void open() throws Exception {
        scene = new RecordedScene(folder.resolve("recordings" + scenes++));
        reader = new InMemoryAuditReader();
        person = new ScriptedTerminal();
        console =
                new Console(
                        new ConsoleParts(
                                directory,
                                new AccessControl(directory::snapshot, directory),
                                new CredentialStore(directory, vault),
                                new InMemoryAuditLog(),
                                reader,
                                from -> LedgerReader.open(folder, from),
                                scene.recordings(),
                                LiveSessions.NONE,
                                null,
                                (_, _, _) -> new HostKeyScanner.Scan.Found(List.of()),
                                name -> new AuthorizedKey("ssh-ed25519", name, ""),
                                null,
                                new SecretMask(List.of()),
                                List::of,
                                () -> NOW));
        reader.commands.add(
                new AuditReader.CommandRow(
                        new SequenceNumber(1),
                        new AuditRecord.CommandEntered(
                                NOW, RecordedScene.CONTEXT, 3, SessionKind.SHELL, "k", "ls"),
                        null,
                        LineKind.COMMAND,
                        "both",
                        0.95,
                        1_000_000L));
        scene.shows(1, "one");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @AfterAll
    void closeDatabase() {
        database.close();
    }

    private int play(String options) {
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int status =
                console.execute(
                        new Caller("audrey", Set.of(), "::1"),
                        "audit play s1 " + options,
                        new ConsoleStreams(
                                new ByteArrayInputStream(new byte[0]),
                                new ByteArrayOutputStream(),
                                errBytes,
                                true,
                                60,
                                person));
        err = errBytes.toString(StandardCharsets.UTF_8);
        return status;
    }

    /** A person who sees the end, or leaves at once. */
    private int playToTheEnd(boolean toTheEnd) {
        person.at(0, toTheEnd ? "Gq" : "q");
        return play("");
    }

    private void cutOff() throws Exception {
        byte[] all = Files.readAllBytes(scene.file());
        Files.write(scene.file(), Arrays.copyOf(all, all.length - 30));
    }

    private void ledgerSays(boolean complete, String reason) {
        reader.session =
                new AuditReader.SessionRow(
                        new SequenceNumber(1),
                        new AuditRecord.SessionStarted(
                                NOW, RecordedScene.CONTEXT, SessionKind.SHELL),
                        reason.isEmpty()
                                ? null
                                : new AuditRecord.SessionEnded(
                                        NOW, RecordedScene.CONTEXT, reason, null, null),
                        new AuditRecord.RecordingClosed(
                                NOW, RecordedScene.CONTEXT, "s1.recording", 1, "", complete));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingIsSaidOfAWholeRecordingHoweverFarItWasSeen(boolean toTheEnd) throws Exception {
        scene.ends(2);
        assertThat(playToTheEnd(toTheEnd)).isZero();
        assertThat(err).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "false, '', true, 0, 'the recording ends early: the bastion stopped before the session did'",
        "false, '', false, 0, 'the recording ends early: the bastion stopped before the session did'",
        "false, cut, true, 0, 'the recording ends early: the session ended (cut), and the bastion"
                + " stopped before all of it was written'",
        "true, exited, true, 1, 'the end of the recording was cut off: the ledger says that it was"
                + " complete'",
    })
    void saysThatARecordingEndsEarlyAndWhy(
            boolean complete, String reason, boolean toTheEnd, int status, String said)
            throws Exception {
        scene.ends(2);
        cutOff();
        ledgerSays(complete, reason);
        assertThat(playToTheEnd(toTheEnd)).isEqualTo(status);
        assertThat(err.strip()).isEqualTo(said);
    }

    @Test
    void saysThatASessionGoesOn() {
        assertThat(playToTheEnd(true)).isZero();
        assertThat(err).contains("the session goes on; this is what is recorded by now");
    }

    @ParameterizedTest
    @CsvSource({
        "--speed 0, --speed must be more than 0",
        "--speed -1, --speed must be more than 0",
        "--speed NaN, --speed must be more than 0",
        "--max-idle 2h, '--max-idle must be like 2s, 500ms or 1m, was 2h'",
        "--max-idle -1, '--max-idle must be like 2s, 500ms or 1m, was -1'",
    })
    void saysWhatAnOptionMustBe(String option, String said) {
        assertThat(play(option)).isEqualTo(2);
        assertThat(err).contains(said);
    }

    @ParameterizedTest
    @CsvSource({
        "500ms, 500",
        "0.5, 500",
        "2s, 2000",
        "1.25s, 1250",
        "1m, 60000",
        "0, 31536000000",
        "0ms, 31536000000"
    })
    void theLongestPauseIsReadWithItsUnit(String text, long millis) {
        assertThat(PlayCommand.maxIdle(text)).hasMillis(millis);
    }

    @Test
    void beginsAtACommandOrSaysThatThereIsNone() throws Exception {
        scene.ends(2);
        person.at(0, "q");
        assertThat(play("--at-command 3 --speed 0.0625")).isZero();
        assertThat(person.shown().getFirst()).contains("00:00:01").contains("#3");
        assertThat(play("--at-command 4")).isEqualTo(1);
        assertThat(err).contains("the recording has no command 4: 'audit show s1' lists them");
    }
}
