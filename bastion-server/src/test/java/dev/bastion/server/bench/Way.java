package dev.bastion.server.bench;

/** How the client reaches the host. */
enum Way {
    DIRECT("direct"),
    /** An OpenSSH server whose ForceCommand runs {@code ssh} to the host: keeps no record. */
    FORCED("forced command"),
    BASTION("bastion");

    final String label;

    Way(String label) {
        this.label = label;
    }
}
