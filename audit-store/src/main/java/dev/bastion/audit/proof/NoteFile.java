package dev.bastion.audit.proof;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file to which notes are added, each synced before the call returns. Thread-safe.
 *
 * <p>A note whose writing failed or was cut short by a kill is cut off before the next is written.
 */
final class NoteFile implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(NoteFile.class);

    private final Path path;
    private FileChannel channel;
    private long end;

    private NoteFile(Path path, FileChannel channel, long end) {
        this.path = path;
        this.channel = channel;
        this.end = end;
    }

    /** Opens it, making it when it is not there; cuts a torn note off its end and says so. */
    static NoteFile open(Path path) throws IOException {
        boolean made = !Files.exists(path);
        Notes notes = Notes.parse(bytes(path));
        FileChannel channel =
                channel(path, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        if (made) {
            syncFolder(path);
        }
        if (notes.tornBytes() > 0) {
            LOG.warn(
                    "Cut {} bytes of a note that was not written whole from {}.",
                    notes.tornBytes(),
                    path);
            channel.truncate(notes.whole());
            channel.force(true);
        }
        return new NoteFile(path, channel, notes.whole());
    }

    private static FileChannel channel(Path path, Set<StandardOpenOption> options)
            throws IOException {
        return FileChannel.open(
                path,
                options,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Its bytes, none when it is not there. */
    static byte[] bytes(Path path) throws IOException {
        try {
            if (Files.size(path) > Notes.MAX_BYTES) {
                throw new IOException(path + " is too large to be read");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    synchronized Notes read() throws IOException {
        return Notes.parse(bytes(path));
    }

    /** Adds a note; it is on the device when this returns. */
    synchronized void append(SignedNote note) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Digests.utf8(note + "\n"));
        long size = bytes.remaining();
        if (!channel.isOpen()) {
            // A thread that was interrupted while it wrote has closed it.
            channel = channel(path, Set.of(StandardOpenOption.WRITE));
        }
        if (channel.size() > end) {
            channel.truncate(end);
        }
        long at = end;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
        channel.force(false);
        end += size;
    }

    /** Puts these in the place of all there are. After a kill there are the old ones or these. */
    synchronized void replace(List<SignedNote> notes) throws IOException {
        var text = new StringBuilder();
        for (SignedNote note : notes) {
            text.append(note).append('\n');
        }
        byte[] bytes = Digests.utf8(text.toString());
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(next);
        FileChannel opened =
                channel(next, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                opened.write(buffer);
            }
            opened.force(true);
            Files.move(
                    next,
                    path,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            syncFolder(path);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        FileChannel old = channel;
        channel = opened;
        end = bytes.length;
        old.close();
    }

    static void syncFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
    }
}
