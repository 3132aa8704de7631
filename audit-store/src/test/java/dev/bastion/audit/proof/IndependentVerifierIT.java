package dev.bastion.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The verifier in Python, which was written from docs/ledger.md alone, comes to the same: sound, or
 * the same first bad entry.
 */
final class IndependentVerifierIT {

    private static final Path SCRIPT = Path.of("src/test/python/verify_ledger.py");

    @TempDir private Path folder;

    static Stream<Arguments> damages() {
        return LedgerProofTest.damages();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void namesTheSameEntry(String name, LedgerProofTest.Damage damage, long entry, String said)
            throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        damage.to(ledger);
        var report = (ProofReport.Disproved) ledger.prove(ledger.publicKey(), List.of());
        assertThat(python(ledger, ledger.publicKey()))
                .as("%s: %s", name, report)
                .startsWith("bad " + report.findings().getFirst().entry() + " ");
        assertThat(entry).isNotZero();
        assertThat(said).isNotEmpty();
    }

    @Test
    void findsAGoodLedgerSoundAlsoAfterAChangeOfKeys() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("a"), "command");
        assertThat(python(ledger, ledger.publicKey())).isEqualTo("ok 65");
        Path first = java.nio.file.Files.copy(ledger.publicKey(), folder.resolve("first.pub"));
        try (var opened = ledger.open()) {
            Checkpoints checkpoints = ledger.start(opened, List.of());
            checkpoints.rotate("adam", "local");
            checkpoints.signNow();
            checkpoints.abandon();
        }
        assertThat(python(ledger, first)).isEqualTo("ok 66");
        assertThat(python(ledger, ledger.publicKey())).isEqualTo("ok 66");
    }

    private static String python(SignedLedger ledger, Path key)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                "/usr/bin/python3",
                                SCRIPT.toString(),
                                key.toString(),
                                ledger.ledger.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.strip();
    }
}
