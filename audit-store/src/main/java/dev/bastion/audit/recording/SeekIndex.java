package dev.bastion.audit.recording;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Places in a recording's file, sparse, in order. Mutable while it is made; confined to whoever
 * makes it.
 */
final class SeekIndex {

    /**
     * Where a frame begins.
     *
     * @param frame its number
     * @param offset in the file
     * @param micros of its first event
     * @param plainBytes of content before it
     */
    record Place(long frame, long offset, long micros, long plainBytes) {}

    /** More are thinned out. */
    static final int MOST_PLACES = 4_096;

    private static final long EVERY_BYTES = 256 << 10;
    private static final long EVERY_MICROS = 10_000_000;

    private final List<Place> places = new ArrayList<>(0);
    private long stride = 1;
    private long plainBytes;

    /** A frame is about to be written, or was found, behind all others. */
    void frame(long number, long offset, long micros, int plain) {
        Place last = places.isEmpty() ? null : places.getLast();
        boolean far =
                last == null
                        || plainBytes - last.plainBytes >= EVERY_BYTES * stride
                        || micros - last.micros >= EVERY_MICROS * stride;
        if (far) {
            places.add(new Place(number, offset, micros, plainBytes));
            if (places.size() > MOST_PLACES) {
                thin();
            }
        }
        plainBytes += plain;
    }

    private void thin() {
        List<Place> kept = new ArrayList<>(MOST_PLACES);
        for (int i = 0; i < places.size(); i += 2) {
            kept.add(places.get(i));
        }
        places.clear();
        places.addAll(kept);
        stride *= 2;
    }

    /**
     * The last place that is before this time, or the first of all, with at least so much content
     * between. One that begins at this very time may follow others that do.
     */
    Place before(long micros, long contentBytes) {
        Place found = new Place(0, -1, 0, 0);
        long reached = 0;
        for (Place place : places) {
            if (place.micros >= micros) {
                break;
            }
            reached = place.plainBytes;
        }
        for (Place place : places) {
            boolean behind = place.micros >= micros || place.plainBytes > reached - contentBytes;
            if (found.offset >= 0 && behind) {
                break;
            }
            found = place;
        }
        return found;
    }

    void writeTo(ByteArrayOutputStream bytes) {
        Varint.write(bytes, places.size());
        Place last = new Place(0, 0, 0, 0);
        for (Place place : places) {
            Varint.write(bytes, place.frame - last.frame);
            Varint.write(bytes, place.offset - last.offset);
            Varint.write(bytes, place.micros - last.micros);
            Varint.write(bytes, place.plainBytes - last.plainBytes);
            last = place;
        }
    }

    static SeekIndex read(ByteBuffer from) {
        SeekIndex index = new SeekIndex();
        long count = Varint.read(from);
        if (count > MOST_PLACES) {
            throw new IllegalArgumentException("the index is too long");
        }
        Place last = new Place(0, 0, 0, 0);
        for (long i = 0; i < count; i++) {
            last =
                    new Place(
                            last.frame + Varint.read(from),
                            last.offset + Varint.read(from),
                            last.micros + Varint.read(from),
                            last.plainBytes + Varint.read(from));
            index.places.add(last);
        }
        return index;
    }
}
