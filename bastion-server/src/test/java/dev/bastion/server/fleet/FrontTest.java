package dev.bastion.server.fleet;

import static dev.bastion.server.fleet.FrontRig.code;
import static dev.bastion.server.fleet.FrontRig.given;
import static dev.bastion.server.fleet.FrontRig.id;
import static dev.bastion.server.fleet.FrontRig.text;
import static dev.bastion.server.tap.sftp.Packets.close;
import static dev.bastion.server.tap.sftp.Packets.data;
import static dev.bastion.server.tap.sftp.Packets.handle;
import static dev.bastion.server.tap.sftp.Packets.open;
import static dev.bastion.server.tap.sftp.Packets.packet;
import static dev.bastion.server.tap.sftp.Packets.read;
import static dev.bastion.server.tap.sftp.Packets.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Packets;
import dev.bastion.server.tap.sftp.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where each request goes, and what the client is told. */
final class FrontTest {

    private final FrontRig rig = FrontRig.begun();

    @Test
    void aFileIsReadWithTheHostsPathAndHandleAndTheClientsNumbers() {
        rig.send(open(70, "/web1/etc/hosts", 1));
        assertThat(rig.request("web1")).isEqualTo(open(1, "/etc/hosts", 1));
        rig.say("web1", handle(1, "the host's own"));
        byte[] opened = rig.answer();
        assertThat(opened).isEqualTo(packet(PacketType.HANDLE, 70, given(opened)));

        rig.send(packet(PacketType.READ, 71, given(opened), 5L, 100));
        assertThat(rig.request("web1")).isEqualTo(read(2, "the host's own", 5, 100));
        rig.say("web1", data(2, new byte[] {1, 2, 3}));
        assertThat(rig.answer()).isEqualTo(data(71, new byte[] {1, 2, 3}));

        rig.send(packet(PacketType.READ, 71, given(opened), 5L, 1 << 20));
        assertThat(rig.request("web1")).isEqualTo(read(3, "the host's own", 5, 255 << 10));
        rig.say("web1", status(3, Status.EOF));
        assertThat(code(rig.answer())).isEqualTo(Status.EOF);

        rig.send(packet(PacketType.CLOSE, 72, given(opened)));
        assertThat(rig.request("web1")).isEqualTo(close(4, "the host's own"));
        rig.say("web1", status(4, 0));
        assertThat(rig.answer()).isEqualTo(status(72, 0));

        rig.send(packet(PacketType.READ, 73, given(opened), 5L, 100));
        assertThat(code(rig.answer())).isEqualTo(Status.FAILURE);
    }

    @Test
    void theTopIsServedHereAndReachesNobody() {
        rig.send(packet(PacketType.REALPATH, 1, "."));
        assertThat(text(rig.answer(), 13)).isEqualTo("/");
        rig.send(packet(PacketType.STAT, 2, "/web1"));
        assertThat(rig.answer()[4]).isEqualTo((byte) PacketType.ATTRS);
        rig.send(packet(PacketType.OPENDIR, 3, "/"));
        byte[] top = given(rig.answer());
        rig.send(packet(PacketType.READDIR, 4, top));
        assertThat(new String(rig.answer(), StandardCharsets.ISO_8859_1))
                .contains("@web", "web1", "web2", "web3", "dr-xr-xr-x");
        rig.send(packet(PacketType.READDIR, 5, top));
        assertThat(code(rig.answer())).isEqualTo(Status.EOF);
        rig.send(packet(PacketType.CLOSE, 6, top));
        assertThat(code(rig.answer())).isEqualTo(Status.OK);

        assertThat(rig.fleet.opened).isEmpty();
    }

    @Test
    void aRealPathHasTheEntryBeforeItAndTheTextOfALinkHasNot() {
        rig.send(packet(PacketType.REALPATH, 1, "/web1/link/.."));
        assertThat(rig.request("web1")).isEqualTo(packet(PacketType.REALPATH, 1, "/link/.."));
        rig.say("web1", packet(PacketType.NAME, 1, 1, "/srv", "/srv", 0));
        assertThat(rig.answer())
                .isEqualTo(packet(PacketType.NAME, 1, 1, "/web1/srv", "/web1/srv", 0));

        rig.send(packet(PacketType.READLINK, 2, "/web1/link"));
        assertThat(rig.request("web1")).isEqualTo(packet(PacketType.READLINK, 2, "/link"));
        rig.say("web1", packet(PacketType.NAME, 2, 1, "/srv", "/srv", 0));
        assertThat(rig.answer()).isEqualTo(packet(PacketType.NAME, 2, 1, "/srv", "/srv", 0));

        rig.send(packet(PacketType.SYMLINK, 3, "/web1/as it is", "/web1/new"));
        assertThat(rig.request("web1"))
                .isEqualTo(packet(PacketType.SYMLINK, 3, "/web1/as it is", "/new"));
    }

    @ParameterizedTest
    @CsvSource({
        "13, /web1, 3",
        "14, /, 3",
        "15, /@web, 3",
        "14, /web1/.., 3",
        "13, /absent, 2",
        "13, /absent/x, 2",
        "17, /absent, 2",
        "16, /absent, 2",
        "11, /absent, 2",
        "19, /web1, 4"
    })
    void whatIsAboutAnEntryItselfIsAnsweredHere(int type, String path, int code) {
        rig.send(packet(type, 9, path, 0));

        assertThat(code(rig.answer())).isEqualTo(code);
        assertThat(rig.fleet.opened).isEmpty();
    }

    @Test
    void renamesStayOnOneHost() {
        rig.send(packet(PacketType.RENAME, 1, "/web1/a", "/web2/b"));
        byte[] refused = rig.answer();
        assertThat(code(refused)).isEqualTo(Status.OP_UNSUPPORTED);
        assertThat(text(refused, 13)).contains("from one host to another");
        rig.send(packet(PacketType.RENAME, 2, "/web1/a", "/web1"));
        assertThat(code(rig.answer())).isEqualTo(Status.PERMISSION_DENIED);
        assertThat(rig.fleet.opened).isEmpty();

        rig.send(packet(PacketType.RENAME, 3, "/web1/a", "/web1/b"));
        assertThat(rig.request("web1")).isEqualTo(packet(PacketType.RENAME, 1, "/a", "/b"));
    }

    @Test
    void extensionsGoToHostsThatHaveThem() {
        rig.send(packet(200, 1, "posix-rename@openssh.com", "/web1/a", "/web1/b"));
        assertThat(rig.request("web1"))
                .isEqualTo(packet(200, 1, "posix-rename@openssh.com", "/a", "/b"));
        rig.send(packet(200, 2, "statvfs@openssh.com", "/web1/a"));
        assertThat(code(rig.answer())).isEqualTo(Status.OP_UNSUPPORTED);
        rig.send(packet(200, 3, "limits@openssh.com"));
        assertThat(code(rig.answer())).isEqualTo(Status.OP_UNSUPPORTED);

        rig.fleet.extensions = new String[0];
        rig.send(packet(200, 4, "posix-rename@openssh.com", "/web2/a", "/web2/b"));
        assertThat(rig.request("web2")).isEqualTo(packet(PacketType.RENAME, 1, "/a", "/b"));
    }

    @Test
    void aHostThatIsNotReachedSaysWhyAndIsTriedAgainAfterAWhile() {
        rig.fleet.unreachable.add("web1");
        for (int id : List.of(1, 2)) {
            rig.send(packet(PacketType.STAT, id, "/web1/x"));
            byte[] refused = rig.answer();
            assertThat(code(refused)).isEqualTo(Status.FAILURE);
            assertThat(text(refused, 13)).isEqualTo("bastion: web1 refuses connections");
        }
        assertThat(rig.fleet.opened).containsExactly("web1");
        assertThat(rig.client.events).containsExactly("stderr:bastion: web1 refuses connections\n");

        rig.fleet.unreachable.clear();
        rig.nanoTime += Unreached.KEPT.toNanos() - 1;
        rig.send(packet(PacketType.STAT, 9, "/web1/x"));
        assertThat(text(rig.answer(), 13)).isEqualTo("bastion: web1 refuses connections");
        rig.nanoTime++;
        rig.send(packet(PacketType.STAT, 3, "/web1/x"));
        rig.send(packet(PacketType.STAT, 4, "/root@web1/x"));
        assertThat(rig.request("web1")).isEqualTo(packet(PacketType.STAT, 1, "/x"));
    }

    @Test
    void whatALostHostHadNotAnsweredFails() {
        rig.send(open(1, "/web1/f", 1));
        rig.say("web1", handle(1, "h"));
        byte[] given = given(rig.answer());
        rig.send(packet(PacketType.READ, 2, given, 0L, 10), packet(PacketType.STAT, 3, "/web1"));
        rig.client.packets.clear();

        rig.host("web1").relay().hostLost(RelayEnd.HOST_LOST);
        rig.settle();

        assertThat(code(rig.answer())).isEqualTo(Status.FAILURE);
        rig.send(packet(PacketType.READ, 4, given, 0L, 10));
        assertThat(code(rig.answer())).isEqualTo(Status.FAILURE);
        assertThat(rig.end).isNull();
    }

    @Test
    void atMostSoManyHostsAreOpen() {
        for (int i = 0; i < Links.LIMIT; i++) {
            rig.send(packet(PacketType.STAT, i, "/web" + i + "/x"));
        }
        assertThat(rig.client.packets).isEmpty();

        rig.send(packet(PacketType.STAT, 99, "/webmore/x"));
        assertThat(text(rig.answer(), 13)).contains("more than 64 hosts");
    }

    @Test
    void aClientThatTakesNothingStopsTheHostAndItsOwnRequests() {
        rig.send(open(1, "/web1/f", 1));
        rig.say("web1", handle(1, "h"));
        byte[] given = given(rig.answer());
        rig.host("web1").requests.clear();
        rig.client.room = 0;
        int said = 0;
        boolean asked = true;
        while (asked && said < 300) {
            rig.send(packet(PacketType.READ, 2, given, 0L, 32 << 10));
            byte[] request = rig.host("web1").requests.poll();
            asked = request != null && rig.host("web1").granted > 33 << 10;
            if (asked) {
                rig.say("web1", data(id(request), new byte[32 << 10]));
                said++;
            }
        }

        assertThat(said).as("pieces of 32 KiB in two windows").isBetween(32, 130);
        assertThat(rig.client.packets).isEmpty();
    }

    @Test
    void theEndComesAfterTheAnswersAndTheHostsEnd() {
        rig.send(packet(PacketType.STAT, 1, "/web1/x"));
        rig.relay.operatorEof();
        rig.settle();
        assertThat(rig.host("web1").ended).isFalse();

        rig.say("web1", packet(PacketType.ATTRS, 1, 0));
        rig.answer();
        assertThat(rig.host("web1").ended).isTrue();
        assertThat(rig.client.events).isEmpty();

        rig.host("web1").relay().hostClosed();
        rig.settle();
        assertThat(rig.client.events).containsExactly("exit-status", "eof");
        assertThat(rig.end).isNotNull();
    }

    @Test
    void aClientThatIsGoneEndsTheHostsSessions() {
        rig.send(packet(PacketType.STAT, 1, "/web1/x"));

        rig.relay.operatorClosed(RelayEnd.OPERATOR_CLOSED);
        rig.settle();

        assertThat(rig.host("web1").closed).isTrue();
    }

    @Test
    void aHostThatAsksWhetherSomebodyIsThereIsAnswered() throws Exception {
        rig.send(packet(PacketType.STAT, 1, "/web1/x"));

        rig.host("web1")
                .relay()
                .hostRequest(new ChannelRequest("keepalive@openssh.com", true, new byte[0]));
        rig.settle();

        assertThat(rig.host("web1").replies).isEqualTo(1);
    }

    @Test
    void aHostThatSaysWhatIsNotSftpIsLeftAndTheOthersGoOn() {
        rig.send(packet(PacketType.STAT, 1, "/web1/x"), packet(PacketType.STAT, 2, "/web2/x"));
        rig.say("web1", new byte[] {'h', 'e', 'l', 'l', 'o'});

        assertThat(text(rig.answer(), 13)).startsWith("bastion: the host sent what is not SFTP");
        assertThat(rig.host("web1").closed).isTrue();
        rig.say("web2", packet(PacketType.ATTRS, 1, 0));
        assertThat(rig.answer()).isEqualTo(packet(PacketType.ATTRS, 2, 0));
    }

    @Test
    void anAnswerThatBreaksInTheMiddleIsStillAnAnswer() {
        rig.send(packet(PacketType.REALPATH, 1, "/web1/x"));
        rig.say("web1", packet(PacketType.NAME, 1, 1, 1_000));

        byte[] refused = rig.answer();
        assertThat(code(refused)).isEqualTo(Status.FAILURE);
        assertThat(text(refused, 13)).startsWith("bastion: the host sent what is not SFTP");
        assertThat(rig.host("web1").closed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\000\000\000\000",
                "\000\000\000\001\003",
                "\000\004\000\001\003",
                "\177\000\000\000\003",
                "\000\000\000\005\001\000\000\000\003",
                "\000\000\000\005\377\000\000\000\001",
                "\000\000\000\005\003\000\000\000\001",
                "\000\000\000\011\003\000\000\000\001\377\377\377\377"
            })
    void whatIsNotSftpEndsTheSession(String bytes) {
        rig.send(bytes.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(rig.end).isNotNull();
        if (rig.end != null) {
            assertThat(rig.end.reason()).isEqualTo("malformed");
            assertThat(rig.end.detail()).startsWith("your client sent what is not SFTP: ");
        }
    }

    @Test
    void requestsBeforeTheBeginningEndTheSession() {
        FrontRig unbegun = new FrontRig();
        unbegun.send(packet(PacketType.STAT, 1, "/"));
        assertThat(unbegun.end).isNotNull();
        FrontRig begun = new FrontRig();
        begun.send(Packets.INIT);
        assertThat(begun.answer()).startsWith(0, 0, 0).contains(PacketType.VERSION);
    }
}
