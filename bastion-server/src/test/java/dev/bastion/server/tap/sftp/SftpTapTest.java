package dev.bastion.server.tap.sftp;

import static dev.bastion.server.tap.sftp.Packets.close;
import static dev.bastion.server.tap.sftp.Packets.data;
import static dev.bastion.server.tap.sftp.Packets.handle;
import static dev.bastion.server.tap.sftp.Packets.join;
import static dev.bastion.server.tap.sftp.Packets.open;
import static dev.bastion.server.tap.sftp.Packets.packet;
import static dev.bastion.server.tap.sftp.Packets.read;
import static dev.bastion.server.tap.sftp.Packets.status;
import static dev.bastion.server.tap.sftp.Packets.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditLogException;
import dev.bastion.server.relay.BrokenProtocolException;
import dev.bastion.server.tap.PathText;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hashes by their first eight digits: {@code ba7816bf} is that of abc, {@code e3b0c442} of nothing.
 */
final class SftpTapTest {

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int APPEND = 4;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aFileThatIsWrittenInOrderHasItsHash() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.exchange(open(1, "/a", WRITE), handle(1, "h"));
        sftp.fromClient(join(write(2, "h", 0, bytes("a")), write(3, "h", 1, bytes("bc"))));
        sftp.fromHost(join(status(3, 0), status(2, 0)));
        sftp.exchange(close(4, "h"), status(4, 0));
        assertThat(sftp.records())
                .containsExactly("open|/a|write|null|-|ok", "write|/a|0-2|3|ba7816bf|ok");
    }

    @Test
    void aFileThatIsReadInOrderHasItsHash() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.exchange(open(1, "/a", READ), handle(1, "h"));
        sftp.fromClient(join(read(2, "h", 0, 2), read(3, "h", 2, 2), read(4, "h", 4, 2)));
        sftp.fromHost(join(data(2, bytes("ab")), data(3, bytes("c")), status(4, Status.EOF)));
        sftp.exchange(close(5, "h"), status(5, 0));
        assertThat(sftp.records())
                .containsExactly("open|/a|read|null|-|ok", "read|/a|0-2|3|ba7816bf|ok");
    }

    @Test
    void repliesOutOfOrderLeaveNoHash() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.exchange(open(1, "/a", READ), handle(1, "h"));
        sftp.fromClient(join(read(2, "h", 0, 2), read(3, "h", 2, 2)));
        sftp.fromHost(join(data(3, bytes("c")), data(2, bytes("ab"))));
        sftp.exchange(close(5, "h"), status(5, 0));
        assertThat(sftp.records().getLast()).isEqualTo("read|/a|0-2|3|-|ok");
    }

    @Test
    void aWriteThatFailsIsTheResultOfTheFile() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.exchange(open(1, "/a", WRITE), handle(1, "h"));
        sftp.exchange(write(2, "h", 0, bytes("ab")), status(2, 0));
        sftp.exchange(write(3, "h", 2, bytes("c")), status(3, Status.FAILURE));
        sftp.exchange(close(4, "h"), status(4, 0));
        assertThat(sftp.records().getLast()).isEqualTo("write|/a|0-2|2|-|failure");
    }

    @ParameterizedTest
    @CsvSource({"append", "gap", "cut", "copied"})
    void whatIsNotTheWholeInOrderHasNoHash(String how) {
        TappedSftp sftp = TappedSftp.begun(true, true);
        int flags = how.equals("append") ? WRITE | APPEND : WRITE;
        sftp.exchange(open(1, "/a", flags), handle(1, "h"));
        long offset = how.equals("gap") ? 1 : 0;
        sftp.exchange(write(2, "h", offset, bytes("abc")), status(2, 0));
        if (how.equals("cut")) {
            sftp.exchange(packet(PacketType.FSETSTAT, 3, "h", 1, 2L), status(3, 0));
        }
        if (how.equals("copied")) {
            byte[] copy = packet(PacketType.EXTENDED, 3, "copy-data", "h", 0L, 2L, "h", 3L);
            sftp.exchange(copy, status(3, 0));
        }
        sftp.exchange(close(4, "h"), status(4, 0));
        assertThat(sftp.records().getLast()).startsWith("write|/a|").endsWith("|3|-|ok");
    }

    @Test
    void anEmptyFileHasTheHashOfNothing() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.exchange(open(1, "/a", WRITE), handle(1, "h"));
        sftp.exchange(close(4, "h"), status(4, 0));
        assertThat(sftp.records().getLast()).isEqualTo("write|/a||0|e3b0c442|ok");
    }

    @Test
    void aHandleThatTheHostGivesAgainIsAnotherFile() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.exchange(open(1, "/a", WRITE), handle(1, "h"));
        sftp.exchange(open(2, "/b", WRITE), handle(2, "h"));
        sftp.exchange(write(3, "h", 0, bytes("abc")), status(3, 0));
        sftp.exchange(close(4, "h"), status(4, 0));
        assertThat(sftp.records())
                .containsExactly(
                        "open|/a|write|null|-|ok",
                        "write|/a||0|-|unfinished",
                        "open|/b|write|null|-|ok",
                        "write|/b|0-2|3|ba7816bf|ok");
    }

    @Test
    void changesAreRecordedWithTheHostsResult() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        byte[] attributes = packet(PacketType.SETSTAT, 1, "/a", 15, 5L, 1000, -1, 0100755, 0, 1);
        sftp.exchange(attributes, status(1, 2));
        sftp.exchange(packet(PacketType.SYMLINK, 2, "to", "/link"), status(2, 0));
        sftp.exchange(packet(PacketType.RENAME, 3, "/a", "/b"), status(3, 99));
        sftp.exchange(packet(PacketType.EXTENDED, 4, "new@example.org", "?"), status(4, 8));
        assertThat(sftp.records())
                .containsExactly(
                        "setstat|/a|size=5 owner=1000:4294967295 mode=0755"
                                + " accessed=1970-01-01T00:00:00Z modified=1970-01-01T00:00:01Z"
                                + "|null|-|no-such-file",
                        "symlink|/link|to|null|-|ok",
                        "rename|/a|/b|null|-|status-99",
                        "extended|new@example.org||null|-|op-unsupported");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 12, 13, 50, 112})
    void anAnswerFromHereWaitsForTheEndOfTheHostsPacket(int cut) {
        TappedSftp sftp = TappedSftp.begun(true, false);
        sftp.exchange(open(1, "/a", READ), handle(1, "h"));
        sftp.fromClient(read(2, "h", 0, 100));
        sftp.fromClient(packet(PacketType.STAT, 9, "/a"));
        sftp.client.reset();
        byte[] data = data(2, new byte[100]);
        byte[] said = join(data, status(9, 0));
        sftp.fromHost(said, 0, cut);
        sftp.fromClient(packet(PacketType.REMOVE, 3, "/a"));
        assertThat(sftp.client.size()).isEqualTo(cut);
        sftp.fromHost(said, cut, said.length - cut);
        String sentence = "bastion: you do not have the right sftp-write here";
        assertThat(sftp.client.toByteArray())
                .isEqualTo(join(data, Status.packet(3, 3, sentence), status(9, 0)));
    }

    @Test
    void dataOfARefusedWriteGoesNowhereAndTheNextRequestPasses() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        byte[] lost = write(1, "no such", 0, new byte[1000]);
        byte[] next = packet(PacketType.STAT, 2, "/a");
        byte[] both = join(lost, next);
        sftp.fromClient(both, 0, 500);
        sftp.fromClient(both, 500, both.length - 500);
        assertThat(sftp.host.toByteArray()).isEqualTo(next);
        assertThat(sftp.failure).isNull();
    }

    @Test
    void aClientWithALaterVersionIsBroughtDownToThis() {
        TappedSftp sftp = new TappedSftp(true, true);
        sftp.fromClient(packet(PacketType.INIT, 6));
        assertThat(sftp.host.toByteArray()).isEqualTo(Packets.INIT);
    }

    @Test
    void aHostWithALaterVersionEndsTheSession() {
        TappedSftp sftp = new TappedSftp(true, true);
        sftp.fromClient(Packets.INIT);
        sftp.fromHost(packet(PacketType.VERSION, 4));
        assertThat(sftp.failure).isInstanceOf(BrokenProtocolException.class);
        assertThat(sftp.client.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Welcome to web1!\n", "\0\0\0\5\145\0\0\0\1", "\0\0\0\0\0"})
    void aHostThatSpeaksNoSftpEndsTheSession(String said) {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.fromHost(bytes(said));
        assertThat(sftp.failure)
                .isInstanceOf(BrokenProtocolException.class)
                .hasMessageStartingWith("the host sent what is not SFTP: ");
        sftp.fromClient(packet(PacketType.STAT, 2, "/a"));
        assertThat(sftp.host.size()).isZero();
    }

    @Test
    void theLongestPacketPassesAndOneByteMoreDoesNot() {
        TappedSftp longest = TappedSftp.begun(true, true);
        byte[] fits =
                packet(PacketType.EXTENDED, 1, "x", new byte[PacketReader.PACKET_LIMIT_BYTES - 14]);
        assertThat(fits.length).isEqualTo(4 + PacketReader.PACKET_LIMIT_BYTES);
        longest.fromClient(fits, 0, 70_000);
        longest.fromClient(fits, 70_000, fits.length - 70_000);
        assertThat(longest.host.toByteArray()).isEqualTo(fits);

        TappedSftp longer = TappedSftp.begun(true, true);
        byte[] tooLong =
                packet(PacketType.EXTENDED, 1, "x", new byte[PacketReader.PACKET_LIMIT_BYTES - 13]);
        longer.fromClient(tooLong, 0, 5);
        assertThat(longer.failure).isInstanceOf(BrokenProtocolException.class);
    }

    @Test
    void aPathThatIsTooLongEndsTheSession() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.fromClient(packet(PacketType.REMOVE, 1, "x".repeat(Fields.PATH_LIMIT_BYTES)));
        assertThat(sftp.failure).isNull();
        sftp.fromClient(packet(PacketType.REMOVE, 2, "x".repeat(Fields.PATH_LIMIT_BYTES + 1)));
        assertThat(sftp.failure).isInstanceOf(BrokenProtocolException.class);
    }

    @Test
    void soManyFilesMayBeOpenAndNoMore() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        for (int i = 0; i < Conversation.OPEN_LIMIT; i++) {
            sftp.exchange(open(i, "/a", READ), handle(i, "h" + i));
        }
        sftp.host.reset();
        sftp.fromClient(open(-1, "/b", READ));
        assertThat(sftp.host.size()).isZero();
        assertThat(sftp.records().getLast()).isEqualTo("open|/b|read|null|-|limit");
        sftp.exchange(close(-2, "h7"), status(-2, 0));
        sftp.exchange(open(-1, "/c", READ), handle(-1, "h7"));
        assertThat(sftp.records().getLast()).isEqualTo("open|/c|read|null|-|ok");
    }

    @Test
    void soManyRequestsMayWaitForTheirAnswerAndNoMore() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        for (int i = 0; i < Conversation.ASKED_LIMIT; i++) {
            sftp.fromClient(packet(PacketType.STAT, i, "/a"));
        }
        sftp.host.reset();
        sftp.fromClient(packet(PacketType.STAT, -1, "/a"));
        assertThat(sftp.host.size()).isZero();
        assertThat(sftp.client.size()).isPositive();
    }

    @Test
    void soMuchTextMayWaitAndNoMore() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        String longest = "x".repeat(Fields.PATH_LIMIT_BYTES);
        int fit = Conversation.KEPT_LIMIT_CHARS / Fields.PATH_LIMIT_BYTES;
        for (int i = 0; i < fit; i++) {
            sftp.fromClient(packet(PacketType.REMOVE, i, longest));
        }
        assertThat(sftp.records()).isEmpty();
        sftp.fromClient(packet(PacketType.REMOVE, fit, "/a"));
        assertThat(sftp.records()).containsExactly("remove|/a||null|-|limit");
        sftp.fromHost(status(0, 0));
        sftp.fromClient(packet(PacketType.REMOVE, fit, "/a"));
        assertThat(sftp.records()).hasSize(2);
    }

    @Test
    void afterSoManyRefusalsTheSessionEnds() {
        TappedSftp sftp = TappedSftp.begun(true, false);
        for (int i = 0; i < Conversation.REFUSED_LIMIT; i++) {
            sftp.fromClient(packet(PacketType.REMOVE, 1, "/a"));
        }
        assertThat(sftp.failure).isNull();
        sftp.fromClient(packet(PacketType.REMOVE, 1, "/a"));
        assertThat(sftp.failure).isInstanceOf(BrokenProtocolException.class);
    }

    @Test
    void afterAFailedAppendNothingMoreReachesTheHost() {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.fromClient(packet(PacketType.REMOVE, 1, "/a"));
        sftp.log.failNextAppend();
        sftp.fromHost(status(1, 0));
        sftp.host.reset();
        sftp.fromClient(packet(PacketType.REMOVE, 2, "/b"));
        assertThat(sftp.host.size()).isZero();
        assertThat(sftp.failure).isInstanceOf(AuditLogException.class);
    }

    @Test
    void theEndWaitsForTheRecordsOfWhatIsUnfinished() throws Exception {
        TappedSftp sftp = TappedSftp.begun(true, true);
        sftp.exchange(open(1, "/a", WRITE), handle(1, "h"));
        sftp.fromClient(write(2, "h", 0, bytes("abc")));
        sftp.fromClient(packet(PacketType.REMOVE, 3, "/b"));
        sftp.fromClient(open(4, "/c", READ));
        sftp.log.holdAppends();
        CompletableFuture<?> ended = sftp.tap.ended();
        while (!sftp.log.completeNext()) {
            assertThat(ended).isNotDone();
            Thread.onSpinWait();
        }
        ended.get(10, TimeUnit.SECONDS);
        assertThat(sftp.records())
                .containsExactlyInAnyOrder(
                        "open|/a|write|null|-|ok",
                        "remove|/b||null|-|unfinished",
                        "open|/c|read|null|-|unfinished",
                        "write|/a|0-2|3|-|unfinished");
        sftp.host.reset();
        sftp.fromClient(packet(PacketType.STAT, 5, "/a"));
        assertThat(sftp.host.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain            | plain",
                "caf\u00c3\u00a9            | café",
                "a\u00ffb            | a\\xffb",
                "a\u00c3            | a\\xc3",
                "\u00e2\u0082x           | \\xe2\\x82x",
                "\u00ed\u00a0\u0080          | \\xed\\xa0\\x80",
                "a\\b           | a\\\\b",
                "a\\xffb        | a\\\\xffb"
            })
    void theBytesOfANameCanBeHadFromItsText(String bytes, String text) {
        assertThat(PathText.of(bytes(bytes))).isEqualTo(text);
        assertThat(PathText.of(new byte[] {'a', 0, '\n'})).isEqualTo("a\\x00\n");
    }
}
