package dev.bastion.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All files of a folder whose bastion runs on: some go while they are read, e.g. of the index. */
final class LiveFolder {

    private static final int TRIES = 20;

    private LiveFolder() {}

    /**
     * The files below {@code folder}, or that file itself, each byte as the character of its
     * number. If one goes meanwhile, they are read anew, since its content may be in another.
     */
    static Map<Path, String> read(Path folder) {
        for (int i = 1; ; i++) {
            try {
                return readOnce(folder);
            } catch (IOException | UncheckedIOException e) {
                Throwable cause =
                        e instanceof UncheckedIOException && e.getCause() != null
                                ? e.getCause()
                                : e;
                if (i == TRIES || !(cause instanceof NoSuchFileException)) {
                    throw new AssertionError(folder + " could not be read", e);
                }
            }
        }
    }

    private static Map<Path, String> readOnce(Path folder) throws IOException {
        Map<Path, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(file, Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }
}
