package dev.bastion.audit.proof;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.Records;
import dev.bastion.audit.SequenceNumber;
import dev.bastion.audit.ledger.FileLedger;
import dev.bastion.audit.ledger.LedgerReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A first start that a kill ended while it made the signing key keeps no later one from beginning,
 * as long as the key has signed nothing. Once it has, nothing is made in the place of a half that
 * is missing.
 *
 * <pre>
 *   folder/ledger/   ledger_ed25519   ledger_ed25519.pub   and each with .new while it is written
 * </pre>
 */
final class KilledFirstKeyTest {

    @TempDir private Path folder;
    private SignedLedger signed;
    private VerifierKey made;

    /** What the kill left, made of the whole key. */
    enum Killed {
        WHILE_THE_PUBLIC_HALF_WAS_WRITTEN(false) {
            @Override
            void leave(Path key) throws IOException {
                Files.delete(key);
                cut(SigningKey.publicFile(key));
            }
        },
        BETWEEN_THE_HALVES(false) {
            @Override
            void leave(Path key) throws IOException {
                Files.delete(key);
            }
        },
        /** Of a version that wrote it in its place. */
        WITH_THE_PUBLIC_HALF_NOT_WHOLE(false) {
            @Override
            void leave(Path key) throws IOException {
                Files.delete(key);
                Files.write(SigningKey.publicFile(key), new byte[0]);
            }
        },
        WHILE_THE_PRIVATE_HALF_WAS_WRITTEN(false) {
            @Override
            void leave(Path key) throws IOException {
                cut(key);
            }
        },
        WITH_THE_PRIVATE_HALF_ALONE(true) {
            @Override
            void leave(Path key) throws IOException {
                Files.delete(SigningKey.publicFile(key));
            }
        },
        WHILE_A_MISSING_PUBLIC_HALF_WAS_WRITTEN(true) {
            @Override
            void leave(Path key) throws IOException {
                cut(SigningKey.publicFile(key));
            }
        },
        BEFORE_IT_SIGNED(true) {
            @Override
            void leave(Path key) {}
        };

        /** Whether the private half is there, so that the key is the same. */
        final boolean kept;

        Killed(boolean kept) {
            this.kept = kept;
        }

        abstract void leave(Path key) throws IOException;

        private static void cut(Path file) throws IOException {
            byte[] whole = Files.readAllBytes(file);
            Files.delete(file);
            Files.write(
                    file.resolveSibling(file.getFileName() + ".new"),
                    Arrays.copyOf(whole, whole.length / 2));
        }
    }

    @BeforeEach
    void aLedgerThatIsSigned() throws Exception {
        signed = SignedLedger.write(folder, "word");
        made = VerifierKey.load(signed.publicKey());
    }

    @ParameterizedTest
    @EnumSource(Killed.class)
    void theNextStartHasAWholeKeyThatSigns(Killed killed) throws Exception {
        for (String name : List.of(Evidence.KEYS, Evidence.CHECKPOINTS)) {
            Files.delete(signed.file(name));
        }
        try (Stream<Path> all = Files.list(signed.ledger)) {
            for (Path segment : all.toList()) {
                Files.delete(segment);
            }
        }
        killed.leave(signed.key);

        try (FileLedger ledger = signed.open();
                Checkpoints checkpoints = signed.start(ledger, List.of())) {
            assertThat(checkpoints.publicKey().equals(made)).isEqualTo(killed.kept);
            ledger.append(Records.command("alice", "s1", "web1", 1, "word")).get(10, SECONDS);
            checkpoints.signNow();
        }

        assertThat(keyFiles()).containsExactlyInAnyOrder("ledger_ed25519", "ledger_ed25519.pub");
        assertThat(SigningKey.load(signed.key).node()).isEqualTo("node1");
        assertThat(signed.prove(signed.publicKey(), List.of()))
                .isInstanceOf(ProofReport.Proved.class);
    }

    /** The ledger is empty, or was there before it was signed. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void aKeyThatIsNotedAndNotRecordedIsRecordedOnce(int entriesBefore) throws Exception {
        killBeforeTheKeyIsRecorded(entriesBefore);

        for (int start = 0; start < 2; start++) {
            try (FileLedger ledger = signed.open();
                    Checkpoints checkpoints = signed.start(ledger, List.of())) {
                // So that the second start has no checkpoint either.
                checkpoints.abandon();
            }
        }

        List<SignedNote> notes = Notes.parse(NoteFile.bytes(signed.file(Evidence.KEYS))).readable();
        assertThat(notes).hasSize(1);
        assertThat(keysRecorded()).containsExactly(notes.getFirst().toString());
    }

    @Test
    void aKeyThatTheNoteDoesNotNameIsNotRecorded() throws Exception {
        killBeforeTheKeyIsRecorded(0);
        Files.delete(signed.key);
        Files.delete(signed.publicKey());
        var _ = SigningKey.create(signed.key, "node1");

        assertNothingBegins("is not the one that keys names");

        assertThat(keysRecorded()).isEmpty();
    }

    @Test
    void aKeyIsNotRecordedInALedgerThatNamesAnother() throws Exception {
        SignedLedger other = SignedLedger.write(folder.resolve("other"), "word");
        Files.delete(signed.file(Evidence.CHECKPOINTS));
        Files.copy(other.segment(1), signed.segment(1), StandardCopyOption.REPLACE_EXISTING);
        for (int ordinal = 2; Files.exists(signed.segment(ordinal)); ordinal++) {
            Files.delete(signed.segment(ordinal));
        }

        assertNothingBegins("entry 1 names another key than keys does");
    }

    private void killBeforeTheKeyIsRecorded(int entriesBefore) throws Exception {
        Files.delete(signed.file(Evidence.CHECKPOINTS));
        for (int ordinal = 1; Files.exists(signed.segment(ordinal)); ordinal++) {
            Files.delete(signed.segment(ordinal));
        }
        try (FileLedger ledger = signed.open()) {
            for (int seq = 1; seq <= entriesBefore; seq++) {
                ledger.append(Records.command("alice", "s1", "web1", seq, "word")).get(10, SECONDS);
            }
        }
    }

    /** The note of each record of a key. */
    private List<String> keysRecorded() {
        List<String> found = new ArrayList<>();
        try (FileLedger ledger = signed.open();
                LedgerReader reader = ledger.read(new SequenceNumber(1))) {
            for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                if (entry.get().record() instanceof AuditRecord.SigningKeyChanged change) {
                    found.add(change.note());
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {Evidence.KEYS, Evidence.CHECKPOINTS})
    void aMissingPrivateHalfIsNotMadeAnewWhileAnythingIsThereThatItSigned(String left)
            throws Exception {
        for (String name : List.of(Evidence.KEYS, Evidence.CHECKPOINTS)) {
            if (!name.equals(left)) {
                Files.delete(signed.file(name));
            }
        }
        Files.delete(signed.key);

        assertNothingBegins("ledger_ed25519 is missing: put it back");

        assertThat(keyFiles()).containsExactly("ledger_ed25519.pub");
        assertThat(VerifierKey.load(signed.publicKey())).isEqualTo(made);
    }

    @Test
    void aMissingPublicHalfIsNotComputedOnceTheKeyHasSigned() throws Exception {
        Files.delete(signed.publicKey());

        assertNothingBegins("ledger_ed25519.pub cannot be read");

        assertThat(keyFiles()).containsExactly("ledger_ed25519");
    }

    @Test
    void aPrivateHalfThatIsDamagedIsNotReplaced() throws Exception {
        for (String name : List.of(Evidence.KEYS, Evidence.CHECKPOINTS)) {
            Files.delete(signed.file(name));
        }
        Files.write(signed.key, new byte[] {1, 2, 3});
        Files.delete(signed.publicKey());

        assertNothingBegins("ledger_ed25519 is damaged");

        assertThat(Files.readAllBytes(signed.key)).containsExactly(1, 2, 3);
    }

    private void assertNothingBegins(String sentence) {
        try (FileLedger ledger = signed.open()) {
            assertThatThrownBy(() -> signed.start(ledger, List.of()))
                    .isInstanceOf(AuditLogException.class)
                    .hasMessageContaining(sentence);
        }
    }

    private List<String> keyFiles() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        }
    }
}
