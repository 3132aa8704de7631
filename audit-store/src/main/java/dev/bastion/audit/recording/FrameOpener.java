package dev.bastion.audit.recording;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;

/** Opens what {@link FrameSealer} sealed. Has memory outside the heap; confined to one thread. */
final class FrameOpener implements AutoCloseable {

    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final Cipher cipher = FileKey.cipher();

    /**
     * The content of a frame.
     *
     * @param head its header's bytes
     * @param sealed its sealed bytes
     * @throws RecordingException when it was altered, or belongs elsewhere
     */
    byte[] open(FileKey key, FrameHeader header, byte[] head, byte[] sealed)
            throws RecordingException {
        byte[] compressed;
        try {
            key.begin(cipher, Cipher.DECRYPT_MODE, header.number(), head);
            compressed = cipher.doFinal(sealed);
        } catch (GeneralSecurityException e) {
            throw new RecordingException("it was altered, or belongs elsewhere", e);
        }
        byte[] plain = new byte[header.plainBytes()];
        try {
            int size =
                    zstd.decompressByteArray(
                            plain, 0, plain.length, compressed, 0, compressed.length);
            if (size == plain.length) {
                return plain;
            }
        } catch (ZstdException e) {
            throw new RecordingException("its content cannot be unpacked", e);
        }
        throw new RecordingException("its content has another size than it says");
    }

    @Override
    public void close() {
        zstd.close();
    }
}
