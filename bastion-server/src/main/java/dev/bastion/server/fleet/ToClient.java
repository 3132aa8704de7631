package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.Fields;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Passes one host's answer on to the client, with handles and real paths as the client knows them.
 *
 * @param id the client's number of the request
 * @param entry where paths in the answer are; empty when they are names, or texts of links
 */
record ToClient(int id, String entry, Answers answers, OpenHandles handles) implements Reply {

    @Override
    public void came(HostLink link, byte[] packet) throws MalformedPacketException {
        int type = packet[Integer.BYTES] & 0xff;
        if (type == PacketType.HANDLE) {
            Fields fields = new Fields(ByteBuffer.wrap(packet));
            fields.number();
            OpenHandle opened = new OpenHandle.OnHost(link, fields.bytes());
            answers.handle(id, handles.add(opened));
        } else if (type == PacketType.NAME && !entry.isEmpty()) {
            answers.pass(id, inEntry(packet));
        } else {
            answers.pass(id, packet);
        }
    }

    /** The path, which comes alone, with that of the entry before it. */
    private byte[] inEntry(byte[] packet) throws MalformedPacketException {
        Fields fields = new Fields(ByteBuffer.wrap(packet));
        fields.number();
        int count = fields.number();
        if (count < 1) {
            return packet;
        }
        String path = new String(fields.bytes(), StandardCharsets.ISO_8859_1);
        fields.bytes();
        String slash = path.startsWith("/") ? "" : "/";
        byte[] whole =
                ("/" + entry + (path.equals("/") ? "" : slash + path))
                        .getBytes(StandardCharsets.ISO_8859_1);
        return PacketWriter.of(PacketType.NAME, id)
                .number(count)
                .bytes(whole)
                .bytes(whole)
                .rest(packet, fields.position())
                .toPacket();
    }

    @Override
    public void failed(HostLink link, String sentence) {
        answers.status(id, Status.FAILURE, sentence);
    }
}
