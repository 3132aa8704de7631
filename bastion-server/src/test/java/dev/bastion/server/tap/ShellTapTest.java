package dev.bastion.server.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A terminal whose host echoes what the test says. */
class ShellTapTest {

    private static final String EDITOR_ON = "\u001b[?2004h";
    private static final String EDITOR_OFF = "\u001b[?2004l";

    private final TappedShell shell = new TappedShell(true);

    @Test
    void enterGoesOnOnlyWhenItsLineIsDurable() {
        shell.log.holdAppends();
        shell.echoed("ls");
        shell.type("\r");
        assertThat(shell.host()).isEqualTo("ls");
        assertThat(shell.log.records).isEmpty();
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo("ls\r");
        assertThat(shell.lines()).containsExactly("1:ls");
    }

    @Test
    void nothingGoesOnWhenTheLedgerFails() {
        shell.log.holdAppends();
        shell.echoed("ls");
        shell.type("\r");
        shell.log.failHeld();
        shell.echoed("pwd");
        shell.type("\r");
        assertThat(shell.host()).isEqualTo("ls");
        assertThat(shell.log.completeNext()).isFalse();
    }

    @Test
    void anEchoThatComesLateButInTimeIsTheText() {
        shell.type("ls\r");
        assertThat(shell.host()).isEqualTo("ls");
        assertThat(shell.log.batches).isEmpty();
        shell.show("ls");
        await().until(() -> shell.host().equals("ls\r"));
        assertThat(shell.lines()).containsExactly("1:ls");
    }

    @Test
    void aSecretWaitsForItsEchoAndIsNeverStored() {
        long start = System.nanoTime();
        shell.type("hunter2\r");
        await().pollInterval(Duration.ofMillis(2)).until(() -> shell.host().endsWith("\r"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThanOrEqualTo(Duration.ofMillis(ShellTap.ECHO_WAIT_MILLIS - 10));
        assertThat(shell.lines()).containsExactly("1:[echo pending: 1-7 keys]");
        shell.show("\r\n");
        assertThat(shell.lines())
                .containsExactly("1:[echo pending: 1-7 keys]", "1=[not echoed: 1-7 keys]");
        assertThat(shell.log.batches.toString()).doesNotContain("hunter", "unter2");
    }

    @Test
    void anEchoBeforeTheNextLineFeedIsTheTextOfAPendingLine() {
        shell.type("ls\r");
        await().until(() -> shell.host().endsWith("\r"));
        shell.show("ls\r\n");
        assertThat(shell.lines()).containsExactly("1:[echo pending: 1-7 keys]", "1=ls");
    }

    @Test
    void severalLinesOfOneChunkAreOneAppend() {
        shell.log.holdAppends();
        shell.type("one\rtwo\rthree");
        assertThat(shell.host()).isEqualTo("one");
        assertThat(shell.log.batches).hasSize(1);
        assertThat(shell.log.batches.getFirst()).hasSize(2);
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo("one\rtwo\rthree");
    }

    @Test
    void linesKeepTheirNumbersWhileAnEarlierOneWaitsForItsEcho() {
        shell.type("one\r");
        shell.type("two\rthree\r");
        await().until(() -> shell.host().equals("one\rtwo\rthree\r"));
        shell.show("one\r\ntwo\r\nthree\r\n");
        assertThat(shell.lines())
                .containsSubsequence("1:[echo pending: 1-7 keys]", "1=one", "2=two", "3=three");
    }

    @Test
    void aSecretTypedAheadWhileAnEnterWaitsIsNotTakenForTheEditorsText() {
        shell.type("su");
        shell.show(EDITOR_ON);
        shell.type("do x\r");
        shell.type("hunter2");
        shell.show("sudo x");
        await().until(() -> shell.host().equals("sudo x\rhunter2"));
        shell.type("\r");
        await().until(() -> shell.host().endsWith("hunter2\r"));
        var _ = shell.tap.ended();
        assertThat(shell.log.batches.toString()).doesNotContain("hunter");
    }

    @ParameterizedTest
    @CsvSource({
        "lx\\x7fs, ls",
        "lx\\x08s, ls",
        "rm x\\x15ls, ls",
        "ls foo\\x17bar, ls bar",
        "ls foo  \\x17bar, ls bar",
        "s\\x1b[Dl, ls",
        "s\\x1bODl\\x1b[C!, ls!",
        "s\\x01l\\x05!, ls!",
        "s\\x1b[Hl\\x1b[F!, ls!",
        "s\\x1b[1~l\\x1b[4~!, ls!",
        "xls\\x1b[H\\x1b[3~, ls",
        "xls\\x01\\x04, ls",
        "ls foo\\x01\\x0b pwd, ' pwd'",
        "lé\\x7fs, ls",
        "\\x7f\\x1b[D\\x15ls, ls",
        "l\\xc0\\x95s, l\ufffds",
    })
    void aLineIsEditedAsTheHostEditsIt(String keys, String command) {
        shell.show(EDITOR_ON);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String part : keys.split("(?=\\\\x)", -1)) {
            boolean escape = part.startsWith("\\x");
            if (escape) {
                bytes.write(Integer.parseInt(part.substring(2, 4), 16));
            }
            bytes.writeBytes(part.substring(escape ? 4 : 0).getBytes(UTF_8));
        }
        for (byte one : bytes.toByteArray()) {
            shell.type(new byte[] {one});
        }
        shell.type("\r");
        assertThat(shell.lines()).containsExactly("1:" + command);
    }

    @Test
    void aCharacterMayComeInPieces() {
        byte[] keys = "grün😀".getBytes(UTF_8);
        for (byte key : keys) {
            shell.type(new byte[] {key});
        }
        shell.show("grün😀");
        shell.type("\r");
        assertThat(shell.lines()).containsExactly("1:grün😀");
    }

    @Test
    void aLongLineIsRecordedInPiecesAndHeldUntilTheyAreDurable() {
        shell.log.holdAppends();
        shell.show(EDITOR_ON);
        String most = "x".repeat(ShellTap.LINE_LIMIT_BYTES - 1);
        shell.type(most);
        assertThat(shell.log.batches).isEmpty();
        shell.type("yz");
        assertThat(shell.log.batches).hasSize(1);
        assertThat(shell.host()).isEqualTo(most);
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo(most + "yz");
        assertThat(shell.lines()).containsExactly("1:" + most + "y");
    }

    @ParameterizedTest
    @CsvSource({"3, ls^C", "4, ls^D", "28, ls^\\"})
    void aKeyThatEndsALineWithoutRunningItIsRecordedToo(int key, String command) {
        shell.log.holdAppends();
        shell.echoed("ls");
        shell.type(Character.toString(key));
        assertThat(shell.host()).isEqualTo("ls");
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo("ls" + Character.toString(key));
        assertThat(shell.lines()).containsExactly("1:" + command);
    }

    @Test
    void aLineThatALineEditorShowsIsTextAtOnce() {
        shell.show(EDITOR_ON);
        shell.type("ls\r");
        assertThat(shell.host()).isEqualTo("ls\r");
        assertThat(shell.lines()).containsExactly("1:ls");
    }

    @Test
    void theLineEditorMustShowItselfAgainAfterEnter() {
        shell.show(EDITOR_ON);
        shell.type("sudo x\rhunter2\r");
        shell.show(EDITOR_OFF + "\r\nPassword:\r\n");
        shell.show(EDITOR_ON);
        shell.type("pwd\r");
        var _ = shell.tap.ended();
        assertThat(shell.lines()).contains("1:sudo x", "2=[not echoed: 1-7 keys]", "3:pwd");
        assertThat(shell.log.batches.toString()).doesNotContain("hunter");
    }

    @Test
    void aPasteOfSeveralLinesIsText() {
        shell.show(EDITOR_ON);
        shell.type("\u001b[200~one\rtwo\r\u001b[201~\r");
        assertThat(shell.log.batches).hasSize(1);
        assertThat(shell.lines()).startsWith("1:one", "2:two").hasSize(3);
    }

    @Test
    void theEndRecordsWhatWasTypedWithoutEnter() {
        shell.echoed("rm -rf /");
        assertThat(shell.tap.ended()).isCompleted();
        assertThat(shell.lines()).containsExactly("1:rm -rf /");
    }

    @Test
    void theEndRecordsALineWhoseEnterStillWaitsForItsEcho() {
        shell.type("hunter2\r");
        assertThat(shell.log.batches).isEmpty();
        assertThat(shell.tap.ended()).isCompleted();
        assertThat(shell.lines())
                .containsExactly("1:[echo pending: 1-7 keys]", "1=[not echoed: 1-7 keys]");
    }

    @Test
    void theEndIsToldOnlyWhenTheLinesAreDurable() {
        shell.log.holdAppends();
        shell.type("hunter2\rls\r");
        var recorded = shell.tap.ended();
        while (shell.log.completeNext()) {
            assertThat(shell.log.records).isNotEmpty();
        }
        assertThat(recorded).isCompleted();
        assertThat(shell.lines()).contains("1=[not echoed: 1-7 keys]", "2=[not echoed: 1-7 keys]");
    }

    @Test
    void whatComesAfterTheEndIsNeitherPassedNorRecorded() {
        var _ = shell.tap.ended();
        shell.tap.toHost(
                "ls\r".getBytes(UTF_8),
                0,
                3,
                TappedShell.passage((offset, length, barrier) -> {
                    throw new AssertionError("passed after the end");
                }));
        assertThat(shell.lines()).isEmpty();
    }

    @Test
    void theEndDecidesAboutWhatIsPending() {
        shell.type("hunter2\rhunter3");
        var _ = shell.tap.ended();
        assertThat(shell.lines())
                .containsExactly(
                        "1:[echo pending: 1-7 keys]",
                        "1=[not echoed: 1-7 keys]",
                        "2:[echo pending: 1-7 keys]",
                        "2=[not echoed: 1-7 keys]");
    }

    @Test
    void withoutATerminalEveryLineIsText() {
        TappedShell script = new TappedShell(false);
        script.type("one\ntwo\n");
        assertThat(script.lines()).containsExactly("1:one", "2:two");
        assertThat(script.log.batches).hasSize(1);
    }

    @RepeatedTest(30)
    void noLineEndReachesTheHostBeforeItsRecordIsDurable() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        shell.log.holdAppends();
        ByteArrayOutputStream given = new ByteArrayOutputStream();
        String alphabet = "ab \r\n\u0003\u0004\u0015\u0017\u007f\u001b[D3~200\u00e9\u00c0";
        for (int i = 0; i < 60; i++) {
            byte[] chunk = new byte[random.nextInt(12)];
            for (int j = 0; j < chunk.length; j++) {
                chunk[j] = (byte) alphabet.charAt(random.nextInt(alphabet.length()));
            }
            if (random.nextBoolean()) {
                shell.show(EDITOR_ON);
            }
            shell.type(chunk);
            given.writeBytes(chunk);
            if (random.nextBoolean()) {
                shell.show(new String(chunk, UTF_8));
            }
            if (random.nextBoolean()) {
                shell.log.completeNext();
            }
            assertNoLineEndIsAhead(seed);
        }
        await().until(() -> {
            shell.log.completeNext();
            assertNoLineEndIsAhead(seed);
            return Arrays.equals(shell.hostBytes(), given.toByteArray());
        });
    }

    private void assertNoLineEndIsAhead(long seed) {
        int ends = 0;
        for (byte one : shell.hostBytes()) {
            ends += one == '\r' || one == '\n' ? 1 : 0;
        }
        long durable = shell.lines().stream().filter(line -> line.matches("(?s)\\d+:.*")).count();
        assertThat(durable).as("seed %d", seed).isGreaterThanOrEqualTo(ends);
    }
}
