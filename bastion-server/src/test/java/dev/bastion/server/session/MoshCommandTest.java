package dev.bastion.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MoshCommandTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mosh-server 'new' '-c' '8' '-s' '-l' 'LANG=C.UTF-8'",
                "mosh-server new",
                "mosh-server new -s -- tmux",
                "/opt/mosh/bin/mosh-server 'new' '-s'",
                "LC_ALL=C.UTF-8 mosh-server 'new' '-s'",
                "env LC_ALL=C.UTF-8 A=b mosh-server new",
                "sh -c '[ -n \"$SSH_CONNECTION\" ] && printf \"%s\\n\" x' ; mosh-server 'new' '-s'"
            })
    void knowsTheClientsCommand(String command) {
        assertThat(MoshCommand.is(command)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mosh-server --version",
                "mosh-server",
                "mosh-server newer",
                "echo mosh-server new",
                "man mosh-server",
                "pgrep mosh-server new",
                "cat mosh-server-new"
            })
    void leavesEveryOtherAlone(String command) {
        assertThat(MoshCommand.is(command)).isFalse();
    }

    @Test
    void looksAtShortCommandsOnly() {
        assertThat(MoshCommand.is("; ".repeat(1000) + "mosh-server new")).isTrue();
        assertThat(MoshCommand.is("; ".repeat(1100) + "mosh-server new")).isFalse();
    }
}
