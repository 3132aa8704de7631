package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code bastion lines}, as a process, with a trace of each kind of line. */
final class LinesIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROMPT = "\u001b[?2004h$ ";
    private static final String TAKEN = "\r\n\u001b[?2004l\r";

    @TempDir private Path folder;

    private final StringBuilder trace = new StringBuilder();
    private double now;

    private void event(String direction, String bytes) {
        now += 20;
        trace.append(
                "{\"t\":%.2f,\"d\":\"%s\",\"b\":\"%s\"}\n"
                        .formatted(
                                now,
                                direction,
                                Base64.getEncoder()
                                        .encodeToString(bytes.getBytes(StandardCharsets.UTF_8))));
    }

    private void window(String kind, String truth, String secret, String visible) {
        now += 2000;
        trace.append(
                "{\"d\":\"m\",\"cat\":\"%s\",\"truth\":[%s],\"secrets\":[%s],\"visible\":[%s]}\n"
                        .formatted(kind, quoted(truth), quoted(secret), quoted(visible)));
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : "\"" + text + "\"";
    }

    private void echoed(String keys) {
        for (String key : keys.split("", -1)) {
            if (!key.isEmpty()) {
                event("i", key);
                event("o", key);
            }
        }
    }

    private void command(String line, String output) {
        echoed(line);
        event("i", "\r");
        event("o", TAKEN + output);
    }

    private Path write(String name) throws IOException {
        event("r", "80x24");
        event("o", PROMPT);
        command("echo hello", "hello\r\n" + PROMPT);
        window("plain", "echo hello", "", "");
        command("cat", "");
        echoed("some words");
        event("i", "\r");
        event("o", "\r\nsome words\r\n");
        event("i", "\u0004");
        event("o", PROMPT);
        window("program-input", "cat", "", "some words");
        command("read -s X", "");
        event("i", "tulip-71");
        event("i", "\r");
        event("o", PROMPT);
        window("secret", "read -s X", "tulip-71", "");
        command("less x", "\u001b[?1049h\u001b[Hone\r\ntwo");
        event("i", "jq");
        event("o", "\u001b[?1049l" + PROMPT);
        window("fullscreen", "less x", "", "");
        Path file = folder.resolve(name);
        try (OutputStream out =
                name.endsWith(".gz")
                        ? new GZIPOutputStream(Files.newOutputStream(file))
                        : Files.newOutputStream(file)) {
            out.write(trace.toString().getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static SshClient.Result run(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "lines";
        System.arraycopy(words, 0, all, 1, words.length);
        return BastionProcess.run(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t.jsonl", "t.jsonl.gz"})
    void eachRecordIsAnObject(String name) throws IOException {
        SshClient.Result told = run(write(name).toString());
        assertThat(told.exitStatus()).as("%s", told).isZero();
        List<JsonNode> lines = told.text().lines().map(JSON::readTree).toList();
        assertThat(lines)
                .extracting(
                        line -> line.get("window").asInt() + " " + line.get("kind").asString(),
                        line -> line.get("command").asString())
                .contains(
                        tuple("0 command", "echo hello"),
                        tuple("1 command", "cat"),
                        tuple("1 input", "some words"),
                        tuple("2 command", "read -s X"),
                        tuple("3 command", "less x"));
        assertThat(lines)
                .extracting(line -> line.get("window").asInt() + " " + line.get("kind").asString())
                .contains("2 no-echo", "3 fullscreen");
        assertThat(lines.getFirst().propertyNames())
                .containsExactly(
                        "window",
                        "kind",
                        "command",
                        "keystrokes",
                        "prompt",
                        "source",
                        "confidence");
        assertThat(told.text()).doesNotContain("tulip");
    }

    @Test
    void laterAndCutElsewhereTheSameIsToldAndScored() throws IOException {
        String file = write("t.jsonl").toString();
        assertThat(run("--delay", "150", "--fragment", "7", file).text())
                .contains("\"echo hello\"")
                .doesNotContain("tulip");
        SshClient.Result score = run("--score", file);
        assertThat(score.text())
                .containsPattern("(?m)^all +4 +[0-9.]+% +100\\.0% +0 +0 +[0-9]+/[0-9]+ +1/1");
    }

    @Test
    void whatIsNoTraceIsSaid() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.jsonl"), "{\"t\":1}\nno json\n");
        for (List<String> words :
                List.of(
                        List.of(folder.resolve("missing").toString()),
                        List.of(broken.toString()),
                        List.of("--delay", "-1", broken.toString()))) {
            SshClient.Result told = run(words.toArray(new String[0]));
            assertThat(told.exitStatus()).as("%s", words).isNotZero();
            assertThat(told.stderr()).doesNotContain("\tat ").isNotBlank();
        }
    }
}
