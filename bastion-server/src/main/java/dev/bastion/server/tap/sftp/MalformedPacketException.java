package dev.bastion.server.tap.sftp;

/** What passes is not SFTP; the message is a sentence for the operator. */
public final class MalformedPacketException extends Exception {

    public MalformedPacketException(String sentence) {
        super(sentence);
    }
}
