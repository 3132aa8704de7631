package dev.bastion.server.bench;

/** How the client reaches the host. */
enum Way {
    DIRECT("direct"),
    /** An OpenSSH server whose ForceCommand runs {@code ssh} to the host: keeps no record. */
    FORCED("forced command"),
    /** {@code ssh -J} through the same OpenSSH server, which reads nothing of what passes it. */
    JUMP("ssh -J"),
    BASTION("bastion");

    final String label;

    Way(String label) {
        this.label = label;
    }

    /** Whether something of this machine stands between the client and the host. */
    boolean hasMiddle() {
        return this != DIRECT;
    }
}
