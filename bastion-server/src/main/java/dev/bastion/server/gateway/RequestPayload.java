package dev.bastion.server.gateway;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of a channel request (RFC 4251 section 5). A field that is cut short reads as
 * empty or 0: the request is then refused by its values.
 */
final class RequestPayload {

    private final ByteBuffer payload;

    RequestPayload(byte[] payload) {
        this.payload = ByteBuffer.wrap(payload);
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    byte[] bytes() {
        int length = number();
        if (length < 0 || length > payload.remaining()) {
            return new byte[0];
        }
        byte[] bytes = new byte[length];
        payload.get(bytes);
        return bytes;
    }

    int number() {
        try {
            return payload.getInt();
        } catch (BufferUnderflowException e) {
            return 0;
        }
    }
}
