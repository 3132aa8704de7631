package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.CommandEntered;
import dev.bastion.server.rig.Keys;
import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What operators did, as an auditor reads it with OpenSSH's client. */
@TestInstance(Lifecycle.PER_CLASS)
final class AuditTrailIT {

    private final Path folder;
    private final RunningBastion bastion;

    AuditTrailIT(@TempDir Path folder) {
        this.folder = folder;
        this.bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void recordsEachTypedLineWithItsFields() {
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            client.send("echo fields-$((40+2))\r");
            client.expect("fields-42", LIMIT);
            List<JsonNode> rows = commands("fields-");
            assertThat(rows).hasSize(1);
            JsonNode row = rows.getFirst();
            assertThat(row.propertyNames())
                    .containsExactly(
                            "time",
                            "user",
                            "from",
                            "host",
                            "account",
                            "session",
                            "seq",
                            "kind",
                            "command",
                            "keystrokes",
                            "exit",
                            "line",
                            "source",
                            "confidence",
                            "at");
            assertThat(row.get("user").asString()).isEqualTo("alice");
            assertThat(row.get("from").asString()).isEqualTo("127.0.0.1");
            assertThat(row.get("host").asString()).isEqualTo("web1");
            assertThat(row.get("account").asString()).isEqualTo(bastion.login());
            assertThat(row.get("seq").asInt()).isEqualTo(1);
            assertThat(row.get("kind").asString()).isEqualTo("shell");
            assertThat(row.get("command").asString()).isEqualTo("echo fields-$((40+2))");
            leave(client);
        }
    }

    @Test
    void recordsAWholeCommandOfSeveralLines() {
        String command = "echo multi-one\necho multi-two; exit 3";

        assertThat(bastion.run("alice+web1", command).exitStatus()).isEqualTo(3);

        List<JsonNode> rows = commands("multi-one");
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst().get("command").asString()).isEqualTo(command);
        assertThat(rows.getFirst().get("kind").asString()).isEqualTo("exec");
        assertThat(rows.getFirst().get("exit").asInt()).isEqualTo(3);
    }

    @Test
    void runsALongCommandWholeAndStoresItsBeginning() {
        String command = "echo long-one; : " + "x".repeat(100_000) + "; echo long-two";

        assertThat(bastion.run("alice+web1", command).text()).isEqualTo("long-one\nlong-two\n");

        CommandEntered entered =
                bastion.awaitRecord(
                        CommandEntered.class, one -> one.command().startsWith("echo long-one"));
        assertThat(entered.command()).startsWith(command.substring(0, 60_000));
        assertThat(entered.command().length()).isBetween(65_536, 66_000);
    }

    @Test
    void storesNowhereWhatTheHostDoesNotEcho() {
        String secret = "hunter2-swordfish-9183";
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            client.send("read -s -p 'Wo''rd: ' word; echo len=${#word}\r");
            client.expect("Word: ", LIMIT);
            client.send(secret + "\r");
            client.expect("len=" + secret.length(), LIMIT);
            client.send("echo after-secret\r");
            client.expect("[\r\n]after-secret", LIMIT);
            leave(client);
        }
        commands("after-secret");

        assertThat(bastion.audit("commands").toString())
                .contains("not echoed")
                .doesNotContain(secret);
        assertThat(filesWith("after-secret")).as("the search finds what is stored").isNotEmpty();
        assertThat(filesWith(secret)).isEmpty();
        assertThat(filesWith("swordfish")).isEmpty();
    }

    @Test
    void recordsTheLineThatBackspaceLeft() {
        try (PtySshClient client = bastion.terminal("alice+web1")) {
            client.send("echo ba");
            client.expect("echo ba", LIMIT);
            client.send("\u007f\u007fbackspaced\r");
            client.expect("[\r\n]backspaced", LIMIT);
            leave(client);
        }

        assertThat(commands("backspaced").getFirst().get("command").asString())
                .isEqualTo("echo backspaced");
    }

    @Test
    void recordsEveryAttemptToLogIn() {
        Keys stranger = Keys.ed25519(folder, "stranger");
        bastion.admin("user", "add", "dora", "--role", "operator", "--key", stranger.publicLine());
        bastion.admin("user", "disable", "dora");
        bastion.run("alice", "hosts");
        for (String user : List.of("alice", "nobody-here", "dora")) {
            SshClient.Result refused =
                    SshClient.run(bastion.sshWithKey(stranger, user, "hosts"), LIMIT);
            assertThat(refused.exitStatus()).isEqualTo(255);
            assertThat(refused.stderr()).contains("Permission denied");
        }

        for (String user : List.of("alice", "nobody-here", "dora")) {
            bastion.awaitAudit(rows -> has(rows, false), "logins", "--user", user);
        }
        bastion.awaitAudit(rows -> has(rows, true), "logins", "--user", "alice");
        assertThat(has(bastion.audit("logins", "--user", "dora"), true)).isFalse();
    }

    @Test
    void recordsAPasteOfManyLinesInOrder() {
        List<String> lines =
                IntStream.rangeClosed(1, 200).mapToObj(i -> "echo pasted-" + i + "-").toList();
        try (PtySshClient client = bastion.terminal("alice+web2")) {
            client.expect("[#$] ", LIMIT);
            client.send(String.join("\r", lines) + "\r");
            client.expect("[\r\n]pasted-200-", LIMIT);
            leave(client);
        }

        List<JsonNode> rows =
                bastion.awaitAudit(
                        found -> found.size() == 200, "commands", "--grep", "pasted-[0-9]");
        assertThat(rows).extracting(row -> row.get("command").asString()).isEqualTo(lines);
    }

    @Test
    void letsNoOperatorReadAndNoAuditorChange() {
        SshClient.Result read = bastion.run("alice", "audit commands");
        SshClient.Result changed = bastion.run("audrey", "host remove web1");

        assertThat(read.exitStatus()).isEqualTo(1);
        assertThat(read.text()).isEmpty();
        assertThat(read.stderr()).contains("audit");
        assertThat(changed.exitStatus()).isEqualTo(1);
        assertThat(bastion.run("adam", "host list").text()).contains("web1");
    }

    private List<JsonNode> commands(String part) {
        return bastion.awaitAudit(
                rows -> !rows.isEmpty(), "commands", "--user", "alice", "--grep", part);
    }

    private static boolean has(List<JsonNode> logins, boolean accepted) {
        return logins.stream().anyMatch(row -> row.get("accepted").asBoolean() == accepted);
    }

    private List<Path> filesWith(String text) {
        return LiveFolder.read(bastion.data()).entrySet().stream()
                .filter(file -> file.getValue().contains(text))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static void leave(PtySshClient client) {
        client.send("exit\r");
        client.awaitExit(LIMIT);
    }
}
