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

    static final String X11 = "X11 is not forwarded through the bastion";

    private final OperatorSide side;

    Messages(OperatorSide side) {
        this.side = side;
    }

    /** Whether the operator reads them on a terminal. */
    boolean onScreen() {
        return side.terminal() != null;
    }

    /** A sentence as it is written. */
    String line(String sentence) {
        return onScreen() ? "\r\nbastion: " + sentence + "\r\n" : "bastion: " + sentence + "\n";
    }

    /**
     * Says that X11 was asked for and is not there, when it was. Without a terminal both outputs
     * are the command's own, so that it is said beside them.
     */
    void sayThatX11IsRefused() {
        if (!side.askedForX11()) {
            return;
        }
        if (onScreen()) {
            say(X11);
        } else {
            side.debug("bastion: " + X11);
        }
    }

    /** Says a sentence; a client that is gone does not hear it. */
    void say(String sentence) {
        try {
            side.errors().write(line(sentence).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("nobody heard: {}", sentence, e);
        }
    }
}
