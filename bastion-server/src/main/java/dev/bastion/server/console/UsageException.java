package dev.bastion.server.console;

/** The command is written wrongly; the message says what would be right. Exit status 2. */
final class UsageException extends RuntimeException {

    UsageException(String message) {
        super(message);
    }
}
