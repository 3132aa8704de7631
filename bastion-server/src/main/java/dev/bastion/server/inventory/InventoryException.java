package dev.bastion.server.inventory;

/** What was asked cannot be done; the message is a sentence for an administrator. */
public final class InventoryException extends RuntimeException {

    public InventoryException(String message) {
        super(message);
    }

    public InventoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
