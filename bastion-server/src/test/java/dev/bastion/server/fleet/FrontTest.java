package dev.bastion.server.fleet;

import static dev.bastion.server.tap.sftp.Packets.close;
import static dev.bastion.server.tap.sftp.Packets.data;
import static dev.bastion.server.tap.sftp.Packets.handle;
import static dev.bastion.server.tap.sftp.Packets.open;
import static dev.bastion.server.tap.sftp.Packets.packet;
import static dev.bastion.server.tap.sftp.Packets.read;
import static dev.bastion.server.tap.sftp.Packets.status;
import static dev.bastion.server.tap.sftp.Packets.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.sftp.PacketType;
import dev.bastion.server.tap.sftp.Packets;
import dev.bastion.server.tap.sftp.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where each request goes, and what the client is told. */
final class FrontTest {

    private static final int WRITE_CREATE = 2 | 8;

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
    void aHostThatIsNotReachedSaysWhyAndIsTriedAgain() {
        rig.fleet.unreachable.add("web1");
        for (int id : List.of(1, 2)) {
            rig.send(packet(PacketType.STAT, id, "/web1/x"));
            byte[] refused = rig.answer();
            assertThat(code(refused)).isEqualTo(Status.FAILURE);
            assertThat(text(refused, 13)).isEqualTo("bastion: web1 refuses connections");
        }
        assertThat(rig.fleet.opened).containsExactly("web1", "web1");
        assertThat(rig.client.events).containsExactly("stderr:bastion: web1 refuses connections\n");

        rig.fleet.unreachable.clear();
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

        rig.fleet.readOnly.add("web2");
        rig.send(packet(PacketType.MKDIR, 2, "/@web/d", 0));
        assertThat(code(rig.answer())).isEqualTo(Status.PERMISSION_DENIED);
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

    @Test
    void aClientThatTakesNothingStopsTheHostAndItsOwnRequests() {
        rig.send(open(1, "/web1/f", 1));
        rig.say("web1", handle(1, "h"));
        byte[] given = given(rig.answer());
        rig.client.room = 0;
        rig.send(packet(PacketType.READ, 2, given, 0L, 32 << 10));
        int said = 0;
        while (rig.host("web1").granted > 40_000) {
            rig.say("web1", data(2, new byte[32 << 10]));
            if (++said < 200) {
                rig.send(packet(PacketType.READ, 2, given, 0L, 32 << 10));
            }
            assertThat(said).as("pieces of a client that takes none").isLessThan(300);
        }
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

    private static byte[] given(byte[] handlePacket) {
        assertThat(handlePacket[4]).isEqualTo((byte) PacketType.HANDLE);
        return field(handlePacket, 9);
    }

    private static int code(byte[] statusPacket) {
        assertThat(statusPacket[4]).isEqualTo((byte) PacketType.STATUS);
        return ByteBuffer.wrap(statusPacket).getInt(9);
    }

    private static String text(byte[] packet, int at) {
        return new String(field(packet, at), StandardCharsets.UTF_8);
    }

    private static byte[] field(byte[] packet, int at) {
        ByteBuffer buffer = ByteBuffer.wrap(packet).position(at);
        byte[] field = new byte[buffer.getInt()];
        buffer.get(field);
        return field;
    }
}
