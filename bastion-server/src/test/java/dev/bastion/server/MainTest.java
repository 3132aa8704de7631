package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the process says about its own command line. */
final class MainTest {

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();
    private final CommandLine line =
            Main.commandLine()
                    .setOut(new PrintWriter(output, true))
                    .setErr(new PrintWriter(errors, true));

    @ParameterizedTest
    @ValueSource(strings = {"init", "serve", "admin", "demo", "lines", "host-ca"})
    void everyCommandExplainsItselfWithoutItsRequiredOptions(String command) {
        assertThat(line.execute(command, "--help")).isZero();

        assertThat(errors.toString()).isEmpty();
        assertThat(output.toString()).startsWith("Usage: bastion " + command + " ");
        assertThat(output.toString().lines().filter(text -> text.contains("--")))
                .as("every option has a word of explanation")
                .allMatch(text -> text.matches("(Usage:| {6,}\\[).*|.*--\\S+ +[a-zA-Z].*"));
    }

    @Test
    void everyCommandKnowsTheVersion() {
        assertThat(line.execute("serve", "--version")).isZero();

        assertThat(output.toString()).matches("\\d+\\.\\d+\\.\\d+\\R");
    }

    @Test
    void leavesTheOptionsOfAnAdministratorsCommandToTheCommand() {
        CommandLine.ParseResult parsed =
                line.parseArgs("admin", "--data", "DIR", "user", "add", "--help").subcommand();

        assertThat(parsed.isUsageHelpRequested()).isFalse();
        assertThat(parsed.matchedPositionalValue(0, List.of()))
                .isEqualTo(List.of("user", "add", "--help"));
    }
}
