package dev.bastion.audit.recording;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** Compresses and seals frames. Has memory of its own outside the heap; used by one at a time. */
final class FrameSealer implements AutoCloseable {

    /** Of zstd: the fastest of the ordinary ones. */
    private static final int LEVEL = 1;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final Cipher cipher = FileKey.cipher();
    private byte[] compressed = new byte[(int) Zstd.compressBound(EventChunk.LIMIT_BYTES)];

    FrameSealer() {
        zstd.setLevel(LEVEL).setChecksum(false).setContentSize(false).setDictID(false);
    }

    /** One whole frame with its checksum. */
    byte[] seal(FileKey key, byte kind, long number, EventChunk chunk) {
        byte[] plain = chunk.bytes();
        int length = chunk.size();
        int bound = (int) Zstd.compressBound(length);
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int size = zstd.compressByteArray(compressed, 0, bound, plain, 0, length);
        FrameHeader header =
                new FrameHeader(
                        size + FrameHeader.TAG_BYTES,
                        kind,
                        number,
                        chunk.micros,
                        chunk.firstEvent,
                        chunk.columns,
                        chunk.rows,
                        length);
        byte[] frame = new byte[header.frameBytes()];
        header.writeTo(frame);
        try {
            key.begin(cipher, Cipher.ENCRYPT_MODE, number, frame);
            int sealed = cipher.doFinal(compressed, 0, size, frame, FrameHeader.BYTES);
            ByteBuffer.wrap(frame)
                    .putInt(
                            FrameHeader.BYTES + sealed,
                            FrameHeader.checksum(frame, FrameHeader.BYTES, sealed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a frame could not be sealed", e);
        }
        return frame;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
