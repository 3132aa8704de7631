package dev.bastion.audit.recording;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One recording's file while it is written. Whatever was given to it and could not be sealed or
 * written is kept, and tried again at the same place before anything else. Confined to its
 * recording's writer.
 */
final class RecordingFile {

    private final FileChannel channel;
    private final FileKey key;
    private final MessageDigest hash = sha256();
    private final SeekIndex index = new SeekIndex();
    private long size;
    private long frames;
    private long events;
    private @Nullable Content unsealed;
    private byte @Nullable [] unwritten;

    /** What the next frame is made of. */
    private record Content(byte kind, EventChunk chunk) {}

    private RecordingFile(FileChannel channel, FileKey key) {
        this.channel = channel;
        this.key = key;
    }

    /** Makes it, with its header, mode 0600. */
    static RecordingFile create(Path file, RecordingHeader header, RecordingKey hangsOn)
            throws IOException {
        byte[] head = header.encode();
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        RecordingFile made =
                new RecordingFile(channel, FileKey.of(hangsOn, header.identity(), head));
        try {
            made.write(head);
            return made;
        } catch (IOException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    void append(FrameSealer sealer, EventChunk chunk) throws IOException {
        events += chunk.events();
        add(sealer, new Content(FrameHeader.EVENTS, chunk));
    }

    /** Writes what could not be written before. */
    void retry(FrameSealer sealer) throws IOException {
        byte[] again = unwritten;
        Content left = unsealed;
        if (again != null) {
            write(again);
        } else if (left != null) {
            add(sealer, left);
        }
    }

    private void add(FrameSealer sealer, Content content) throws IOException {
        unsealed = content;
        EventChunk chunk = content.chunk;
        byte[] frame = sealer.seal(key, content.kind, frames, chunk);
        unsealed = null;
        if (content.kind == FrameHeader.END) {
            write(withTrailer(frame));
            return;
        }
        index.frame(frames, size, chunk.micros, chunk.size());
        frames++;
        write(frame);
    }

    /**
     * Writes the end, which nothing can follow.
     *
     * @param micros how long the session was
     */
    void end(FrameSealer sealer, long outputBytes, long micros) throws IOException {
        var content = new ByteArrayOutputStream();
        Varint.write(content, frames);
        Varint.write(content, events);
        Varint.write(content, outputBytes);
        Varint.write(content, micros);
        index.writeTo(content);
        EventChunk last = EventChunk.end(micros, events, content.toByteArray());
        add(sealer, new Content(FrameHeader.END, last));
    }

    private byte[] withTrailer(byte[] frame) {
        byte[] trailer =
                ByteBuffer.allocate(FrameHeader.TRAILER_BYTES).putLong(size).putInt(0).array();
        ByteBuffer.wrap(trailer).putInt(Long.BYTES, FrameHeader.checksum(trailer, 0, Long.BYTES));
        ByteBuffer both = ByteBuffer.allocate(frame.length + trailer.length);
        return both.put(frame).put(trailer).array();
    }

    /** Syncs and closes it. */
    void close() throws IOException {
        try (channel) {
            channel.force(true);
        }
    }

    /** Of the frames that were given to it, in the file or not. */
    long events() {
        return unwritten == null && unsealed == null ? events : 0;
    }

    long size() {
        return size;
    }

    /** Of all that was written; asked once. */
    String hash() {
        return HexFormat.of().formatHex(hash.digest());
    }

    private void write(byte[] bytes) throws IOException {
        unwritten = bytes;
        ByteBuffer from = ByteBuffer.wrap(bytes);
        while (from.hasRemaining()) {
            channel.write(from, size + from.position());
        }
        unwritten = null;
        hash.update(bytes);
        size += bytes.length;
    }
}
