package dev.bastion.server.console;

/** The command is refused or fails; the message is a sentence for the caller. Exit status 1. */
final class RefusedException extends RuntimeException {

    RefusedException(String message) {
        super(message);
    }
}
