package dev.bastion.server.tap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditRecord.LineDecided;
import dev.bastion.audit.AuditRecord.LineEntered;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A terminal whose host shows what the test says. */
class ShellTapTest {

    private static final String BASH = "\u001b[?2004hbash$ ";
    private static final String ACCEPTED = "\r\n\u001b[?2004l\r";
    private static final String DASH = "$ ";
    private static final String SEALED = "[not shown yet: 1-7 keys]";
    private static final String UNSEEN = "[not echoed: 1-7 keys]";

    private final TappedShell shell = new TappedShell();

    @Test
    void enterGoesOnOnlyWhenItsLineIsDurable() {
        shell.log.holdAppends();
        shell.show(BASH);
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
        shell.show(BASH);
        shell.echoed("ls");
        shell.type("\r");
        shell.log.failHeld();
        shell.echoed("pwd");
        shell.type("\r");
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo("ls");
    }

    @Test
    void enterDoesNotWaitForAnEcho() {
        shell.show(BASH);
        shell.type("ls\r");
        assertThat(shell.host()).isEqualTo("ls\r");
        assertThat(shell.lines()).containsExactly("1:ls");
    }

    @Test
    void aLineIsDecidedWhenTheEditorLetsGoOfIt() {
        shell.show(BASH);
        shell.type("\u001b[A");
        shell.show("make test");
        shell.type("\r");
        assertThat(shell.lines()).containsExactly("1:make test");
        shell.show(ACCEPTED);
        assertThat(shell.decided()).containsExactly("1=command make test");
        LineEntered entered = (LineEntered) shell.log.records.getFirst();
        LineDecided decided = (LineDecided) shell.log.records.getLast();
        assertThat(entered.key()).isEqualTo("^M");
        assertThat(entered.confidence()).isBetween(0.1, 0.6);
        assertThat(entered.sealed()).isNotEmpty();
        assertThat(decided.source()).isEqualTo("screen");
        assertThat(decided.keystrokes()).isEqualTo("^[[A");
        assertThat(decided.prompt()).isEqualTo("bash$ ");
        assertThat(decided.confidence()).isGreaterThan(0.8);
        assertThat(decided.shown()).isTrue();
    }

    @Test
    void aLineTypedJustBeforeTheEditorDrawsItsPromptIsKnown() {
        shell.show("\u001b[?2004h");
        shell.type("ls\r");
        assertThat(shell.lines()).containsExactly("1:ls");
    }

    @Test
    void aRecalledLineThatIsNotShownYetIsSealedAndThenDecided() {
        shell.show(BASH);
        shell.type("\u001b[A\r");
        assertThat(shell.host()).isEqualTo("\u001b[A\r");
        assertThat(shell.lines()).containsExactly("1:" + SEALED);
        shell.show("make test" + ACCEPTED);
        assertThat(shell.decided()).containsExactly("1=command make test");
    }

    @Test
    void aPlainTerminalsPromptIsKnownOnceACommandWasReadBehindIt() {
        shell.show(DASH);
        shell.type("ls\r");
        shell.show("ls\r\n" + DASH);
        shell.type("pwd\r");
        shell.show("pwd\r\n/\r\n" + DASH);
        assertThat(shell.lines())
                .containsExactly("1:" + SEALED, "1=command ls", "2:pwd", "2=command pwd");
    }

    /** Each keeps a shell's prompt, then asks for a secret in its own way. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Password: ",
                "[sudo] password for olga: ",
                "Enter passphrase for key '/home/olga/.ssh/id': ",
                "Kennwort: ",
                "\u6697\u8a3c\u756a\u53f7: ",
                "",
            })
    void aSecretIsNeverStored(String prompt) {
        for (String begin : List.of(BASH, DASH)) {
            TappedShell one = new TappedShell();
            one.show(begin);
            one.echoed("su");
            one.type("\r");
            one.show((begin.equals(BASH) ? ACCEPTED : "\r\n") + prompt);
            one.type("hunter2");
            one.type("\r");
            one.show("\r\n# ");
            one.type("x");
            one.waits(3000);
            assertThat(one.end()).isCompleted();
            assertThat(one.lines()).contains("1=command su", "2:" + SEALED, "2=no-echo " + UNSEEN);
            assertThat(one.log.batches.toString()).doesNotContain("hunter", "unter2");
        }
    }

    @Test
    void aSecretTypedBeforeItsPromptIsNeverStored() {
        shell.show(BASH);
        shell.type("sudo x\r");
        shell.type("hunter2\r");
        shell.show("sudo x" + ACCEPTED + "Password: ");
        shell.show("\r\n" + BASH);
        shell.waits(1000);
        shell.type("pwd\r");
        shell.show("pwd" + ACCEPTED);
        assertThat(shell.end()).isCompleted();
        assertThat(shell.decided())
                .contains("1=command sudo x", "2=no-echo " + UNSEEN, "3=command pwd");
        assertThat(shell.log.batches.toString()).doesNotContain("hunter");
    }

    @Test
    void aSecretOfAShellsOwnEditorIsNotStoredAlthoughItShowsStars() {
        shell.show("\u001b[?2004hfish> ");
        shell.echoed("read -s X");
        shell.type("\r");
        shell.show(ACCEPTED + "\u001b[?2004hread> ");
        shell.type("hunter2");
        shell.show("\u25cf\u25cf\u25cf\u25cf\u25cf\u25cf\u25cf");
        shell.type("\r");
        shell.show(ACCEPTED);
        shell.type("x");
        assertThat(shell.end()).isCompleted();
        assertThat(shell.lines()).contains("2:" + SEALED, "2=no-echo " + UNSEEN);
        assertThat(shell.log.batches.toString()).doesNotContain("hunter");
    }

    @Test
    void aSecretOfAShellsOwnEditorIsNotStoredBeforeTheStarsCome() {
        shell.show("\u001b[?2004hfish> ");
        shell.echoed("read X");
        shell.type("\r");
        shell.show(ACCEPTED + "\u001b[?2004hread> ");
        shell.echoed("open");
        shell.type("\r");
        shell.show(ACCEPTED + "\u001b[?2004hfish> ");
        shell.echoed("read -s X");
        shell.type("\r");
        shell.show(ACCEPTED + "\u001b[?2004hread> ");
        shell.type("hunter2\r");
        assertThat(shell.lines()).last().isEqualTo("4:" + SEALED);
    }

    @Test
    void whatIsShownBehindAProgramsOwnPromptIsSealedUntilItIsDecided() {
        shell.show(BASH);
        shell.echoed("install");
        shell.type("\r");
        shell.show(ACCEPTED + "50% ");
        shell.echoed("hunter2");
        shell.type("\r");
        assertThat(shell.lines()).last().isEqualTo("2:" + SEALED);
        shell.show("\r\n51% ");
        shell.waits(2000);
        shell.show("\r\nKennwort: \r\ndone\r\n" + BASH);
        shell.waits(1000);
        shell.echoed("pwd");
        shell.type("\r");
        shell.show(ACCEPTED);
        assertThat(shell.end()).isCompleted();
        assertThat(shell.decided())
                .containsExactly("1=command install", "2=no-echo " + UNSEEN, "3=command pwd");
        assertThat(shell.log.batches.toString()).doesNotContain("hunter");
    }

    @Test
    void keysOfAFullScreenProgramAreCountedWhenTheSessionEndsInside() {
        shell.show(BASH);
        shell.echoed("vi");
        shell.type("\r");
        shell.show(ACCEPTED + "\u001b[?1049h~\r\n~\u001b[H");
        shell.echoed("isecret");
        assertThat(shell.end()).isCompleted();
        assertThat(shell.decided()).containsExactly("1=command vi", "2=fullscreen [7 keys]");
        assertThat(shell.log.batches.toString()).doesNotContain("secret");
    }

    @Test
    void whatAProgramShowsIsInput() {
        shell.show(BASH);
        shell.echoed("cat");
        shell.type("\r");
        shell.show(ACCEPTED);
        shell.echoed("some words");
        shell.type("\r");
        shell.show("\r\nsome words\r\n");
        shell.type("\u0003");
        shell.show("^C\r\n" + BASH);
        shell.waits(1000);
        shell.echoed("pwd");
        shell.type("\r");
        shell.show(ACCEPTED);
        assertThat(shell.decided())
                .containsExactly("1=command cat", "2=input some words", "4=command pwd");
    }

    @Test
    void sealedKeysSayOnlyRoughlyHowManyTheyAreAndNeverTheSame() {
        shell.type("hunter2\r");
        shell.type("hunter2\r");
        shell.type("12345678901234567890\r");
        List<String> sealed =
                shell.log.records.stream()
                        .map(LineEntered.class::cast)
                        .map(LineEntered::sealed)
                        .toList();
        assertThat(sealed).doesNotHaveDuplicates();
        assertThat(sealed).extracting(String::length).containsOnly(sealed.getFirst().length());
        assertThat(shell.lines()).last().isEqualTo("3:[not shown yet: 16-31 keys]");
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
    void aPasteOfSeveralLinesIsOneCommandEachLineOfItDurableFirst() {
        shell.log.holdAppends();
        shell.show(BASH);
        shell.type("\u001b[200~one\rtwo\u001b[201~");
        assertThat(shell.host()).isEqualTo("\u001b[200~one");
        shell.show("one\r\ntwo");
        shell.type("\r");
        shell.log.completeNext();
        shell.log.completeNext();
        assertThat(shell.host()).endsWith("\u001b[201~\r");
        shell.show(ACCEPTED);
        shell.log.completeNext();
        assertThat(shell.lines())
                .containsExactly("1:one", "2:one\ntwo", "1=nothing ", "2=command one\ntwo");
    }

    @ParameterizedTest
    @CsvSource({"3, ^C", "28, ^\\"})
    void aKeyThatAbortsALineIsHeldAndTheLineIsListedAsAborted(int key, String name) {
        shell.log.holdAppends();
        shell.show(BASH);
        shell.echoed("rm x");
        shell.type(Character.toString(key));
        assertThat(shell.host()).isEqualTo("rm x");
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo("rm x" + Character.toString(key));
        shell.show("^C" + ACCEPTED + BASH);
        shell.log.completeNext();
        assertThat(shell.lines()).containsExactly("1:rm x", "1=aborted rm x" + name);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 15, 10})
    void otherKeysThatHandOverALineAreHeldToo(int key) {
        shell.log.holdAppends();
        shell.show(BASH);
        shell.echoed("rm x");
        shell.type(Character.toString(key));
        assertThat(shell.host()).isEqualTo("rm x");
        shell.log.completeNext();
        assertThat(shell.host()).isEqualTo("rm x" + Character.toString(key));
        assertThat(shell.lines()).containsExactly("1:rm x");
    }

    @Test
    void aSecretOfAKnownShapeIsMaskedInEveryRecordAndTheHostGetsIt() {
        shell.show(BASH);
        shell.echoed("mysql -phunter2 x");
        shell.type("\u001b[D\u007fy");
        shell.show("\b\b y\b");
        shell.type("\r");
        shell.show(ACCEPTED);
        assertThat(shell.end()).isCompleted();
        assertThat(shell.host()).contains("mysql -phunter2 x");
        assertThat(shell.log.batches.toString()).doesNotContain("hunter");
        LineDecided decided = (LineDecided) shell.log.records.getLast();
        assertThat(decided.command()).startsWith("mysql -p[masked] ");
        assertThat(decided.keystrokes()).isEqualTo("[masked]");
        assertThat(decided.masked()).isEqualTo("short-option");
    }

    @Test
    void aFaultWhileALineIsDecidedDoesNotEndTheSession() {
        shell.show(BASH);
        shell.echoed("ls");
        shell.type("\r");
        shell.failNextRecord();
        shell.show(ACCEPTED + BASH);
        shell.echoed("hunter2");
        shell.type("\r");
        shell.show(ACCEPTED + BASH);
        shell.echoed("pwd");
        shell.type("\r");
        shell.show(ACCEPTED);
        assertThat(shell.end()).isCompleted();
        assertThat(shell.host()).isEqualTo("ls\rhunter2\rpwd\r");
        assertThat(shell.log.records.stream().filter(LineEntered.class::isInstance)).hasSize(3);
        assertThat(shell.lines()).contains("1:ls", "3=command pwd");
    }

    @Test
    void anEmptyLineIsEnteredAndNotDecided() {
        shell.show(BASH);
        shell.type("\r");
        shell.show(ACCEPTED + BASH);
        shell.type("\u0004");
        assertThat(shell.end()).isCompleted();
        assertThat(shell.lines()).containsExactly("1:", "2:");
    }

    @Test
    void keysOfAFullScreenProgramAreCountedAndNotKept() {
        shell.show(BASH);
        shell.echoed("vi");
        shell.type("\r");
        shell.show(ACCEPTED + "\u001b[?1049h~\r\n~\u001b[H");
        shell.echoed("isecret");
        shell.type("\r");
        shell.echoed("more");
        shell.type("\u001b:q!\r");
        shell.show("\u001b[?1049l" + BASH);
        assertThat(shell.end()).isCompleted();
        assertThat(shell.lines())
                .containsExactly(
                        "1:vi", "1=command vi", "2:", "3:", "4:", "4=fullscreen [16 keys]");
        assertThat(shell.log.batches.toString()).doesNotContain("secret", "more");
    }

    @Test
    void theEndDecidesAboutWhatIsOpen() {
        shell.show(BASH);
        shell.echoed("su");
        shell.type("\r");
        shell.show(ACCEPTED + "Password: ");
        shell.type("hunter2\rhunter3");
        assertThat(shell.end()).isCompleted();
        assertThat(shell.lines())
                .containsExactly(
                        "1:su",
                        "1=command su",
                        "2:" + SEALED,
                        "3:" + SEALED,
                        "2=no-echo " + UNSEEN,
                        "3=no-echo " + UNSEEN);
    }

    @Test
    void theEndRecordsWhatWasTypedWithoutEnter() {
        shell.show(BASH);
        shell.echoed("rm -rf /");
        assertThat(shell.end()).isCompleted();
        assertThat(shell.lines()).containsExactly("1:rm -rf /", "1=aborted rm -rf /");
    }

    @Test
    void theEndIsToldOnlyWhenTheLinesAreDurable() {
        shell.log.holdAppends();
        shell.type("hunter2\r");
        var recorded = shell.end();
        assertThat(recorded).isNotCompleted();
        while (shell.log.completeNext()) {
            assertThat(shell.log.records).isNotEmpty();
        }
        assertThat(recorded).isCompleted();
        assertThat(shell.decided()).containsExactly("1=no-echo " + UNSEEN);
    }

    @Test
    void whatComesAfterTheEndIsNeitherPassedNorRecorded() {
        var _ = shell.end();
        shell.typeInVain("ls\r");
        assertThat(shell.lines()).isEmpty();
    }

    @Test
    void aTerminalOfAnotherSizeIsReadAsSuch() {
        shell.tap.resized(20, 10);
        shell.show(BASH);
        shell.type("\u001b[A");
        shell.show("echo 12345678901234567890");
        shell.type("\r");
        shell.show(ACCEPTED);
        assertThat(shell.decided()).containsExactly("1=command echo 12345678901234567890");
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
                shell.show(BASH);
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
        while (shell.log.completeNext()) {
            assertNoLineEndIsAhead(seed);
        }
        assertThat(shell.hostBytes()).as("seed %d", seed).isEqualTo(given.toByteArray());
    }

    private void assertNoLineEndIsAhead(long seed) {
        int ends = 0;
        for (byte one : shell.hostBytes()) {
            ends += AcceptingKeys.is(one) ? 1 : 0;
        }
        long durable = shell.log.records.stream().filter(LineEntered.class::isInstance).count();
        assertThat(durable).as("seed %d", seed).isGreaterThanOrEqualTo(ends);
    }
}
