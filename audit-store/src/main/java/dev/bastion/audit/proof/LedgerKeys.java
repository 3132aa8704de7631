package dev.bastion.audit.proof;

import dev.bastion.audit.AuditLogException;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The key that signs now, and the file of all changes of it. Confined to the lock of its owner.
 *
 * <p>A change goes: the new key beside the old one, the record in the ledger, the note in the file,
 * the old key destroyed, the new one in its place. Whatever a kill leaves, opening either finishes
 * it (the note is there) or takes it back.
 */
final class LedgerKeys implements Closeable {

    private final Path file;
    private final NoteFile notes;
    private SigningKey key;

    private LedgerKeys(Path file, NoteFile notes, SigningKey key) {
        this.file = file;
        this.notes = notes;
        this.key = key;
    }

    /**
     * Opens both, making them when neither is there. What a kill left of a first key that has
     * signed nothing is finished, or made anew.
     *
     * @throws IOException with a sentence when the key is missing and something is there that it
     *     has signed
     */
    static LedgerKeys open(Path ledgerFolder, ProofOptions options) throws IOException {
        Path file = options.key();
        Path notesFile = ledgerFolder.resolve(Evidence.KEYS);
        List<SignedNote> before = Notes.parse(NoteFile.bytes(notesFile)).readable();
        finishChange(file, before);
        boolean signed = hasSigned(ledgerFolder);
        if (!Files.exists(file) && signed) {
            throw new IOException(
                    "the ledger's signing key "
                            + file
                            + " is missing: put it back; without it nobody can sign what comes"
                            + " after the last checkpoint");
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        if (!signed) {
            SigningKey.recover(file, options.node());
        }
        SigningKey key =
                Files.exists(file)
                        ? SigningKey.load(file)
                        : SigningKey.create(file, options.node());
        return new LedgerKeys(file, NoteFile.open(notesFile), key);
    }

    /** Whether anything is there that a key has signed, or began to. */
    private static boolean hasSigned(Path ledgerFolder) throws IOException {
        for (String name : List.of(Evidence.KEYS, Evidence.CHECKPOINTS, Evidence.REMOVED)) {
            Path notes = ledgerFolder.resolve(name);
            if (Files.exists(notes) && Files.size(notes) > 0) {
                return true;
            }
        }
        return false;
    }

    private static void finishChange(Path file, List<SignedNote> changes) throws IOException {
        Path next = next(file);
        Path nextPublic = SigningKey.publicFile(next);
        var _ = SigningKey.deleteUnwritten(next);
        if (!Files.exists(nextPublic)) {
            return;
        }
        if (isNoted(next, changes)) {
            replace(file);
        } else {
            Files.deleteIfExists(next);
            Files.delete(nextPublic);
        }
    }

    /** Whether the file of changes says that the new key signs. */
    private static boolean isNoted(Path next, List<SignedNote> changes) throws IOException {
        VerifierKey made;
        try {
            made = VerifierKey.load(SigningKey.publicFile(next));
        } catch (IOException e) {
            if (Files.exists(next)) {
                throw e;
            }
            // It was not whole when the kill came: the private half comes after it.
            return false;
        }
        return !changes.isEmpty() && KeyChange.of(changes.getLast()).key().equals(made);
    }

    private static Path next(Path file) {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    /** Each step may have been done already. */
    private static void replace(Path file) throws IOException {
        Path next = next(file);
        if (Files.exists(next)) {
            if (Files.exists(file)) {
                SigningKey.destroy(file);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.move(
                SigningKey.publicFile(next),
                SigningKey.publicFile(file),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        NoteFile.syncFolder(file);
    }

    SigningKey key() {
        return key;
    }

    /** Whether nothing says yet that this key signs. */
    boolean isNew() throws IOException {
        return notes.read().entries().isEmpty();
    }

    /**
     * What says that the first key signs, while no key has followed it.
     *
     * @throws IOException with a sentence when it is not about this key, or not signed by it
     */
    Optional<KeyChange> onlyFirst() throws IOException {
        Notes all = notes.read();
        if (all.entries().size() != 1) {
            return Optional.empty();
        }
        KeyChange first;
        try {
            first = KeyChange.of(all.readable().getFirst());
        } catch (IllegalArgumentException | NoSuchElementException e) {
            throw new IOException("the file " + Evidence.KEYS + " cannot be read", e);
        }
        if (!first.key().equals(key.publicKey()) || first.previous() != null || !first.signed()) {
            throw new IOException(
                    "the ledger's signing key "
                            + file
                            + " is not the one that "
                            + Evidence.KEYS
                            + " names: put that one back");
        }
        return Optional.of(first);
    }

    /** Says that the first key signs from the beginning. */
    KeyChange begin(Instant now) throws IOException {
        String text = KeyChange.text(key.node(), LedgerPosition.START, key.publicKey(), null, now);
        SignedNote note = key.sign(text);
        notes.append(note);
        return KeyChange.of(note);
    }

    /** Records a change; returns when the record is durable. */
    interface Recorder {

        /**
         * Appends it.
         *
         * @throws AuditLogException when it is not
         */
        void record(KeyChange change);
    }

    /** Makes a new key the one that signs, and destroys the old one. */
    VerifierKey change(LedgerPosition at, Instant now, Recorder recorder) throws IOException {
        finishChange(file, notes.read().readable());
        SigningKey made = SigningKey.create(next(file), key.node());
        String text = KeyChange.text(key.node(), at, made.publicKey(), key.publicKey(), now);
        SignedNote note = key.sign(text).with(made.sign(text));
        recorder.record(KeyChange.of(note));
        notes.append(note);
        key = made;
        replace(file);
        return made.publicKey();
    }

    @Override
    public void close() throws IOException {
        notes.close();
    }
}
