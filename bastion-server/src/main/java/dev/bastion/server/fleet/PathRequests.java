package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.tap.sftp.OpenFlags;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Status;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Serves requests about paths: those in an entry by the entry's host or hosts, those about the
 * entries themselves here. Confined. {@link MalformedPacketException}: the session cannot go on.
 */
final class PathRequests {

    /** Hosts that a sentence names. */
    private static final int NAMED = 5;

    private final Fleet fleet;
    private final Links links;
    private final Answers answers;
    private final OpenHandles handles;

    PathRequests(Fleet fleet, Links links, Answers answers, OpenHandles handles) {
        this.fleet = fleet;
        this.links = links;
        this.answers = answers;
        this.handles = handles;
    }

    /**
     * Serves OPEN.
     *
     * @param flagBits what it is opened for
     */
    void open(PathRequest request, int flagBits) throws MalformedPacketException {
        OpenFlags flags = new OpenFlags(flagBits);
        int id = request.id();
        if (isRefused(request, true) || isTooMuch(id)) {
            return;
        }
        switch (fleet.find(request.path().name())) {
            case Place.Nothing(String sentence) -> nothing(id, sentence);
            case Place.Host(Destination there) ->
                    links.ask(there, request.ask(), toClient(request));
            case Place.Group(List<Destination> members) -> {
                if (flags.read()) {
                    String hosts =
                            members.stream()
                                    .limit(NAMED)
                                    .map(member -> "/" + member.host())
                                    .collect(Collectors.joining(", "));
                    answers.status(
                            id,
                            Status.PERMISSION_DENIED,
                            "files of a group can only be written; read those of one host: "
                                    + hosts
                                    + (members.size() > NAMED ? ", …" : ""));
                } else {
                    everywhere(request, members);
                }
            }
        }
    }

    /** Serves OPENDIR. */
    void openDirectory(PathRequest request) throws MalformedPacketException {
        if (isTooMuch(request.id())) {
            return;
        }
        if (request.path().isTop()) {
            OpenHandle listing = new OpenHandle.Listing(fleet.names().iterator());
            answers.handle(request.id(), handles.add(listing));
            return;
        }
        anywhere(request);
    }

    /** Serves what changes nothing: attributes, links, real paths, free space. */
    void look(PathRequest request) throws MalformedPacketException {
        int id = request.id();
        FleetPath path = request.path();
        boolean exists = path.isTop() || isEntry(path);
        switch (request.ask().type()) {
            case PacketType.LSTAT, PacketType.STAT -> {
                if (exists) {
                    answers.directory(id);
                    return;
                }
            }
            case PacketType.REALPATH -> {
                if (exists) {
                    answers.realPath(id, path.name());
                    return;
                }
            }
            case PacketType.READLINK -> {
                if (exists) {
                    answers.status(id, Status.FAILURE, "this is a directory");
                    return;
                }
            }
            default -> {
                if (path.isTop()) {
                    answers.status(id, Status.OP_UNSUPPORTED, "ask this of one host");
                    return;
                }
            }
        }
        anywhere(request);
    }

    private boolean isEntry(FleetPath path) throws MalformedPacketException {
        return path.isEntry() && !(fleet.find(path.name()) instanceof Place.Nothing);
    }

    /** Asks the host, or the first of a group that may be looked at and is reached. */
    private void anywhere(PathRequest request) throws MalformedPacketException {
        boolean contents =
                request.ask().type() == PacketType.OPENDIR
                        || request.ask().type() == PacketType.READLINK;
        switch (fleet.find(request.path().name())) {
            case Place.Nothing(String sentence) -> nothing(request.id(), sentence);
            case Place.Host(Destination there) ->
                    links.ask(there, request.ask(), toClient(request));
            case Place.Group(List<Destination> members) -> {
                List<Destination> asked = where(members, there -> there.read() || !contents);
                new FirstOf(links, asked, request.ask(), toClient(request)).askNext();
            }
        }
    }

    /** Serves a change of one thing. */
    void change(PathRequest request) throws MalformedPacketException {
        if (isRefused(request, false)) {
            return;
        }
        switch (fleet.find(request.path().name())) {
            case Place.Nothing(String sentence) -> nothing(request.id(), sentence);
            case Place.Host(Destination there) ->
                    links.ask(there, request.ask(), toClient(request));
            case Place.Group(List<Destination> members) -> everywhere(request, members);
        }
    }

    /** Serves a change of two names, which must be in one entry. */
    void changeBoth(PathRequest request, FleetPath other) throws MalformedPacketException {
        if (request.path().isEntry() || request.path().isTop()) {
            change(request);
        } else if (other.isEntry() || other.isTop()) {
            change(new PathRequest(request.id(), other, request.ask()));
        } else if (other.name().equals(request.path().name())) {
            change(request);
        } else {
            answers.status(
                    request.id(),
                    Status.OP_UNSUPPORTED,
                    "this is not done from one host to another; copy the file instead");
        }
    }

    private void everywhere(PathRequest request, List<Destination> members) {
        List<Destination> asked = where(members, Destination::write);
        if (asked.size() > Links.LIMIT) {
            answers.status(
                    request.id(),
                    Status.FAILURE,
                    "more than " + Links.LIMIT + " hosts are too many for one session");
            return;
        }
        boolean opens = request.ask().type() == PacketType.OPEN;
        Gathering gathering = new Gathering(request.id(), asked.size(), opens, answers, handles);
        asked.forEach(there -> links.ask(there, request.ask(), gathering));
    }

    /**
     * Those of a group where the right is. Where it is nowhere, hosts that will be asked in vain:
     * their sessions refuse it, and record that.
     */
    private static List<Destination> where(
            List<Destination> members, Predicate<Destination> right) {
        List<Destination> found = members.stream().filter(right).toList();
        return found.isEmpty() ? members.stream().limit(Links.LIMIT).toList() : found;
    }

    /** Whether it is about an entry itself, which is a directory that nobody changes. */
    private boolean isRefused(PathRequest request, boolean opens) throws MalformedPacketException {
        FleetPath path = request.path();
        if (!path.isTop() && !path.isEntry()) {
            return false;
        }
        if (!path.isTop() && fleet.find(path.name()) instanceof Place.Nothing(String sentence)) {
            nothing(request.id(), sentence);
        } else if (opens) {
            answers.status(request.id(), Status.FAILURE, "this is a directory");
        } else {
            answers.status(
                    request.id(),
                    Status.PERMISSION_DENIED,
                    "the directories of hosts cannot be changed here");
        }
        return true;
    }

    private boolean isTooMuch(int id) {
        if (handles.isFull()) {
            answers.status(id, Status.FAILURE, "this is too much at a time");
        }
        return handles.isFull();
    }

    private void nothing(int id, String sentence) {
        answers.status(id, Status.NO_SUCH_FILE, sentence);
    }

    private ToClient toClient(PathRequest request) {
        boolean real = request.ask().type() == PacketType.REALPATH;
        return new ToClient(request.id(), real ? request.path().name() : "", answers, handles);
    }
}
