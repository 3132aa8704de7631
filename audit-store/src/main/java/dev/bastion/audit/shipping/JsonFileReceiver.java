package dev.bastion.audit.shipping;

import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Appends lines to a file, which is made with mode 0600. When another file has taken its name, or
 * none has it any more, the lines after that go to the one of that name.
 *
 * <p>It is synced once a second while entries come, and only then is their position safe.
 */
final class JsonFileReceiver implements Receiver {

    private static final int MOST_SWAPS = 100;

    private final Path path;
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private LedgerPosition written = LedgerPosition.START;
    private LedgerPosition safe = LedgerPosition.START;

    JsonFileReceiver(Path path) {
        this.path = path;
    }

    @Override
    public void open(LedgerPosition from) throws IOException {
        written = from;
        safe = from;
        reopen();
    }

    @Override
    public void take(List<LedgerEntry> entries) throws IOException {
        FileChannel to = channel;
        if (to == null || !Objects.equals(key, keyOf(path))) {
            sync();
            to = reopen();
        }
        ByteBuffer lines = ByteBuffer.wrap(JsonLine.lines(entries));
        while (lines.hasRemaining()) {
            to.write(lines);
        }
        written = entries.getLast().position();
    }

    @Override
    public void settle() throws IOException {
        if (!safe.equals(written)) {
            sync();
            safe = written;
        }
    }

    private void sync() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            open.force(false);
        }
    }

    /** Opens the file that has the name, even while others give the name away. */
    private FileChannel reopen() throws IOException {
        close();
        for (int swaps = 0; swaps < MOST_SWAPS; swaps++) {
            Object before = keyOf(path);
            FileChannel opened =
                    FileChannel.open(
                            path,
                            Set.of(
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.CREATE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")));
            try {
                if (before != null && before.equals(keyOf(path))) {
                    endTornLine(opened);
                    channel = opened;
                    key = before;
                    return opened;
                }
            } catch (IOException e) {
                opened.close();
                throw e;
            }
            opened.close();
            syncFolder();
        }
        throw new IOException("the file is replaced all the time");
    }

    /** A file that was just made is still there after a power cut. */
    private void syncFolder() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /** A line that a full disk or a crash cut off ends here; its entry is written once more. */
    private static void endTornLine(FileChannel file) throws IOException {
        long size = file.size();
        file.position(size);
        if (size > 0) {
            ByteBuffer last = ByteBuffer.allocate(1);
            if (file.read(last, size - 1) == 1 && last.get(0) != '\n') {
                file.write(ByteBuffer.wrap(new byte[] {'\n'}));
            }
        }
    }

    /** Device and inode; null when there is no such file. */
    private static @Nullable Object keyOf(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    @Override
    public LedgerPosition safe() {
        return safe;
    }

    @Override
    public void close() throws IOException {
        FileChannel old = channel;
        channel = null;
        if (old != null) {
            old.close();
        }
    }
}
