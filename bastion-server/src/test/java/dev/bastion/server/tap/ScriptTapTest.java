package dev.bastion.server.tap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A shell without a terminal. */
class ScriptTapTest {

    private final TappedShell shell = TappedShell.script();

    @Test
    void everyLineIsTextAndDurableBeforeItsEnd() {
        shell.log.holdAppends();
        shell.type("one\ntwo\nthree");
        assertThat(shell.host()).isEqualTo("one");
        assertThat(shell.log.batches).hasSize(1);
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo("one\ntwo\nthree");
        assertThat(shell.lines()).containsExactly("1:one", "2:two");
    }

    @Test
    void aLongLineIsRecordedInPiecesAndHeldUntilTheyAreDurable() {
        shell.log.holdAppends();
        String most = "x".repeat(ScriptTap.LINE_LIMIT_BYTES - 1);
        shell.type(most);
        assertThat(shell.log.batches).isEmpty();
        shell.type("yz");
        assertThat(shell.log.batches).hasSize(1);
        assertThat(shell.host()).isEqualTo(most);
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo(most + "yz");
        assertThat(shell.lines()).containsExactly("1:" + most + "y");
    }

    @Test
    void theEndRecordsALineWithoutAnEnd() {
        shell.type("one\nrm -rf /");
        assertThat(shell.end()).isCompleted();
        assertThat(shell.lines()).containsExactly("1:one", "2:rm -rf /");
    }

    @Test
    void whatComesAfterTheEndIsNeitherPassedNorRecorded() {
        var _ = shell.end();
        shell.typeInVain("ls\n");
        assertThat(shell.lines()).isEmpty();
    }
}
