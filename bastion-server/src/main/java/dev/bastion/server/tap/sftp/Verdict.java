package dev.bastion.server.tap.sftp;

/** What becomes of a packet of the client. */
sealed interface Verdict {

    /** It goes to the host as it is. */
    record Pass() implements Verdict {}

    /** It goes nowhere; the client gets this packet for it. */
    record Answer(byte[] packet) implements Verdict {}

    /** The host gets this packet instead. */
    record Replace(byte[] packet) implements Verdict {}

    Verdict PASS = new Pass();
}
