package dev.bastion.server.tap.sftp;

import dev.bastion.server.tap.sftp.FileRights.Need;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request of the client (draft-ietf-secsh-filexfer-02 section 6, and OpenSSH's PROTOCOL section
 * 4).
 *
 * @param asked absent when it names a handle that the host has not given
 */
record Request(int id, Need need, @Nullable Asked asked) {

    /**
     * Reads a request other than INIT.
     *
     * @param open the files that have handles
     * @param bodyBytes of the packet that follow its head
     */
    static Request read(ByteBuffer head, int type, int bodyBytes, Map<String, OpenFile> open)
            throws MalformedPacketException {
        Fields fields = new Fields(head);
        int id = fields.number();
        return switch (type) {
            case PacketType.OPEN -> {
                String path = fields.path();
                OpenFlags flags = new OpenFlags(fields.number());
                yield new Request(id, flags.need(), new Asked.Opening(path, flags, false));
            }
            case PacketType.OPENDIR ->
                    new Request(
                            id, Need.READ, new Asked.Opening(fields.path(), OpenFlags.LIST, true));
            case PacketType.CLOSE -> {
                String handle = fields.handle();
                OpenFile file = open.get(handle);
                yield new Request(
                        id, Need.ANY, file == null ? null : new Asked.Closing(handle, file));
            }
            case PacketType.READ -> {
                OpenFile file = open.get(fields.handle());
                long offset = fields.longNumber();
                yield new Request(
                        id, Need.READ, file == null ? null : new Asked.Reading(file, offset));
            }
            case PacketType.WRITE -> write(id, fields, bodyBytes, open);
            case PacketType.FSTAT -> looking(id, Need.ANY, "stat", open.get(fields.handle()));
            case PacketType.READDIR -> looking(id, Need.READ, "list", open.get(fields.handle()));
            case PacketType.LSTAT, PacketType.STAT ->
                    new Request(id, Need.ANY, new Asked.Looking("stat", fields.path()));
            case PacketType.REALPATH ->
                    new Request(id, Need.ANY, new Asked.Looking("realpath", fields.path()));
            case PacketType.READLINK ->
                    new Request(id, Need.READ, new Asked.Looking("readlink", fields.path()));
            case PacketType.SETSTAT -> setstat(id, fields);
            case PacketType.FSETSTAT -> {
                OpenFile file = open.get(fields.handle());
                Attributes set = Attributes.read(fields);
                if (file != null && set.size() >= 0) {
                    file.writes.resized(set.size());
                }
                yield changing(
                        id,
                        file == null
                                ? null
                                : new Asked.Changing("setstat", file.path(), set.text()));
            }
            case PacketType.REMOVE -> onPath(id, "remove", fields);
            case PacketType.RMDIR -> onPath(id, "rmdir", fields);
            case PacketType.MKDIR -> onPath(id, "mkdir", fields);
            case PacketType.RENAME -> rename(id, fields);
            case PacketType.SYMLINK -> link(id, "symlink", fields);
            case PacketType.EXTENDED -> extended(id, fields, open);
            default -> throw new MalformedPacketException("a packet of type " + type);
        };
    }

    private static Request write(int id, Fields fields, int bodyBytes, Map<String, OpenFile> open)
            throws MalformedPacketException {
        OpenFile file = open.get(fields.handle());
        long offset = fields.longNumber();
        if (fields.number() != bodyBytes) {
            throw new MalformedPacketException("a write whose length is not that of its data");
        }
        return new Request(
                id, Need.WRITE, file == null ? null : new Asked.Writing(file, offset, bodyBytes));
    }

    private static Request extended(int id, Fields fields, Map<String, OpenFile> open)
            throws MalformedPacketException {
        String name = fields.path();
        return switch (name) {
            case "posix-rename@openssh.com" -> rename(id, fields);
            case "hardlink@openssh.com" -> link(id, "hardlink", fields);
            case "lsetstat@openssh.com" -> setstat(id, fields);
            case "copy-data" -> copy(id, fields, open);
            case "fsync@openssh.com" -> looking(id, Need.WRITE, "fsync", open.get(fields.handle()));
            case "fstatvfs@openssh.com" ->
                    looking(id, Need.ANY, "statvfs", open.get(fields.handle()));
            case "statvfs@openssh.com",
                    "limits@openssh.com",
                    "expand-path@openssh.com",
                    "home-directory",
                    "users-groups-by-id@openssh.com" ->
                    new Request(id, Need.ANY, new Asked.Looking("extended", name));
            default -> new Request(id, Need.BOTH, new Asked.Changing("extended", name, ""));
        };
    }

    /** The data is copied on the host, so there is no hash of it. */
    private static Request copy(int id, Fields fields, Map<String, OpenFile> open)
            throws MalformedPacketException {
        OpenFile from = open.get(fields.handle());
        fields.longNumber();
        long length = fields.longNumber();
        OpenFile to = open.get(fields.handle());
        fields.longNumber();
        if (from == null || to == null) {
            return changing(id, null);
        }
        to.writes.notInOrder();
        return changing(
                id,
                new Asked.Changing(
                        "copy-data", from.path(), to.path(), length == 0 ? null : length));
    }

    private static Request rename(int id, Fields fields) throws MalformedPacketException {
        return changing(id, new Asked.Changing("rename", fields.path(), fields.path()));
    }

    /** What exists comes first; of a symbolic link so as OpenSSH has it, not the draft. */
    private static Request link(int id, String operation, Fields fields)
            throws MalformedPacketException {
        String existing = fields.path();
        return changing(id, new Asked.Changing(operation, fields.path(), existing));
    }

    private static Request setstat(int id, Fields fields) throws MalformedPacketException {
        String path = fields.path();
        return changing(id, new Asked.Changing("setstat", path, Attributes.read(fields).text()));
    }

    private static Request onPath(int id, String operation, Fields fields)
            throws MalformedPacketException {
        return changing(id, new Asked.Changing(operation, fields.path(), ""));
    }

    private static Request changing(int id, Asked.@Nullable Changing change) {
        return new Request(id, Need.WRITE, change);
    }

    private static Request looking(int id, Need need, String operation, @Nullable OpenFile file) {
        return new Request(
                id, need, file == null ? null : new Asked.Looking(operation, file.path()));
    }
}
