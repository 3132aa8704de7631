package dev.bastion.server.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sentences of the bastion to the operator: on their screen, or on standard error where there is
 * none.
 */
final class Messages {

    private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

    private final OperatorSide side;

    Messages(OperatorSide side) {
        this.side = side;
    }

    /** Says a sentence; a client that is gone does not hear it. */
    void say(String sentence) {
        String line =
                side.terminal() == null
                        ? "bastion: " + sentence + "\n"
                        : "\r\nbastion: " + sentence + "\r\n";
        try {
            side.errors().write(line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("nobody heard: {}", sentence, e);
        }
    }
}
