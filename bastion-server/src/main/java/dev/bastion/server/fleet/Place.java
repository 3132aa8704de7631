package dev.bastion.server.fleet;

import java.util.List;

/** What an entry of the topmost directory stands for. */
public sealed interface Place {

    /** One host. */
    record Host(Destination destination) implements Place {}

    /**
     * The hosts of a group that the user may reach.
     *
     * @param members at least one, sorted by name
     */
    record Group(List<Destination> members) implements Place {

        public Group {
            members = List.copyOf(members);
        }
    }

    /**
     * There is no such entry, or none for this user.
     *
     * @param sentence for the client
     */
    record Nothing(String sentence) implements Place {}
}
