package dev.bastion.server.tap.sftp;

/** What passes is not SFTP; the message is a sentence for the operator. */
final class MalformedPacketException extends Exception {

    MalformedPacketException(String sentence) {
        super(sentence);
    }
}
