package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import dev.bastion.audit.ledger.LedgerFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An export: a tar file in the ustar format (POSIX.1-1988) with the folders {@code ledger} and
 * {@code recordings}. It is not unpacked. Immutable.
 */
final class TarEvidence implements Evidence {

    private static final int BLOCK = 512;
    private static final int MAX_FILES = 10_000_000;
    private static final String RECORDINGS = "recordings/";
    private static final Pattern SEGMENT = Pattern.compile("ledger/([0-9]{10})\\.segment");

    private final Path tar;
    private final Map<String, Part> parts;
    private final TreeMap<Long, String> segments = new TreeMap<>();

    private TarEvidence(Path tar, Map<String, Part> parts) {
        this.tar = tar;
        this.parts = parts;
        for (String name : parts.keySet()) {
            Matcher segment = SEGMENT.matcher(name);
            if (segment.matches()) {
                segments.put(Long.valueOf(segment.group(1)), name);
            }
        }
    }

    private record Part(long start, long bytes) {}

    /**
     * Looks through the file.
     *
     * @throws IOException with a sentence when it is no such archive, is cut off, or has two files
     *     of one name
     */
    static TarEvidence open(Path tar) throws IOException {
        Map<String, Part> parts = new HashMap<>();
        try (FileSlice file = FileSlice.of(tar)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            long at = 0;
            while (parts.size() < MAX_FILES) {
                block.clear();
                if (file.read(block, at) < BLOCK) {
                    throw new IOException(tar + " is cut off: it has no end of an archive");
                }
                byte[] header = block.array();
                if (header[0] == 0) {
                    break;
                }
                check(tar, header, at);
                long bytes = octal(header, 124, 12);
                if (at + BLOCK + bytes > file.bytes()) {
                    throw new IOException(tar + " is cut off in the middle of " + name(header));
                }
                boolean regular = header[156] == '0' || header[156] == 0;
                if (regular && parts.put(name(header), new Part(at + BLOCK, bytes)) != null) {
                    throw new IOException(tar + " holds " + name(header) + " twice");
                }
                at += BLOCK + (bytes + BLOCK - 1) / BLOCK * BLOCK;
            }
        }
        return new TarEvidence(tar, parts);
    }

    private static void check(Path tar, byte[] header, long at) throws IOException {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != octal(header, 148, 8)) {
            throw new IOException(tar + " is no tar file, or is damaged at byte " + at);
        }
    }

    private static String name(byte[] header) {
        return text(header, 0, 100);
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    /** Octal digits; sizes from 8 GiB on in binary, as GNU tar has them. */
    private static long octal(byte[] header, int from, int length) throws IOException {
        if (header[from] < 0) {
            return ByteBuffer.wrap(header, from + length - 8, 8).getLong();
        }
        try {
            return Long.parseLong(text(header, from, length).strip(), 8);
        } catch (NumberFormatException e) {
            throw new IOException("this is no tar file", e);
        }
    }

    @Override
    public LedgerFiles segments() {
        return new LedgerFiles() {
            @Override
            public List<Long> ordinals() {
                return List.copyOf(segments.keySet());
            }

            @Override
            public FileSlice open(long ordinal) throws IOException {
                return slice(String.valueOf(segments.get(ordinal)));
            }
        };
    }

    @Override
    public byte[] notes(String name) throws IOException {
        if (!parts.containsKey("ledger/" + name)) {
            return new byte[0];
        }
        try (FileSlice slice = slice("ledger/" + name)) {
            if (slice.bytes() > Notes.MAX_BYTES) {
                throw new IOException(name + " is too large to be read");
            }
            byte[] bytes = new byte[(int) slice.bytes()];
            slice.read(ByteBuffer.wrap(bytes), 0);
            return bytes;
        }
    }

    @Override
    public Optional<Set<String>> recordings() {
        Set<String> names =
                parts.keySet().stream()
                        .filter(name -> name.startsWith(RECORDINGS))
                        .map(name -> name.substring(RECORDINGS.length()))
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet());
        return names.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    @Override
    public FileSlice recording(String name) throws IOException {
        return slice(RECORDINGS + name);
    }

    private FileSlice slice(String name) throws IOException {
        Part part = parts.get(name);
        if (part == null) {
            throw new IOException(tar + " does not hold " + name);
        }
        return FileSlice.of(tar, part.start(), part.bytes());
    }
}
