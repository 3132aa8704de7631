package dev.bastion.server.identity;

/** A value that somebody gave breaks a rule; the message is a sentence for them that names it. */
public final class InvalidValueException extends IllegalArgumentException {

    public InvalidValueException(String message) {
        super(message);
    }
}
