package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one receiver has got, in a file of three lines: its name, the number of the entry, and
 * that entry's hash. Replaced as a whole and synced. Confined to one thread.
 */
final class PositionFile {

    private static final Logger LOG = LoggerFactory.getLogger(PositionFile.class);
    private static final int NAME_BYTES = 8;

    private final Path file;
    private final String receiver;

    private PositionFile(Path file, String receiver) {
        this.file = file;
        this.receiver = receiver;
    }

    /** The file of a receiver; its name is a part of the hash of the receiver's. */
    static PositionFile of(Path folder, String receiver) {
        String name = HexFormat.of().formatHex(sha256(receiver), 0, NAME_BYTES);
        return new PositionFile(folder.resolve(name + ".position"), receiver);
    }

    Path path() {
        return file;
    }

    /** The saved position; the start when there is none that can be read. */
    LedgerPosition read() {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return LedgerPosition.START;
        } catch (IOException e) {
            LOG.warn("{} cannot be read: {} is given all entries again.", file, receiver, e);
            return LedgerPosition.START;
        }
        try {
            if (lines.size() == 3) {
                return new LedgerPosition(
                        Long.parseLong(lines.get(1)), new EntryHash(lines.get(2)));
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("A position that is none.", e);
        }
        LOG.warn("{} holds no position: {} is given all entries again.", file, receiver);
        return LedgerPosition.START;
    }

    void write(LedgerPosition position) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("A position cannot be the root of the file system.");
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        Path unfinished = folder.resolve(file.getFileName() + ".new");
        String text = receiver + "\n" + position.sequence() + "\n" + position.hash() + "\n";
        try (FileChannel channel =
                FileChannel.open(
                        unfinished,
                        Set.of(
                                StandardOpenOption.WRITE,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.TRUNCATE_EXISTING),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
        Files.move(
                unfinished,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }
}
