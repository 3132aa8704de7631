package dev.bastion.server.vault;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.bastion.audit.recording.RecordingKey;
import dev.bastion.audit.recording.RecordingKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of recordings, each sealed under the master key, one a line; the last one is for new
 * recordings. Read when the first is needed, and made when there is no file. Thread-safe.
 */
public final class RecordingKeyFile implements RecordingKeys {

    private static final int KEY_BYTES = 32;

    private final Path file;
    private final Vault vault;
    private final SecureRandom random = new SecureRandom();

    @GuardedBy("this")
    private @Nullable List<RecordingKey> keys;

    public RecordingKeyFile(Path file, Vault vault) {
        this.file = file;
        this.vault = vault;
    }

    /**
     * @throws VaultException with a sentence when they do not open
     */
    @Override
    public RecordingKey current() {
        return keys().getLast();
    }

    @Override
    public Optional<RecordingKey> byId(long id) {
        return keys().stream().filter(key -> key.id() == id).findFirst();
    }

    private synchronized List<RecordingKey> keys() {
        List<RecordingKey> known = keys;
        if (known == null) {
            if (Files.notExists(file)) {
                known = List.of(fresh());
                write(known, vault);
            } else {
                known = read();
            }
            keys = known;
        }
        return known;
    }

    /** From now on new recordings have another key; the older ones keep theirs. */
    public synchronized void addKey() {
        List<RecordingKey> more = new ArrayList<>(keys());
        more.add(fresh());
        write(more, vault);
        keys = List.copyOf(more);
    }

    /** Seals the same keys under another master key; no recording is touched. */
    public synchronized void sealUnder(Vault other) {
        write(keys(), other);
    }

    private RecordingKey fresh() {
        byte[] bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        return new RecordingKey(random.nextLong(), key(bytes));
    }

    private static SecretKeySpec key(byte[] bytes) {
        try {
            return new SecretKeySpec(bytes, "Generic");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Vault.Place place(long id) {
        return new Vault.Place("recording.keys", Long.toHexString(id), "", "recording-key");
    }

    private List<RecordingKey> read() {
        List<RecordingKey> found = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", -1);
                long id = Long.parseUnsignedLong(words[0], 16);
                byte[] sealed = Base64.getDecoder().decode(words[1]);
                try (Secret secret = vault.open(place(id), sealed)) {
                    found.add(new RecordingKey(id, key(secret.copyBytes())));
                }
            }
            if (found.isEmpty()) {
                throw new IOException("it is empty");
            }
            return List.copyOf(found);
        } catch (IOException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            throw new VaultException("the keys of recordings " + file + " cannot be read", e);
        } catch (VaultException e) {
            throw new VaultException(
                    "the keys of recordings "
                            + file
                            + " do not open: they were altered, or sealed under another master"
                            + " key; put that one back, or move the file away to go on without the"
                            + " recordings made so far",
                    e);
        }
    }

    private void write(List<RecordingKey> all, Vault under) {
        StringBuilder lines = new StringBuilder();
        for (RecordingKey key : all) {
            byte[] bytes = key.key().getEncoded();
            try (Secret secret = Secret.owning(bytes)) {
                lines.append(Long.toHexString(key.id()))
                        .append(' ')
                        .append(
                                Base64.getEncoder()
                                        .encodeToString(under.seal(place(key.id()), secret)))
                        .append('\n');
            }
        }
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(next);
            try (FileChannel channel =
                    FileChannel.open(
                            next,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer buffer =
                        ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.US_ASCII));
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            // Without its name after a power cut, nothing that was recorded opens.
            try (FileChannel folder =
                    FileChannel.open(
                            Objects.requireNonNull(file.toAbsolutePath().getParent()),
                            StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw new VaultException("the keys of recordings " + file + " cannot be written", e);
        }
    }
}
