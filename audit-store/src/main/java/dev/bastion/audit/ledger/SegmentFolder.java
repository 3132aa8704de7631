package dev.bastion.audit.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names in a ledger's folder: {@code 0000000001.segment} and up without a gap, {@code
 * next.segment.new} for the next one, {@code ledger.lock}. Immutable.
 */
record SegmentFolder(Path path) implements LedgerFiles {

    private static final Pattern NAME = Pattern.compile("([0-9]{10})\\.segment");

    Path segment(long ordinal) {
        return path.resolve(name(ordinal));
    }

    Path unfinished() {
        return path.resolve("next.segment.new");
    }

    Path lock() {
        return path.resolve("ledger.lock");
    }

    /** The name of a segment's file. */
    static String name(long ordinal) {
        String digits = Long.toString(ordinal);
        return "0".repeat(Math.max(0, 10 - digits.length())) + digits + ".segment";
    }

    /** Deletes all segments up to this one, the oldest first, so that none is missing between. */
    void deleteUpTo(long ordinal) throws IOException {
        for (long each : ordinals()) {
            if (each <= ordinal) {
                Files.deleteIfExists(segment(each));
            }
        }
    }

    boolean has(long ordinal) {
        return Files.exists(segment(ordinal));
    }

    @Override
    public FileSlice open(long ordinal) throws IOException {
        return FileSlice.of(segment(ordinal));
    }

    @Override
    public List<Long> ordinals() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> NAME.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(name -> Long.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        }
    }
}
