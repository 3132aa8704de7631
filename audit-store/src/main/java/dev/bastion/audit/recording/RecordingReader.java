package dev.bastion.audit.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording's events in order, a frame at a time, and checks each frame. Also while it is
 * written: then {@link #next} may give more later. Confined to one thread; closed by whoever opened
 * it.
 */
public final class RecordingReader implements AutoCloseable {

    private final FileChannel channel;
    private final RecordingHeader header;
    private final FileKey key;
    private final FrameOpener opener = new FrameOpener();
    private final long firstFrame;
    private ByteBuffer content = ByteBuffer.allocate(0);
    private long offset;
    private long frames;
    private long events;
    private long micros;
    private int columns;
    private int rows;
    private RecordingEnd end = new RecordingEnd.Unfinished();
    private @Nullable SeekIndex index;
    private long duration = -1;

    private RecordingReader(
            FileChannel channel, RecordingHeader header, FileKey key, long firstFrame) {
        this.channel = channel;
        this.header = header;
        this.key = key;
        this.firstFrame = firstFrame;
        this.columns = header.subject().columns();
        this.rows = header.subject().rows();
        this.offset = firstFrame;
    }

    /**
     * Opens one.
     *
     * @throws RecordingException when it is none, or its key is not there
     */
    public static RecordingReader open(Path file, RecordingKeys keys) throws RecordingException {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            byte[] head = UnfinishedFile.headerBytes(channel);
            RecordingHeader header = RecordingHeader.decode(head);
            RecordingKey hangsOn =
                    keys.byId(header.keyId())
                            .orElseThrow(() ->
                                    new RecordingException(
                                            "the key that this recording was sealed under"
                                                    + " is not there"));
            FileKey key = FileKey.of(hangsOn, header.identity(), head);
            return new RecordingReader(channel, header, key, head.length);
        } catch (IOException e) {
            closeQuietly(channel);
            throw e instanceof RecordingException sentence
                    ? sentence
                    : new RecordingException("the recording cannot be read: " + e.getMessage(), e);
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written.
        }
    }

    public RecordingHeader header() {
        return header;
    }

    /** The next event; null when there is none (yet), and {@link #end} says why. */
    public @Nullable RecordingEvent next() throws RecordingException {
        while (!content.hasRemaining()) {
            if (end instanceof RecordingEnd.Complete
                    || end instanceof RecordingEnd.Damaged
                    || !readFrame()) {
                return null;
            }
        }
        try {
            RecordingEvent event = EventFormat.read(content, micros);
            micros = event.atMicros();
            events++;
            return event;
        } catch (IllegalArgumentException e) {
            damaged(String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** How many events came before the one that {@link #next} gives. */
    public long events() {
        return events;
    }

    /** Columns of the terminal where {@link #seek} went to; 0 is unknown. */
    public int columns() {
        return columns;
    }

    /** Likewise. */
    public int rows() {
        return rows;
    }

    /** What is known of the end when {@link #next} has given nothing. */
    public RecordingEnd end() {
        return end;
    }

    /** Whether the file has an end, wherever one reads; nothing before it is looked at. */
    public boolean hasEnd() throws RecordingException {
        try {
            return UnfinishedFile.endOf(channel) >= 0;
        } catch (IOException e) {
            throw new RecordingException("the recording cannot be read: " + e.getMessage(), e);
        }
    }

    private void damaged(String why) {
        content = ByteBuffer.allocate(0);
        end =
                new RecordingEnd.Damaged(
                        "frame %d of the recording, at byte %d, is damaged: %s"
                                .formatted(frames, offset, why));
    }

    /** Whether there was one. */
    private boolean readFrame() throws RecordingException {
        try {
            long left = channel.size() - offset;
            if (left < FrameHeader.BYTES) {
                return false;
            }
            byte[] head = UnfinishedFile.read(channel, offset, FrameHeader.BYTES);
            FrameHeader frame = FrameHeader.read(head);
            if (left < frame.frameBytes()) {
                return false;
            }
            byte[] plain = open(frame, head);
            boolean inOrder =
                    frame.number() == frames
                            && frame.firstEvent() == events
                            && frame.micros() >= micros;
            if (!inOrder) {
                throw new RecordingException("it is not the one that follows here");
            }
            if (frame.kind() == FrameHeader.END) {
                finish(frame, plain);
                return false;
            }
            content = ByteBuffer.wrap(plain);
            micros = frame.micros();
            offset += frame.frameBytes();
            frames++;
            return true;
        } catch (RecordingException e) {
            damaged(String.valueOf(e.getMessage()));
            return false;
        } catch (IOException e) {
            throw new RecordingException("the recording cannot be read: " + e.getMessage(), e);
        }
    }

    private byte[] open(FrameHeader frame, byte[] head) throws IOException {
        byte[] sealed =
                UnfinishedFile.read(channel, offset + FrameHeader.BYTES, frame.sealedBytes());
        int checksum =
                ByteBuffer.wrap(
                                UnfinishedFile.read(
                                        channel,
                                        offset + FrameHeader.BYTES + frame.sealedBytes(),
                                        FrameHeader.CHECKSUM_BYTES))
                        .getInt();
        if (checksum != FrameHeader.checksum(sealed, 0, sealed.length)) {
            throw new RecordingException("its checksum is wrong");
        }
        return opener.open(key, frame, head, sealed);
    }

    private void finish(FrameHeader frame, byte[] plain) throws IOException {
        if (channel.size() - offset < frame.frameBytes() + FrameHeader.TRAILER_BYTES) {
            return;
        }
        try {
            ByteBuffer from = ByteBuffer.wrap(plain);
            boolean sums = Varint.read(from) == frames && Varint.read(from) == events;
            if (!sums || UnfinishedFile.endOf(channel) != offset) {
                throw new RecordingException("the end does not fit what comes before it");
            }
        } catch (IllegalArgumentException e) {
            throw new RecordingException("the end cannot be read", e);
        }
        end = new RecordingEnd.Complete();
    }

    /** How long it is in microseconds, as far as it goes. */
    public long durationMicros() throws RecordingException {
        var _ = index();
        return duration;
    }

    /**
     * Goes to a frame that begins before a time, or to the first, with at least so much content
     * between, if there is so much.
     */
    public void seek(long toMicros, long contentBytes) throws RecordingException {
        SeekIndex.Place place = index().before(toMicros, contentBytes);
        content = ByteBuffer.allocate(0);
        end = new RecordingEnd.Unfinished();
        frames = place.frame();
        offset = Math.max(firstFrame, place.offset());
        micros = place.micros();
        events = 0;
        columns = header.subject().columns();
        rows = header.subject().rows();
        try {
            if (channel.size() - offset >= FrameHeader.BYTES) {
                FrameHeader frame =
                        FrameHeader.read(UnfinishedFile.read(channel, offset, FrameHeader.BYTES));
                events = frame.firstEvent();
                columns = frame.columns();
                rows = frame.rows();
            }
        } catch (IOException e) {
            damaged(String.valueOf(e.getMessage()));
        }
    }

    private SeekIndex index() throws RecordingException {
        SeekIndex known = index;
        if (known != null) {
            return known;
        }
        try {
            SeekIndex found = storedIndex();
            if (found != null) {
                index = found;
                return found;
            }
            return scannedIndex();
        } catch (IOException e) {
            throw new RecordingException("the recording cannot be read: " + e.getMessage(), e);
        }
    }

    private @Nullable SeekIndex storedIndex() throws IOException {
        long at = UnfinishedFile.endOf(channel);
        if (at < 0) {
            return null;
        }
        long before = offset;
        offset = at;
        try {
            byte[] head = UnfinishedFile.read(channel, at, FrameHeader.BYTES);
            ByteBuffer from = ByteBuffer.wrap(open(FrameHeader.read(head), head));
            for (int i = 0; i < 3; i++) {
                var _ = Varint.read(from);
            }
            duration = Varint.read(from);
            return SeekIndex.read(from);
        } catch (RecordingException | IllegalArgumentException e) {
            return null;
        } finally {
            offset = before;
        }
    }

    /** By the frames' headers, of a recording without an end; not kept, since it may grow. */
    private SeekIndex scannedIndex() throws IOException {
        SeekIndex found = new SeekIndex();
        long size = channel.size();
        long last = -1;
        duration = 0;
        try {
            for (long at = firstFrame; size - at >= FrameHeader.BYTES; ) {
                FrameHeader frame =
                        FrameHeader.read(UnfinishedFile.read(channel, at, FrameHeader.BYTES));
                if (frame.kind() != FrameHeader.EVENTS || size - at < frame.frameBytes()) {
                    break;
                }
                found.frame(frame.number(), at, frame.micros(), frame.plainBytes());
                duration = frame.micros();
                last = at;
                at += frame.frameBytes();
            }
            if (last >= 0) {
                duration = lastEvent(last);
            }
        } catch (RecordingException | IllegalArgumentException e) {
            // As far as it can be read; reading on says what is wrong.
        }
        return found;
    }

    /**
     * When the last event of a frame was: it may be a second after the first, which its head has.
     */
    private long lastEvent(long at) throws IOException {
        long before = offset;
        offset = at;
        try {
            byte[] head = UnfinishedFile.read(channel, at, FrameHeader.BYTES);
            FrameHeader frame = FrameHeader.read(head);
            ByteBuffer events = ByteBuffer.wrap(open(frame, head));
            long time = frame.micros();
            while (events.hasRemaining()) {
                time = EventFormat.read(events, time).atMicros();
            }
            return time;
        } finally {
            offset = before;
        }
    }

    @Override
    public void close() {
        opener.close();
        closeQuietly(channel);
    }
}
