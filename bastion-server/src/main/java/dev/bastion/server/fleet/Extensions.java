package dev.bastion.server.fleet;

/** Extensions of the protocol that are sent on to hosts (OpenSSH's PROTOCOL, section 4). */
final class Extensions {

    static final String POSIX_RENAME = "posix-rename@openssh.com";
    static final String HARDLINK = "hardlink@openssh.com";
    static final String STATVFS = "statvfs@openssh.com";
    static final String FSTATVFS = "fstatvfs@openssh.com";
    static final String FSYNC = "fsync@openssh.com";
    static final String LSETSTAT = "lsetstat@openssh.com";
    static final String COPY_DATA = "copy-data";

    /**
     * Their names and versions, as they are offered to the client. What one host alone can answer
     * for all is not among them: limits, and names of users.
     */
    static final String[] OFFERED = {
        POSIX_RENAME,
        "1",
        STATVFS,
        "2",
        FSTATVFS,
        "2",
        HARDLINK,
        "1",
        FSYNC,
        "1",
        LSETSTAT,
        "1",
        COPY_DATA,
        "1"
    };

    private Extensions() {}
}
