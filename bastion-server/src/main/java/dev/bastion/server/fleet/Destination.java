package dev.bastion.server.fleet;

/**
 * An account on a host, and what the user may do to files there. Immutable.
 *
 * @param read the right {@code sftp-read}
 * @param write the right {@code sftp-write}
 */
public record Destination(String account, String host, boolean read, boolean write) {

    /** The target that it is, e.g. {@code root@web1}. */
    String target() {
        return account + "@" + host;
    }

    /** The sentence, with the host's name first; left as it is where it begins with that. */
    String named(String sentence) {
        return begins(sentence, host) || begins(sentence, target())
                ? sentence
                : host + ": " + sentence;
    }

    private static boolean begins(String sentence, String name) {
        return sentence.equals(name)
                || sentence.startsWith(name + " ")
                || sentence.startsWith(name + ":");
    }
}
