package dev.bastion.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.audit.AuditRecord.SessionEnded;
import dev.bastion.server.rig.SshdHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a command ends, each client has it as it has it without the bastion. */
@TestInstance(Lifecycle.PER_CLASS)
final class ClientExitIT {

    private static final List<Integer> STATUSES = List.of(0, 1, 126, 127, 255);
    private static final List<String> SIGNALS = List.of("KILL", "SEGV", "TERM", "XCPU");

    private final ClientScene scene;

    ClientExitIT(@TempDir Path folder) {
        scene = ClientScene.start(folder, "plink", "puttygen", "dbclient", "dropbearconvert");
    }

    @BeforeEach
    void makeFolders() throws IOException {
        scene.makeFolders();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    /**
     * @param killed what the client says of a signal: its own status, or the signal's name, whether
     *     there is a core, a text and its language
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "plink | 128",
                "dbclient | 0",
                "paramiko | -1",
                "fabric | -1",
                "asyncssh | ('NAME', False, '', '')"
            })
    void isToldAsTheHostItselfTellsIt(String client, String killed) throws Exception {
        List<String> commands = commands(client);
        SshdHost web1 = scene.bastion.web1();
        Path known =
                Files.writeString(scene.here.resolve("known_host"), web1.knownHostsLine() + "\n");

        List<String> direct =
                ends(
                        client,
                        web1.port(),
                        web1.login(),
                        web1.userKeys().privateFile(),
                        known,
                        commands);
        List<String> through =
                ends(
                        client,
                        scene.bastion.port(),
                        "alice+web1",
                        scene.bastion.key("alice").privateFile(),
                        scene.folder.resolve("known_hosts"),
                        commands);

        assertThat(through).isEqualTo(direct);
        List<String> expected = new ArrayList<>(STATUSES.stream().map(String::valueOf).toList());
        SIGNALS.forEach(signal -> expected.add(killed.replace("NAME", named(signal))));
        assertThat(through).isEqualTo(expected);
        for (int i = 0; i < commands.size(); i++) {
            SessionEnded ended = ended(commands.get(i));
            assertThat(ended.reason()).isEqualTo("exited");
            if (i < STATUSES.size()) {
                assertThat(ended.exit()).isEqualTo(STATUSES.get(i));
                assertThat(ended.signal()).isNull();
            } else {
                assertThat(ended.exit()).isNull();
                assertThat(ended.signal()).isEqualTo(named(SIGNALS.get(i - STATUSES.size())));
            }
        }
    }

    private static List<String> commands(String client) {
        List<String> commands = new ArrayList<>();
        STATUSES.forEach(status -> commands.add(command(status) + " # " + client));
        SIGNALS.forEach(signal -> commands.add("kill -" + signal + " $$ # " + client));
        return commands;
    }

    private static String command(int status) {
        return switch (status) {
            case 126 -> "/etc/passwd; exit $?";
            case 127 -> "no-such-command-at-all; exit $?";
            default -> "exit " + status;
        };
    }

    /** OpenSSH's server names what RFC 4254 does not know with its domain. */
    private static String named(String signal) {
        return signal.replace("XCPU", "SIG@openssh.com");
    }

    private List<String> ends(
            String client, int port, String user, Path key, Path known, List<String> commands)
            throws IOException {
        List<String> words =
                new ArrayList<>(List.of(client, port + "", user, key + "", known + ""));
        words.addAll(commands);
        String[] all = words.toArray(String[]::new);
        return Arrays.asList(scene.python("ends.py", all).strip().split("\n", -1));
    }

    private SessionEnded ended(String command) {
        CommandEntered entered =
                scene.bastion.awaitRecord(
                        CommandEntered.class, record -> record.command().equals(command));
        return scene.bastion.awaitRecord(
                SessionEnded.class,
                record -> record.context().session().equals(entered.context().session()));
    }
}
