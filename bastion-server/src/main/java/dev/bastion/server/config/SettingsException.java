package dev.bastion.server.config;

/** The settings are wrong; the message names the place and says what would be right. */
public final class SettingsException extends RuntimeException {

    public SettingsException(String message) {
        super(message);
    }

    SettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
