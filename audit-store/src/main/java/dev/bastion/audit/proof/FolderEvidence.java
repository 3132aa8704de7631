package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import dev.bastion.audit.ledger.LedgerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The files of a bastion, or a copy of them.
 *
 * @param recordingFolder need not exist
 */
public record FolderEvidence(Path ledger, Path recordingFolder) implements Evidence {

    @Override
    public LedgerFiles segments() {
        return LedgerFiles.in(ledger);
    }

    @Override
    public byte[] notes(String name) throws IOException {
        return NoteFile.bytes(ledger.resolve(name));
    }

    @Override
    public Optional<Set<String>> recordings() throws IOException {
        if (!Files.isDirectory(recordingFolder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(recordingFolder)) {
            return Optional.of(
                    files.filter(Files::isRegularFile)
                            .map(file -> String.valueOf(file.getFileName()))
                            .collect(Collectors.toSet()));
        }
    }

    @Override
    public FileSlice recording(String name) throws IOException {
        return FileSlice.of(recordingFolder.resolve(name));
    }

    /** Of one of these, in hexadecimal. */
    public String sha256(String name) throws IOException {
        try (FileSlice slice = recording(name)) {
            return Digests.sha256(slice);
        }
    }
}
