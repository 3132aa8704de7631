package dev.bastion.server.tap;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What went through an open file in one direction: how much, where, and its SHA-256 as long as each
 * piece begins where the one before it ended, from offset 0 on. Confined to its tap's lock.
 */
public final class Transfer {

    private long bytes;
    private long start = -1;
    private long end;
    private long next;
    private boolean inOrder = true;
    private @Nullable String failure;
    private @Nullable MessageDigest digest;

    /** A piece of the file comes; its bytes are told of by {@link #data}. */
    public void piece(long offset, int length) {
        if (offset != next) {
            notInOrder();
        }
        next = offset + length;
        bytes += length;
        if (length > 0) {
            start = start < 0 ? offset : Math.min(start, offset);
            end = Math.max(end, next);
        }
    }

    public void data(byte[] array, int offset, int length) {
        if (inOrder) {
            digest().update(array, offset, length);
        }
    }

    /** From now on there is no hash. */
    public void notInOrder() {
        inOrder = false;
        digest = null;
    }

    /** The file is cut or grown to this length. */
    public void resized(long length) {
        if (length != next) {
            notInOrder();
        }
    }

    /** A piece of so many bytes did not go through. */
    public void failed(int length, String result) {
        bytes -= length;
        notInOrder();
        if (failure == null) {
            failure = result;
        }
    }

    public long bytes() {
        return bytes;
    }

    /** From the first byte to the last, e.g. {@code 0-1023}; empty when there was none. */
    public String range() {
        return start < 0 ? "" : start + "-" + (end - 1);
    }

    /** How the whole of it went, when closing the file went like this. */
    public String result(String closed) {
        return failure == null ? closed : failure;
    }

    /** In hexadecimal; absent when the bytes did not come in order. */
    public @Nullable String sha256() {
        return inOrder ? HexFormat.of().formatHex(digest().digest()) : null;
    }

    private MessageDigest digest() {
        MessageDigest made = digest;
        if (made == null) {
            try {
                made = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
            digest = made;
        }
        return made;
    }
}
