package dev.bastion.server.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code HOST:PORT}; an IPv6 address stands in brackets. */
record ListenAddress(String host, int port) {

    private static final Pattern FORM =
            Pattern.compile(
                    "(?:\\[(?<six>[0-9A-Fa-f:.%a-z]+)\\]|(?<host>[^:\\[\\]]+)):(?<port>[0-9]{1,5})");

    /**
     * Reads it.
     *
     * @throws SettingsException when it is not of this form
     */
    static ListenAddress parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group("port")) > 65_535) {
            throw new SettingsException(
                    "the address to listen on must be HOST:PORT, was '" + text + "'");
        }
        String six = form.group("six");
        return new ListenAddress(
                six == null ? form.group("host") : six, Integer.parseInt(form.group("port")));
    }

    Settings applyTo(Settings settings) {
        return settings.listening(host, port);
    }
}
