package dev.bastion.audit.proof;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A change of the signing key that a kill ended between two of its steps is finished, or taken
 * back, by the next start: one key signs, no other is left, and the ledger is proved by it.
 */
final class KilledKeyChangeTest {

    @TempDir private Path folder;

    /** What is there after a kill, made of what there was before the change and after it. */
    enum Killed {
        WHILE_THE_NEW_KEY_WAS_WRITTEN(false) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.before();
                Files.createFile(files.nextPublic);
            }
        },
        WHILE_ITS_PRIVATE_HALF_WAS_WRITTEN(false) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.before();
                var _ = SigningKey.create(files.next, "node1");
                files.unwritten(files.next);
            }
        },
        WHILE_ITS_PUBLIC_HALF_WAS_WRITTEN(false) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.before();
                var _ = SigningKey.create(files.next, "node1");
                Files.delete(files.next);
                files.unwritten(files.nextPublic);
            }
        },
        BEFORE_IT_WAS_RECORDED(false) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.before();
                var _ = SigningKey.create(files.next, "node1");
            }
        },
        BEFORE_IT_WAS_NOTED(false) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.newOneBeside();
                files.restore(files.key, files.oldKey);
                files.restore(files.notes, files.oldNotes);
            }
        },
        BEFORE_THE_OLD_KEY_WAS_DESTROYED(true) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.newOneBeside();
                files.restore(files.key, files.oldKey);
            }
        },
        WHILE_THE_OLD_KEY_WAS_DESTROYED(true) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.newOneBeside();
                Files.write(files.key, new byte[files.oldKey.length]);
            }
        },
        BEFORE_THE_NEW_KEY_WAS_MOVED(true) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.newOneBeside();
            }
        },
        BEFORE_ITS_PUBLIC_HALF_WAS_MOVED(true) {
            @Override
            void leave(KeyFiles files) throws IOException {
                files.newOneBeside();
                Files.move(files.next, files.key);
            }
        };

        final boolean finished;

        Killed(boolean finished) {
            this.finished = finished;
        }

        abstract void leave(KeyFiles files) throws IOException;
    }

    /** The files of a change, and what was in them before it. */
    static final class KeyFiles {

        final Path key;
        final Path next;
        final Path nextPublic;
        final Path notes;
        final byte[] oldKey;
        final byte[] oldPublic;
        final byte[] oldNotes;

        KeyFiles(SignedLedger signed) throws IOException {
            key = signed.key;
            next = key.resolveSibling(key.getFileName() + ".next");
            nextPublic = SigningKey.publicFile(next);
            notes = signed.file(Evidence.KEYS);
            oldKey = Files.readAllBytes(key);
            oldPublic = Files.readAllBytes(SigningKey.publicFile(key));
            oldNotes = Files.readAllBytes(notes);
        }

        void before() throws IOException {
            restore(key, oldKey);
            restore(SigningKey.publicFile(key), oldPublic);
            restore(notes, oldNotes);
        }

        /** The new key waits beside the place of the old one, which is not there. */
        void newOneBeside() throws IOException {
            Files.move(key, next);
            Files.move(SigningKey.publicFile(key), nextPublic);
            restore(SigningKey.publicFile(key), oldPublic);
        }

        /** Under the name that it has until it is whole. */
        void unwritten(Path file) throws IOException {
            Files.move(file, file.resolveSibling(file.getFileName() + ".new"));
        }

        void restore(Path file, byte[] content) throws IOException {
            Path old = Files.write(file.resolveSibling("old"), content);
            Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));
            Files.move(old, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @ParameterizedTest
    @EnumSource(Killed.class)
    void theNextStartFinishesItOrTakesItBack(Killed killed) throws Exception {
        SignedLedger signed = SignedLedger.write(folder, "word");
        KeyFiles files = new KeyFiles(signed);
        VerifierKey before = VerifierKey.load(signed.publicKey());
        VerifierKey made;
        try (FileLedger ledger = signed.open();
                Checkpoints checkpoints = signed.start(ledger, List.of())) {
            made = checkpoints.rotate("adam", "local");
            checkpoints.abandon();
        }
        killed.leave(files);

        try (FileLedger ledger = signed.open();
                Checkpoints checkpoints = signed.start(ledger, List.of())) {
            assertThat(checkpoints.publicKey()).isEqualTo(killed.finished ? made : before);
            ledger.append(Records.command("alice", "s1", "web1", 99, "after it")).get(10, SECONDS);
            checkpoints.signNow();
        }

        assertThat(keyFiles()).containsExactlyInAnyOrder("ledger_ed25519", "ledger_ed25519.pub");
        assertThat(SigningKey.load(signed.key).publicKey())
                .isEqualTo(killed.finished ? made : before);
        assertThat(signed.prove(signed.publicKey(), List.of()))
                .isInstanceOf(ProofReport.Proved.class);
    }

    private List<String> keyFiles() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        }
    }
}
