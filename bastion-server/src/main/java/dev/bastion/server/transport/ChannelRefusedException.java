package dev.bastion.server.transport;

/** A peer did not open a channel, or is told that none is opened (RFC 4254 section 5.1). */
public final class ChannelRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int reason;
    private final String sentence;

    /**
     * @param reason one of SSH_OPEN_…
     * @param sentence why; a peer's own must be escaped where it is shown
     */
    public ChannelRefusedException(int reason, String sentence) {
        super(sentence);
        this.sentence = sentence;
        this.reason = reason;
    }

    public int reason() {
        return reason;
    }

    public String sentence() {
        return sentence;
    }
}
