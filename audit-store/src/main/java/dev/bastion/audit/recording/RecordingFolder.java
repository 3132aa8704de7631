package dev.bastion.audit.recording;

import dev.bastion.audit.SessionId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of files: a session's recording, and beside it an empty file as long as the ledger does not
 * have its hash. Thread-safe.
 */
record RecordingFolder(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(RecordingFolder.class);
    private static final String OPEN = ".open";

    static String name(SessionId session) {
        return session.value() + Recordings.SUFFIX;
    }

    Path file(SessionId session) {
        return folder.resolve(name(session));
    }

    private Path mark(SessionId session) {
        return folder.resolve(session.value() + OPEN);
    }

    /** Marks a recording that is about to be made. */
    void begin(SessionId session) throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createFile(
                mark(session),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** The ledger has its hash, or it could not be made. */
    void ended(SessionId session) {
        try {
            Files.deleteIfExists(mark(session));
        } catch (IOException e) {
            LOG.warn("The mark of a finished recording could not be deleted.", e);
        }
    }

    /** So that files have their names after a power cut. */
    void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether the ledger has the hash of this file, which is then a recording that has ended. */
    boolean hasEnded(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(Recordings.SUFFIX)) {
            return false;
        }
        String session = name.substring(0, name.length() - Recordings.SUFFIX.length());
        return Files.notExists(folder.resolve(session + OPEN));
    }

    /** Sessions whose recordings are marked. */
    List<SessionId> unfinished() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("[0-9a-z]{1,32}\\.open"))
                    .map(name -> new SessionId(name.substring(0, name.length() - OPEN.length())))
                    .toList();
        }
    }
}
