package dev.bastion.server.tap;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command by which a client of the old scp protocol starts the other end on the host.
 *
 * @param toHost whether files go to the host ({@code -t}) or come from it ({@code -f})
 * @param argument the paths as they stand in the command; the host's shell may read them otherwise
 */
public record ScpCommand(boolean toHost, String argument) {

    private static final Pattern FORM =
            Pattern.compile(
                    "\\s*(?:\\S*/)?scp(?<options>(?:\\s+-[A-Za-z0-9]+)+)\\s+(?:--\\s+)?(?<argument>.*)",
                    Pattern.DOTALL);

    /** Longest part of a command that is looked at. */
    private static final int LONGEST_CHARS = 32 << 10;

    /** Empty for every other command. */
    public static Optional<ScpCommand> of(String command) {
        if (command.length() > LONGEST_CHARS) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(command);
        if (!form.matches()) {
            return Optional.empty();
        }
        boolean to = form.group("options").indexOf('t') >= 0;
        boolean from = form.group("options").indexOf('f') >= 0;
        return to == from
                ? Optional.empty()
                : Optional.of(new ScpCommand(to, form.group("argument")));
    }
}
