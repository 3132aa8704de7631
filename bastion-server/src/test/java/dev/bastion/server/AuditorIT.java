package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.PtySshClient;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an auditor is told besides lists of commands: a session's page, exports, who looked. */
@TestInstance(Lifecycle.PER_CLASS)
final class AuditorIT {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final BastionScene scene;

    AuditorIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Path config =
                Files.writeString(
                        folder.resolve("config.yaml"),
                        """
                        recordingNotice: Everything here is kept.
                        maskRules:
                          vendor-pin: 'vendor --pin (\\d+)'
                        """);
        scene = BastionScene.start(folder, "--config", config.toString());
    }

    @AfterAll
    void close() {
        scene.close();
    }

    private List<JsonNode> rows(String question) {
        return scene.audit(question + " --format json").lines().map(JSON::readTree).toList();
    }

    private String sessionWith(String word) {
        return rows("commands --grep " + word).getLast().get("session").asString();
    }

    @Test
    void thePageOfAShellTellsWhoCutItAndWhy() {
        try (PtySshClient shell = scene.shell()) {
            assertThat(shell.transcript()).contains("bastion: Everything here is kept.\r\n");
            shell.send("echo pa''ge-$((40+2))\r");
            shell.expect("page-42", BastionScene.LIMIT);
            String session = sessionWith("ge-");
            SshClient.Result cut =
                    scene.tryAdmin("sessions cut " + session + " --reason 'out of hours'", "");
            assertThat(cut.exitStatus()).as("%s", cut).isZero();
            shell.expect("root1 ended this session: out of hours", BastionScene.LIMIT);
            shell.awaitExit(BastionScene.LIMIT);
            BastionScene.await(
                    "the recording is closed",
                    BastionScene.LIMIT,
                    () -> scene.audit("show " + session).contains("recording  " + session));
            assertThat(scene.audit("show " + session))
                    .contains("session    " + session + ", shell")
                    .contains("user       alice from 127.0.0.1")
                    .contains("target     " + scene.host.login() + "@web1")
                    .containsPattern("ended +\\S+, after [0-9.]+ s: cut")
                    .contains("echo pa''ge-$((40+2))")
                    .containsPattern(
                            "root1 +127\\.0\\.0\\.1 +true +sessions cut "
                                    + session
                                    + " --reason 'out of hours'");
        }
    }

    @Test
    void thePageOfAnExecHasTheFilesOfAnOldCopy() throws IOException {
        Path there = Files.createDirectory(folder.resolve("there"));
        SshClient.Result copied =
                SshClient.run(
                        BastionScene.with(scene.alice("alice+web1"), "scp -t " + there),
                        "C0644 5 copied-name\nhello\0".getBytes(StandardCharsets.UTF_8),
                        BastionScene.LIMIT);
        assertThat(copied.exitStatus()).as("%s", copied).isZero();
        assertThat(there.resolve("copied-name")).hasContent("hello");
        String session = sessionWith("there");
        assertThat(scene.audit("show " + session))
                .contains("scp -t " + there)
                .containsPattern("write +ok +5 +copied-name +" + there);
    }

    @Test
    void recordsAreExportedOfAUserAndATime() {
        assertThat(scene.exec("echo ex''ported-1").text()).isEqualTo("exported-1\n");
        List<JsonNode> all = scene.audit("export").lines().map(JSON::readTree).toList();
        assertThat(all.getFirst().get("entry").asInt()).isEqualTo(1);
        assertThat(all)
                .extracting(row -> row.get("entry").asInt())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(all)
                .extracting(row -> row.get("record").get("type").asString())
                .contains("login", "session-start", "command", "session-end", "audit-consulted");
        assertThat(all)
                .extracting(row -> row.get("hash").asString())
                .allMatch(hash -> hash.matches("[0-9a-f]{64}"));

        SshClient.Result ofAlice = scene.tryAudit("export --user alice");
        assertThat(ofAlice.stderr()).contains("the whole ledger is read");
        assertThat(ofAlice.text().lines().map(JSON::readTree))
                .isNotEmpty()
                .allMatch(row -> row.get("record").get("user").asString().equals("alice"))
                .anyMatch(row -> row.toString().contains("ex''ported-1"));
        assertThat(scene.audit("export --since 2030-01-01")).isEmpty();
        assertThat(scene.audit("export --until 2020-01-01")).isEmpty();

        SshClient.Result csv = scene.tryAudit("export --user alice --since 1h --format csv");
        assertThat(csv.stderr()).isEmpty();
        assertThat(csv.text())
                .startsWith("entry,time,type,user,from,host,account,session,hash,record\r\n")
                .contains(",command,alice,127.0.0.1,web1,")
                .doesNotContain(",root1,");
        assertThat(scene.tryAudit("export --format table").exitStatus()).isEqualTo(2);
    }

    @Test
    void whatWasLookedUpAndRefusedIsListed() {
        assertThat(scene.tryAdmin("user show alice", "").exitStatus()).isZero();
        SshClient.Result refused =
                SshClient.run(
                        BastionScene.with(scene.alice("alice+elsewhere"), "id"),
                        BastionScene.LIMIT);
        assertThat(refused.exitStatus()).isNotZero();
        assertThat(rows("questions --user root1"))
                .anyMatch(row -> row.get("question").asString().equals("user show alice"))
                .allMatch(row -> row.get("actor").asString().equals("root1"));
        assertThat(
                        SshClient.run(
                                        BastionScene.with(scene.alice("alice"), "user list"),
                                        BastionScene.LIMIT)
                                .exitStatus())
                .isEqualTo(1);
        assertThat(rows("questions --user alice --grep '^user'"))
                .singleElement()
                .matches(row -> !row.get("permitted").asBoolean());
        assertThat(rows("refusals --user alice --result unknown"))
                .singleElement()
                .matches(row -> row.get("target").asString().equals("elsewhere"));
    }

    @Test
    void aRuleOfTheAdministratorMasksALineAndACommandEverywhere() {
        String pin = "7300419";
        assertThat(scene.exec("echo vendor --pin " + pin).text())
                .isEqualTo("vendor --pin " + pin + "\n");
        try (PtySshClient shell = scene.shell()) {
            shell.send(": vendor --pin " + pin + "\r");
            shell.expect(BastionScene.PROMPT, BastionScene.LIMIT);
            shell.send("exit\r");
            shell.awaitExit(BastionScene.LIMIT);
        }
        BastionScene.await(
                "both are told",
                BastionScene.LIMIT,
                () -> rows("commands --grep 'pin .masked.'").size() == 2);
        assertThat(scene.audit("export")).contains("vendor-pin").doesNotContain(pin);
        assertThat(LiveFolder.read(scene.data))
                .allSatisfy((file, text) -> assertThat(text).as("%s", file).doesNotContain(pin));
    }
}
