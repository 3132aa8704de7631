package dev.bastion.server.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes that must not be seen: a password, a private key. Prints as {@code <secret>}; compares in
 * constant time; wiped by {@link #close()}. Confined to one thread at a time.
 */
public final class Secret implements AutoCloseable {

    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes over the array: the caller keeps no copy. */
    public static Secret owning(byte[] bytes) {
        return new Secret(bytes);
    }

    /** For secrets that a library hands over as text. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy, which the caller wipes. */
    public byte[] copyBytes() {
        return bytes.clone();
    }

    /** As text, for a library that takes nothing else; it cannot be wiped. */
    public String reveal() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
