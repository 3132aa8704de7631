package dev.bastion.server.fleet;

import dev.bastion.server.tap.sftp.Fields;
import dev.bastion.server.tap.sftp.MalformedPacketException;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The answers of all hosts of a group to one change. The client has one when all have theirs: that
 * it was done, if it was everywhere; otherwise where it was not, and why. An open that fails
 * somewhere is undone by closing what was opened. Confined.
 */
final class Gathering implements Reply {

    private static final Reply UNHEARD =
            new Reply() {
                @Override
                public void came(HostLink link, byte[] packet) {
                    // The client knows already that the open has failed.
                }

                @Override
                public void failed(HostLink link, String sentence) {
                    // What was open there is closed by that too.
                }
            };

    private final int id;
    private final boolean opens;
    private final Answers answers;
    private final OpenHandles handles;
    private final List<OpenHandle.OnHost> opened = new ArrayList<>();
    private final SortedMap<String, String> failures = new TreeMap<>();
    private final Set<Integer> codes = new HashSet<>();
    private final int count;
    private int missing;

    /**
     * @param id the client's number of the request
     * @param count of the hosts that are asked
     * @param opens whether each gives a handle
     */
    Gathering(int id, int count, boolean opens, Answers answers, OpenHandles handles) {
        this.id = id;
        this.count = count;
        this.missing = count;
        this.opens = opens;
        this.answers = answers;
        this.handles = handles;
    }

    @Override
    public void came(HostLink link, byte[] packet) throws MalformedPacketException {
        Fields fields = new Fields(ByteBuffer.wrap(packet));
        fields.number();
        String host = link.destination.host();
        int type = packet[Integer.BYTES] & 0xff;
        if (opens && type == PacketType.HANDLE) {
            opened.add(new OpenHandle.OnHost(link, fields.bytes()));
        } else {
            int code = type == PacketType.STATUS ? fields.number() : Status.FAILURE;
            if (code != Status.OK || opens) {
                codes.add(code == Status.OK ? Status.FAILURE : code);
                failures.put(host, host + ": " + Status.word(code));
            }
        }
        oneLess();
    }

    @Override
    public void failed(HostLink link, String sentence) {
        codes.add(Status.FAILURE);
        failures.put(link.destination.host(), link.destination.named(sentence));
        oneLess();
    }

    private void oneLess() {
        missing--;
        if (missing > 0) {
            return;
        }
        if (failures.isEmpty()) {
            if (opens) {
                answers.handle(id, handles.add(new OpenHandle.OnGroup(opened)));
            } else {
                answers.done(id);
            }
            return;
        }
        opened.forEach(file -> file.link().ask(Ask.close(file.handle()), UNHEARD));
        boolean alike = codes.size() == 1 && failures.size() == count;
        String sentence = String.join("; ", failures.values());
        if (!alike) {
            answers.say(sentence);
        }
        answers.status(id, alike ? codes.iterator().next() : Status.FAILURE, sentence);
    }
}
