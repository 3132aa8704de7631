package dev.bastion.server.vault;

/** A secret cannot be sealed or opened; the message is a sentence without any secret in it. */
public final class VaultException extends RuntimeException {

    public VaultException(String message) {
        super(message);
    }

    public VaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
