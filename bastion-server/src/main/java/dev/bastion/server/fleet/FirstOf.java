package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.MalformedPacketException;
import java.util.List;

/** Asks the first host of some that can be reached. Confined. */
final class FirstOf implements Reply {

    private final Links links;
    private final List<Destination> members;
    private final Ask ask;
    private final Reply reply;
    private int next;

    /**
     * @param members at least one; of more than {@link Links#LIMIT} the others are not tried
     */
    FirstOf(Links links, List<Destination> members, Ask ask, Reply reply) {
        this.links = links;
        this.members = members.subList(0, Math.min(members.size(), Links.LIMIT));
        this.ask = ask;
        this.reply = reply;
    }

    void askNext() {
        links.ask(members.get(next++), ask, this);
    }

    @Override
    public void came(HostLink link, byte[] packet) throws MalformedPacketException {
        reply.came(link, packet);
    }

    @Override
    public void failed(HostLink link, String sentence) {
        if (next < members.size()) {
            askNext();
        } else {
            reply.failed(link, sentence);
        }
    }
}
