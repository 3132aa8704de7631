package dev.bastion.server.gateway;

import java.io.IOException;

/** A connection is not let in; the message says why, to whoever runs the bastion. */
final class RefusedConnectionException extends IOException {

    private static final long serialVersionUID = 1L;

    RefusedConnectionException(String message) {
        super(message);
    }
}
