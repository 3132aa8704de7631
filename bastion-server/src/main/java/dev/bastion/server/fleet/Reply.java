package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.MalformedPacketException;

/** Who waits for what comes of one request to one host; told one of the two, once. */
interface Reply {

    /**
     * The host answered.
     *
     * @param packet whole, with the number of the request to the host; the receiver's to change
     * @throws MalformedPacketException when it is no answer to this
     */
    void came(HostLink link, byte[] packet) throws MalformedPacketException;

    /**
     * The host did not answer, or was never reached.
     *
     * @param sentence for the client
     */
    void failed(HostLink link, String sentence);
}
