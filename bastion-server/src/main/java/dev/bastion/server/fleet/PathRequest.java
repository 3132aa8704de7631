package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.Fields;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import org.jspecify.annotations.Nullable;

/**
 * A request of the client about something in one entry of the topmost directory.
 *
 * @param id the client's number
 * @param path what it is about
 * @param ask the same for a host
 */
record PathRequest(int id, FleetPath path, Ask ask) {

    /** Reads one that begins with its path; what follows goes to the host as it is. */
    static PathRequest read(
            int id, int type, @Nullable String extension, Fields fields, byte[] packet)
            throws MalformedPacketException {
        FleetPath path = path(fields);
        byte[] onHost = new PacketWriter().bytes(path.onHost()).toFields();
        return new PathRequest(
                id, path, new Ask(type, extension, onHost, packet, fields.position()));
    }

    static FleetPath path(Fields fields) throws MalformedPacketException {
        byte[] path = fields.bytes();
        if (path.length > Fields.PATH_LIMIT_BYTES) {
            throw new MalformedPacketException("a path of " + path.length + " bytes");
        }
        return FleetPath.of(path);
    }
}
