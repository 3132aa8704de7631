package dev.bastion.server.fleet;

import static dev.bastion.server.fleet.FrontRig.code;
import static dev.bastion.server.fleet.FrontRig.given;
import static dev.bastion.server.fleet.FrontRig.text;
import static dev.bastion.server.tap.sftp.Packets.close;
import static dev.bastion.server.tap.sftp.Packets.handle;
import static dev.bastion.server.tap.sftp.Packets.open;
import static dev.bastion.server.tap.sftp.Packets.packet;
import static dev.bastion.server.tap.sftp.Packets.status;
import static dev.bastion.server.tap.sftp.Packets.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked of all hosts of a group, and what of the first. */
final class GroupFrontTest {

    private static final int WRITE_CREATE = 2 | 8;

    private final FrontRig rig = FrontRig.begun();

    @Test
    void aWriteToAGroupIsAnsweredWhenAllHaveIt() {
        rig.send(open(1, "/@web/f", WRITE_CREATE));
        for (String host : List.of("web1", "web2", "web3")) {
            assertThat(rig.client.packets).isEmpty();
            assertThat(rig.request(host)).isEqualTo(open(1, "/f", WRITE_CREATE));
            rig.say(host, handle(1, "of " + host));
        }
        byte[] given = given(rig.answer());

        rig.send(packet(PacketType.WRITE, 2, given, 7L, "bytes"));
        for (String host : List.of("web3", "web2", "web1")) {
            assertThat(rig.client.packets).isEmpty();
            assertThat(rig.request(host))
                    .isEqualTo(write(2, "of " + host, 7, "bytes".getBytes(StandardCharsets.UTF_8)));
            rig.say(host, status(2, host.equals("web2") ? Status.FAILURE : Status.OK));
        }
        byte[] refused = rig.answer();
        assertThat(code(refused)).isEqualTo(Status.FAILURE);
        assertThat(text(refused, 13)).isEqualTo("bastion: web2: failure");
        assertThat(rig.client.events).containsExactly("stderr:bastion: web2: failure\n");

        rig.send(packet(PacketType.CLOSE, 3, given));
        for (String host : List.of("web1", "web2", "web3")) {
            rig.say(host, status(3, 0));
        }
        assertThat(code(rig.answer())).isEqualTo(Status.OK);
    }

    @Test
    void anOpenThatFailsSomewhereIsClosedElsewhere() {
        rig.fleet.unreachable.add("web2");
        rig.send(open(1, "/@web/f", WRITE_CREATE));
        rig.say("web1", handle(1, "h"));
        rig.say("web3", status(1, Status.PERMISSION_DENIED));

        byte[] refused = rig.answer();
        assertThat(code(refused)).isEqualTo(Status.FAILURE);
        assertThat(text(refused, 13))
                .isEqualTo("bastion: web2 refuses connections; web3: permission-denied");
        rig.request("web1");
        assertThat(rig.request("web1")).isEqualTo(close(2, "h"));
        rig.say("web1", status(2, 0));
        assertThat(rig.client.packets).isEmpty();
    }

    @Test
    void whatFailsAlikeOnAllHostsOfAGroupFailsLikeThat() {
        rig.send(packet(PacketType.REMOVE, 1, "/@web/f"));
        for (String host : List.of("web1", "web2", "web3")) {
            rig.say(host, status(1, Status.NO_SUCH_FILE));
        }
        assertThat(code(rig.answer())).isEqualTo(Status.NO_SUCH_FILE);
    }

    @Test
    void aGroupIsLookedAtOnItsFirstHostThatIsReachedAndNotRead() {
        rig.fleet.unreachable.add("web1");
        rig.send(packet(PacketType.STAT, 1, "/@web/f"));
        assertThat(rig.request("web2")).isEqualTo(packet(PacketType.STAT, 1, "/f"));
        rig.say("web2", packet(PacketType.ATTRS, 1, 0));
        assertThat(rig.answer()).isEqualTo(packet(PacketType.ATTRS, 1, 0));

        rig.send(open(2, "/@web/f", 1));
        byte[] refused = rig.answer();
        assertThat(code(refused)).isEqualTo(Status.PERMISSION_DENIED);
        assertThat(text(refused, 13)).contains("/web1, /web2, /web3");
    }

    @Test
    void aGroupIsWrittenWhereItMayBe() {
        rig.fleet.readOnly.addAll(List.of("web1", "web3"));
        rig.send(packet(PacketType.MKDIR, 1, "/@web/d", 0));
        rig.say("web2", status(1, 0));
        assertThat(code(rig.answer())).isEqualTo(Status.OK);
        assertThat(rig.fleet.opened).containsExactly("web2");
    }

    @Test
    void whatMayBeDoneOnNoHostOfAGroupIsForTheirSessionsToRefuse() {
        List<String> hosts = List.of("web1", "web2", "web3");
        rig.fleet.readOnly.addAll(hosts);
        rig.send(packet(PacketType.REMOVE, 1, "/@web/f"));
        for (String host : hosts) {
            assertThat(rig.request(host)).isEqualTo(packet(PacketType.REMOVE, 1, "/f"));
            rig.say(host, status(1, Status.PERMISSION_DENIED));
        }
        assertThat(code(rig.answer())).isEqualTo(Status.PERMISSION_DENIED);

        rig.fleet.writeOnly.addAll(hosts);
        rig.send(packet(PacketType.OPENDIR, 2, "/@web/d"));
        assertThat(rig.request("web1")).isEqualTo(packet(PacketType.OPENDIR, 2, "/d"));
        rig.say("web1", status(2, Status.PERMISSION_DENIED));
        assertThat(code(rig.answer())).isEqualTo(Status.PERMISSION_DENIED);
        assertThat(rig.host("web2").requests).isEmpty();
    }

    @Test
    void aHostThatIsNotReachedIsNotTriedForEachFileOfAGroup() {
        rig.fleet.unreachable.add("web2");
        for (int id = 1; id <= 3; id++) {
            rig.send(packet(PacketType.MKDIR, id, "/@web/d" + id, 0));
            rig.say("web1", status(id, 0));
            rig.say("web3", status(id, 0));
            assertThat(text(rig.answer(), 13)).isEqualTo("bastion: web2 refuses connections");
        }
        assertThat(rig.fleet.opened).containsExactly("web1", "web2", "web3");
    }

    @Test
    void theClientIsGrantedWhatTheSlowestHostTakes() {
        rig.send(open(1, "/@web/f", WRITE_CREATE));
        for (String host : List.of("web1", "web2", "web3")) {
            rig.say(host, handle(1, "h"));
        }
        byte[] given = given(rig.answer());
        rig.host("web2").room = 0;
        byte[] piece = new byte[32 << 10];
        int sent = 0;
        while (rig.client.granted > piece.length + 100) {
            rig.send(packet(PacketType.WRITE, 2 + sent, given, (long) sent * piece.length, piece));
            sent++;
            assertThat(sent).as("pieces of a host that takes none").isLessThan(300);
        }
        assertThat(rig.host("web2").requests).hasSizeLessThan(2 + 64);

        rig.host("web2").room = Long.MAX_VALUE / 2;
        rig.host("web2").relay().hostRoom();
        rig.settle();

        assertThat(rig.client.granted).isGreaterThan(1 << 20);
        for (String host : List.of("web1", "web2", "web3")) {
            assertThat(rig.host(host).requests).as(host).hasSize(1 + sent);
        }
    }
}
