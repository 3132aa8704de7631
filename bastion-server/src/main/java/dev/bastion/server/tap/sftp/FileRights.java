package dev.bastion.server.tap.sftp;

/**
 * What a session may do to files.
 *
 * @param read the right {@code sftp-read}: contents of files and directories, and links
 * @param write the right {@code sftp-write}: everything that changes something
 */
public record FileRights(boolean read, boolean write) {

    /** What a request needs. */
    enum Need {
        /** One of the two, whichever: what a client asks before it reads or writes anything. */
        ANY,
        READ,
        WRITE,
        BOTH
    }

    /** What one of the two gives. */
    public FileRights with(FileRights other) {
        return new FileRights(read || other.read, write || other.write);
    }

    boolean permit(Need need) {
        return switch (need) {
            case ANY -> read || write;
            case READ -> read;
            case WRITE -> write;
            case BOTH -> read && write;
        };
    }

    /** Why a request that is not permitted is not. */
    String refusal(Need need) {
        String missing =
                switch (need) {
                    case READ -> "sftp-read";
                    case WRITE -> "sftp-write";
                    case ANY, BOTH -> read ? "sftp-write" : "sftp-read";
                };
        return "bastion: you do not have the right " + missing + " here";
    }
}
