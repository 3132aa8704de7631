package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.MalformedPacketException;
import java.util.List;

/** What one user may reach, by the grants of this moment. Its calls do not block. */
public interface Fleet {

    /** The entries of the topmost directory, sorted: hosts, and groups as {@code @web}. */
    List<String> names();

    /**
     * What the name stands for.
     *
     * @param name as the client wrote it, a character for each byte; untrusted
     * @throws MalformedPacketException after too many names that stand for nothing
     */
    Place find(String name) throws MalformedPacketException;

    /** Begins a session there, and tells the link how that goes: joined at most once, then over. */
    void open(Destination destination, HostLink link);
}
