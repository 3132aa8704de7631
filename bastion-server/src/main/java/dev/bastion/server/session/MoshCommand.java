package dev.bastion.server.session;

import java.util.regex.Pattern;

/**
 * The command by which the client {@code mosh} starts its other half on the host. What follows is
 * UDP from the operator to the host, which does not pass the bastion: the client would wait a
 * minute for nothing, or reach the host beside the bastion.
 */
final class MoshCommand {

    static final String REFUSAL =
            "mosh does not work through the bastion: it goes on over UDP, straight to the host;"
                    + " use ssh, with tmux on the host for a session that outlives the connection";

    /** The program may have a path, variables before it, and another command before those. */
    private static final Pattern FORM =
            Pattern.compile(
                    "(?:.*;)?\\s*(?:env\\s+)?(?:\\w+=\\S*\\s+)*(?:\\S*/)?mosh-server\\s+'?new\\b.*",
                    Pattern.DOTALL);

    /** The client's own command has a few hundred. */
    private static final int LONGEST_CHARS = 2048;

    private MoshCommand() {}

    /** A courtesy, no wall: a host's shell can start the program in other words too. */
    static boolean is(String command) {
        return command.length() <= LONGEST_CHARS && FORM.matcher(command).matches();
    }
}
