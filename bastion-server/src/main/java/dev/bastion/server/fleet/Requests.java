package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.Fields;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads the client's requests, and gives each to where it belongs. Confined. */
final class Requests {

    /** What a server of OpenSSH gives at most for one READ. */
    private static final int READ_LIMIT_BYTES = 255 << 10;

    private final Answers answers;
    private final OpenHandles handles = new OpenHandles();
    private final PathRequests paths;
    private boolean begun;

    Requests(Fleet fleet, Links links, Answers answers) {
        this.answers = answers;
        this.paths = new PathRequests(fleet, links, answers, handles);
    }

    /**
     * Serves a packet.
     *
     * @throws MalformedPacketException when it is no request of SFTP; the session cannot go on
     */
    void take(byte[] packet) throws MalformedPacketException {
        Fields fields = new Fields(ByteBuffer.wrap(packet));
        int type = packet[Integer.BYTES] & 0xff;
        int id = fields.number();
        if (begun == (type == PacketType.INIT)) {
            throw new MalformedPacketException(
                    begun ? "a second beginning" : "a request before the beginning");
        }
        switch (type) {
            case PacketType.INIT -> {
                begun = true;
                answers.version();
            }
            case PacketType.OPEN ->
                    paths.open(PathRequest.read(id, type, null, fields, packet), fields.number());
            case PacketType.OPENDIR ->
                    paths.openDirectory(PathRequest.read(id, type, null, fields, packet));
            case PacketType.LSTAT, PacketType.STAT, PacketType.REALPATH, PacketType.READLINK ->
                    paths.look(PathRequest.read(id, type, null, fields, packet));
            case PacketType.SETSTAT, PacketType.REMOVE, PacketType.MKDIR, PacketType.RMDIR ->
                    paths.change(PathRequest.read(id, type, null, fields, packet));
            case PacketType.SYMLINK -> symlink(id, fields);
            case PacketType.RENAME -> twoPaths(id, type, null, fields);
            case PacketType.READ -> read(id, fields);
            case PacketType.READDIR -> readDirectory(id, fields, packet);
            case PacketType.CLOSE -> close(id, fields, packet);
            case PacketType.FSTAT -> onHandle(id, type, null, false, fields, packet);
            case PacketType.WRITE, PacketType.FSETSTAT ->
                    onHandle(id, type, null, true, fields, packet);
            case PacketType.EXTENDED -> extended(id, fields, packet);
            default -> throw new MalformedPacketException("a packet of type " + type);
        }
    }

    private void extended(int id, Fields fields, byte[] packet) throws MalformedPacketException {
        String name = new String(fields.bytes(), StandardCharsets.UTF_8);
        int type = PacketType.EXTENDED;
        switch (name) {
            case Extensions.POSIX_RENAME, Extensions.HARDLINK -> twoPaths(id, type, name, fields);
            case Extensions.STATVFS -> paths.look(PathRequest.read(id, type, name, fields, packet));
            case Extensions.LSETSTAT ->
                    paths.change(PathRequest.read(id, type, name, fields, packet));
            case Extensions.FSTATVFS -> onHandle(id, type, name, false, fields, packet);
            case Extensions.FSYNC -> onHandle(id, type, name, true, fields, packet);
            case Extensions.COPY_DATA -> copy(id, fields);
            default ->
                    answers.status(
                            id, Status.OP_UNSUPPORTED, "this extension is not for many hosts");
        }
    }

    private void twoPaths(int id, int type, @Nullable String extension, Fields fields)
            throws MalformedPacketException {
        FleetPath from = PathRequest.path(fields);
        FleetPath to = PathRequest.path(fields);
        byte[] both = new PacketWriter().bytes(from.onHost()).bytes(to.onHost()).toFields();
        paths.changeBoth(new PathRequest(id, from, Ask.of(type, extension, both)), to);
    }

    /** The text of a link is the host's own; it comes first, as OpenSSH has it. */
    private void symlink(int id, Fields fields) throws MalformedPacketException {
        byte[] text = fields.bytes();
        FleetPath link = PathRequest.path(fields);
        byte[] both = new PacketWriter().bytes(text).bytes(link.onHost()).toFields();
        paths.change(new PathRequest(id, link, Ask.of(PacketType.SYMLINK, null, both)));
    }

    private void read(int id, Fields fields) throws MalformedPacketException {
        byte[] handle = fields.bytes();
        byte[] range =
                new PacketWriter()
                        .longNumber(fields.longNumber())
                        .number(shorter(fields.number()))
                        .toFields();
        if (handles.get(handle) instanceof OpenHandle.OnHost file) {
            byte[] head = file.field();
            file.link()
                    .ask(
                            new Ask(PacketType.READ, null, head, range, 0),
                            new ToClient(id, "", answers, handles));
        } else {
            notOpen(id);
        }
    }

    /** A host may give less than was asked for; more than a packet holds must not come. */
    private static int shorter(int length) {
        return Integer.compareUnsigned(length, READ_LIMIT_BYTES) > 0 ? READ_LIMIT_BYTES : length;
    }

    private void readDirectory(int id, Fields fields, byte[] packet)
            throws MalformedPacketException {
        Fields again = new Fields(ByteBuffer.wrap(packet));
        again.number();
        if (handles.get(fields.bytes()) instanceof OpenHandle.Listing(var names)) {
            answers.entries(id, names);
        } else {
            onHandle(id, PacketType.READDIR, null, false, again, packet);
        }
    }

    private void close(int id, Fields fields, byte[] packet) throws MalformedPacketException {
        Fields again = new Fields(ByteBuffer.wrap(packet));
        again.number();
        byte[] handle = fields.bytes();
        OpenHandle open = handles.get(handle);
        if (open instanceof OpenHandle.Listing) {
            answers.done(id);
        } else {
            onHandle(id, PacketType.CLOSE, null, true, again, packet);
        }
        if (open != null) {
            handles.remove(handle);
        }
    }

    /**
     * A request that begins with a handle.
     *
     * @param everywhere whether all hosts of a group are asked; else only the first
     */
    private void onHandle(
            int id,
            int type,
            @Nullable String extension,
            boolean everywhere,
            Fields fields,
            byte[] packet)
            throws MalformedPacketException {
        OpenHandle open = handles.get(fields.bytes());
        Ask ask = new Ask(type, extension, new byte[0], packet, fields.position());
        switch (open) {
            case OpenHandle.OnHost file ->
                    file.link().ask(ask.with(file.field()), new ToClient(id, "", answers, handles));
            case OpenHandle.OnGroup group -> {
                if (everywhere) {
                    Gathering gathering =
                            new Gathering(id, group.members().size(), false, answers, handles);
                    group.members()
                            .forEach(file -> file.link().ask(ask.with(file.field()), gathering));
                } else {
                    OpenHandle.OnHost first = group.members().getFirst();
                    first.link()
                            .ask(ask.with(first.field()), new ToClient(id, "", answers, handles));
                }
            }
            case OpenHandle.Listing listing -> {
                if (type == PacketType.FSTAT) {
                    answers.directory(id);
                } else {
                    notOpen(id);
                }
            }
            case null -> notOpen(id);
        }
    }

    private void copy(int id, Fields fields) throws MalformedPacketException {
        OpenHandle from = handles.get(fields.bytes());
        long fromOffset = fields.longNumber();
        long length = fields.longNumber();
        OpenHandle to = handles.get(fields.bytes());
        long toOffset = fields.longNumber();
        if (from instanceof OpenHandle.OnHost(HostLink link, byte[] source)
                && to instanceof OpenHandle.OnHost(HostLink other, byte[] copy)) {
            if (link == other) {
                byte[] all =
                        new PacketWriter()
                                .bytes(source)
                                .longNumber(fromOffset)
                                .longNumber(length)
                                .bytes(copy)
                                .longNumber(toOffset)
                                .toFields();
                link.ask(
                        Ask.of(PacketType.EXTENDED, Extensions.COPY_DATA, all),
                        new ToClient(id, "", answers, handles));
                return;
            }
        }
        answers.status(id, Status.OP_UNSUPPORTED, "a host copies only what it has itself");
    }

    private void notOpen(int id) {
        answers.status(id, Status.FAILURE, "there is no such open file");
    }
}
