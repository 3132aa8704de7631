package dev.bastion.server.relay;

/**
 * The failure of a barrier by which a tap ends the session because what passes is not what the
 * session is for. The message is a sentence for the operator.
 */
public final class BrokenProtocolException extends Exception {

    public BrokenProtocolException(String sentence) {
        super(sentence);
    }
}
