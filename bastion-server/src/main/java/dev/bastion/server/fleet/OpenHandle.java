package dev.bastion.server.fleet;

import java.util.Iterator;
import java.util.List;

/** What a handle of the client stands for. */
sealed interface OpenHandle {

    /** An open file or directory of one host. */
    record OnHost(HostLink link, byte[] handle) implements OpenHandle {

        /** The field that names it to the host. */
        byte[] field() {
            return new PacketWriter().bytes(handle).toFields();
        }
    }

    /** The same file, open for writing on each host of a group. */
    record OnGroup(List<OnHost> members) implements OpenHandle {

        public OnGroup {
            members = List.copyOf(members);
        }
    }

    /** The directory of the hosts: what of it has not been read. */
    record Listing(Iterator<String> names) implements OpenHandle {}
}
