package dev.bastion.server.backend;

/**
 * A host let the bastion in and then did not do what was asked; the message is a sentence for the
 * operator.
 */
public final class HostRefusedException extends Exception {

    HostRefusedException(String sentence) {
        super(sentence);
    }
}
