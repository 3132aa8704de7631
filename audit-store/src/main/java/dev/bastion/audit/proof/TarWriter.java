package dev.bastion.audit.proof;

import dev.bastion.audit.ledger.FileSlice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes files one after the other as a tar file in the ustar format. Confined to one thread. */
final class TarWriter {

    private static final int BLOCK = 512;
    private static final int COPY_BYTES = 256 << 10;

    /** What eleven octal digits can say. */
    private static final long MAX_BYTES = 8L << 30;

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    void file(String name, byte[] bytes) throws IOException {
        header(name, bytes.length);
        out.write(bytes);
        pad(bytes.length);
    }

    /** The first bytes of a file, which must be there. */
    void file(String name, FileSlice slice, long bytes) throws IOException {
        header(name, bytes);
        byte[] copied = new byte[COPY_BYTES];
        for (long at = 0; at < bytes; ) {
            int wanted = (int) Math.min(COPY_BYTES, bytes - at);
            if (slice.read(ByteBuffer.wrap(copied, 0, wanted), at) < wanted) {
                throw new IOException(name + " has become shorter");
            }
            out.write(copied, 0, wanted);
            at += wanted;
        }
        pad(bytes);
    }

    /** Two empty blocks. */
    void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
        out.flush();
    }

    private void header(String name, long bytes) throws IOException {
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path.length > 100 || bytes >= MAX_BYTES) {
            throw new IOException(name + " does not fit into an export");
        }
        ByteBuffer header = ByteBuffer.allocate(BLOCK);
        put(header, 0, path);
        put(header, 100, ascii("0000600\0"));
        put(header, 108, ascii("0000000\0"));
        put(header, 116, ascii("0000000\0"));
        put(header, 124, ascii("%011o\0".formatted(bytes)));
        put(header, 136, ascii("00000000000\0"));
        put(header, 148, ascii("        0"));
        put(header, 257, ascii("ustar\00000"));
        int sum = 0;
        for (byte each : header.array()) {
            sum += each & 0xff;
        }
        put(header, 148, ascii("%06o\0 ".formatted(sum)));
        out.write(header.array());
    }

    private static void put(ByteBuffer to, int at, byte[] bytes) {
        to.position(at).put(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void pad(long bytes) throws IOException {
        out.write(new byte[(int) (-bytes & (BLOCK - 1))]);
    }
}
