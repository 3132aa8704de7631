package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static java.util.stream.Collectors.joining;

import dev.bastion.server.rig.PtySshClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A person at a keyboard, and what they made the shell run. */
final class Person implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    final PtySshClient terminal;
    final List<String> ran = new ArrayList<>();

    /**
     * @param start runs the shell, instead of the account's
     */
    Person(RunningBastion bastion, String host, String start) {
        terminal = bastion.terminal("alice+" + host);
        terminal.expect("[#$>] ", LIMIT);
        types(start, "[#$>] ", start);
        pause(300);
    }

    /** Types keys and Enter; {@code shown} comes, and {@code command} is what ran. */
    void types(String keys, String shown, String command) {
        keys(keys);
        enter(shown, command);
    }

    void keys(String keys) {
        pause(60);
        terminal.send(keys);
    }

    void enter(String shown, String command) {
        pause(60);
        terminal.send("\r");
        terminal.expect(shown, LIMIT);
        ran.add(command);
    }

    /** What a shell prints at the begin of a row, and its prompt behind it. */
    void runs(String keys, String printed, String command) {
        types(keys, "[\r\n]" + printed + ".*?[#$>] ", command);
    }

    @Override
    public void close() {
        pause(60);
        terminal.send("exit\r");
        ran.add("exit");
        terminal.awaitExit(LIMIT);
    }

    static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The newest session's rows of this kind of line, once they are as many as expected. */
    static List<String> commands(RunningBastion bastion, String kind, List<String> expected) {
        List<String> found = new ArrayList<>();
        bastion.awaitAudit(
                rows -> {
                    found.clear();
                    ofLastSession(
                            rows,
                            row -> {
                                if (row.get("line").asString().equals(kind)) {
                                    found.add(row.get("command").asString());
                                }
                            });
                    return found.size() >= expected.size();
                },
                "commands");
        return found;
    }

    private static void ofLastSession(List<JsonNode> rows, Consumer<JsonNode> told) {
        String session = rows.isEmpty() ? "" : rows.getLast().get("session").asString();
        rows.stream().filter(row -> row.get("session").asString().equals(session)).forEach(told);
    }

    /**
     * What the recording of the session with the newest line holds of one kind, put together.
     *
     * @param kind asciicast's: {@code i} what was typed, {@code o} what was shown
     */
    static String recorded(RunningBastion bastion, String kind) {
        String session = bastion.audit("commands").getLast().get("session").asString();
        String cast =
                bastion.run("audrey", "audit export " + session + " --format asciicast").text();
        return cast.lines()
                .skip(1)
                .map(JSON::readTree)
                .filter(event -> event.get(1).asString().equals(kind))
                .map(event -> event.get(2).asString())
                .collect(joining());
    }
}
