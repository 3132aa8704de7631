package dev.bastion.server.relay;

/**
 * Who sent something since it was last asked about. Thread-safe; each side is noted by one thread
 * at a time, which writes only once between two questions.
 */
final class Activity {

    private volatile boolean operator;
    private volatile boolean host;

    void operatorSent() {
        if (!operator) {
            operator = true;
        }
    }

    void hostSent() {
        if (!host) {
            host = true;
        }
    }

    /** Who did, and begins anew. */
    Relay.Heard take() {
        Relay.Heard heard = new Relay.Heard(operator, host);
        if (heard.operator()) {
            operator = false;
        }
        if (heard.host()) {
            host = false;
        }
        return heard;
    }
}
