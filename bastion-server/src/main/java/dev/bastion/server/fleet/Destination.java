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
}
