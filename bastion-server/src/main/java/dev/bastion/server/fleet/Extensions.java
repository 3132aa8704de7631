package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.Fields;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.tap.sftp.PacketType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

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

    /** The version of the protocol that has them. */
    static final int VERSION = 3;

    private Extensions() {}

    /** The names of those that a host has, by its VERSION. */
    static Set<String> of(byte[] packet) throws MalformedPacketException {
        Fields fields = new Fields(ByteBuffer.wrap(packet));
        if (packet[Integer.BYTES] != PacketType.VERSION || fields.number() != VERSION) {
            throw new MalformedPacketException("an earlier version of it");
        }
        Set<String> names = new HashSet<>();
        while (fields.position() < packet.length) {
            names.add(new String(fields.bytes(), StandardCharsets.UTF_8));
            fields.bytes();
        }
        return names;
    }
}
