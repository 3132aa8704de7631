package dev.bastion.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.AuditLogException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** operator ↔ Relay ↔ host, with a tap that writes down what it sees. */
class RelayTest {

    private final FakeEnd operator = new FakeEnd();
    private final FakeEnd host = new FakeEnd();
    private final QueuedExecutor resume = new QueuedExecutor();
    private final FakeTap tap = new FakeTap();
    private final Ending ending = new Ending();
    private final Relay relay = relay(false);

    @Test
    void theTapSeesBytesBeforeTheyGoOn() {
        toHost("ls\r");
        fromHost("out");
        assertThat(tap.seen).containsExactly("toHost:ls\r", "toOperator:out");
        assertThat(tap.sentWhenSeen).containsExactly("", "");
        assertThat(host.text()).isEqualTo("ls\r");
        assertThat(operator.text()).isEqualTo("out");
    }

    @Test
    void whatTheTapHoldsBackWaits() {
        tap.barrier = new CompletableFuture<>();
        toHost("ls\r");
        assertThat(host.events).isEmpty();
        tap.barrier.complete(null);
        resume.runAll();
        assertThat(host.text()).isEqualTo("ls\r");
    }

    @Test
    void endsTheSessionWhenTheLedgerFails() {
        CompletableFuture<Void> barrier = new CompletableFuture<>();
        tap.barrier = barrier;
        operator.granted = 0;
        toHost("ls\r");
        barrier.completeExceptionally(new AuditLogException("full"));
        resume.runAll();
        assertThat(host.events).containsExactly("close");
        assertThat(ending.ends).hasSize(1);
        assertThat(ending.ends.getFirst().reason()).isEqualTo("ledger");
        assertThat(tap.ends).isEqualTo(1);
        assertThat(operator.granted).isPositive();
    }

    @Test
    void anAnnouncementWaitsForTheEndOfASequenceAndNoTapSeesIt() {
        tap.mayInterrupt = false;
        fromHost("a\033[3");
        relay.announce(ChannelEnd.DATA, "soon".getBytes(StandardCharsets.US_ASCII));
        fromHost("1");
        tap.mayInterrupt = true;
        fromHost("mb");
        fromHost("c");

        assertThat(operator.text()).isEqualTo("a\033[31mbsoonc");
        assertThat(tap.seen).noneMatch(seen -> seen.contains("soon"));
    }

    @Test
    void anAnnouncementStaysBehindItsChunkAlsoWhenThatWaits() {
        CompletableFuture<Void> room = new CompletableFuture<>();
        tap.room = room;
        fromHost("a\033[3");
        relay.announce(ChannelEnd.DATA, "soon".getBytes(StandardCharsets.US_ASCII));
        fromHost("1mb");
        room.complete(null);
        resume.runAll();
        assertThat(operator.text()).isEqualTo("a\033[31mbsoon");
    }

    @Test
    void whatIsAnnouncedAtOnceIsReadWhileTheOutputWaits() {
        CompletableFuture<Void> room = new CompletableFuture<>();
        tap.room = room;
        fromHost("held");
        relay.announceNow(ChannelEnd.DATA, "held back".getBytes(StandardCharsets.US_ASCII));
        fromHost(" too");
        assertThat(operator.text()).isEqualTo("held back");
        room.complete(null);
        resume.runAll();
        assertThat(operator.text()).isEqualTo("held backheld too");
    }

    @Test
    void anAnnouncementThatMustWaitNoLongerIsMadeOnceAndNotAfterTheEnd() {
        tap.mayInterrupt = false;
        relay.announce(ChannelEnd.STDERR, "soon".getBytes(StandardCharsets.US_ASCII));
        relay.announceNow();
        relay.announceNow();
        assertThat(operator.events).containsExactly("stderr:soon");

        relay.announce(ChannelEnd.DATA, "late".getBytes(StandardCharsets.US_ASCII));
        relay.cut(RelayEnd.SHUTDOWN);
        relay.announceNow();
        assertThat(operator.events).containsExactly("stderr:soon");
    }

    @Test
    void tellsWhoSentSomethingSinceItWasAsked() {
        assertThat(relay.heard()).isEqualTo(new Relay.Heard(false, false));
        toHost("l");
        assertThat(relay.heard()).isEqualTo(new Relay.Heard(true, false));
        fromHost("l");
        assertThat(relay.heard()).isEqualTo(new Relay.Heard(false, true));
        assertThat(relay.heard()).isEqualTo(new Relay.Heard(false, false));
    }

    @Test
    void theOperatorsEofFollowsTheirData() {
        host.room = 1;
        toHost("abc");
        relay.operatorEof();
        assertThat(host.events).containsExactly("data:a");
        host.room = 10;
        relay.hostRoom();
        assertThat(host.events).containsExactly("data:a", "data:bc", "eof");
    }

    @Test
    void exitStatusEofAndTheEndFollowTheLastOutput() throws IOException {
        operator.room = 2;
        fromHost("output");
        relay.hostRequest(request("exit-status", false));
        relay.hostEof();
        relay.hostClosed();
        assertThat(operator.events).containsExactly("data:ou");
        assertThat(ending.exits).containsExactly("exit-status");
        assertThat(ending.ends).isEmpty();
        operator.room = 3;
        relay.operatorRoom();
        assertThat(ending.ends).isEmpty();
        operator.room = 3;
        relay.operatorRoom();
        assertThat(operator.events)
                .containsExactly("data:ou", "data:tpu", "data:t", "exit-status", "eof");
        assertThat(ending.ends).containsExactly(RelayEnd.HOST_CLOSED);
    }

    @Test
    void aLostHostEndsTheRelayAfterWhatItSent() {
        operator.room = 0;
        fromHost("last words");
        relay.hostLost(RelayEnd.HOST_LOST);
        assertThat(ending.ends).isEmpty();
        operator.room = 100;
        relay.operatorRoom();
        assertThat(operator.text()).isEqualTo("last words");
        assertThat(ending.ends).containsExactly(RelayEnd.HOST_LOST);
    }

    @Test
    void keepsEofAndExitBackWhenTheMenuGoesOn() throws IOException {
        Relay kept = relay(true);
        kept.hostRequest(request("exit-status", false));
        kept.hostEof();
        kept.hostClosed();
        assertThat(operator.events).isEmpty();
        assertThat(ending.exits).containsExactly("exit-status");
        assertThat(ending.ends).containsExactly(RelayEnd.HOST_CLOSED);
    }

    @Test
    void repliesComeInTheOrderOfTheRequestsWithTheRefusedOnesInTheirTurn() throws IOException {
        relay.operatorRequest(request("env", true), false);
        assertThat(operator.events).containsExactly("reply:false");
        relay.operatorRequest(request("pty-req", true), true);
        relay.operatorRequest(request("x11-req", true), false);
        relay.operatorRequest(request("signal", false), true);
        relay.operatorRequest(request("signal", false), false);
        assertThat(ending.refused).containsExactly("env", "x11-req", "signal");
        relay.operatorRequest(request("shell", true), true);
        assertThat(host.events).containsExactly("pty-req", "signal", "shell");
        assertThat(operator.events).hasSize(1);
        relay.hostReply(true);
        assertThat(operator.events).containsExactly("reply:false", "reply:true", "reply:false");
        relay.hostReply(true);
        assertThat(operator.events).hasSize(4).endsWith("reply:true");
    }

    @Test
    void aReplyThatNobodyAskedForGoesNowhere() throws IOException {
        relay.hostReply(true);
        relay.operatorReply(true);
        assertThat(operator.events).isEmpty();
        assertThat(host.events).isEmpty();
    }

    @Test
    void theHostsRequestsKeepTheirPlaceInTheOutputAndAreAnsweredToTheHost() throws IOException {
        operator.room = 0;
        fromHost("out");
        relay.hostRequest(request("keepalive@openssh.com", true));
        assertThat(operator.events).isEmpty();
        operator.room = 10;
        relay.operatorRoom();
        assertThat(operator.events).containsExactly("data:out", "keepalive@openssh.com");
        relay.operatorReply(false);
        assertThat(host.events).containsExactly("reply:false");
    }

    @Test
    void aSignalOvertakesDataThatTheHostDoesNotRead() throws IOException {
        host.room = 0;
        toHost("abc");
        relay.operatorRequest(request("signal", false), true);
        assertThat(host.events).containsExactly("signal");
    }

    @Test
    void eowOfTheOperatorDropsTheOutputThatWaits() throws IOException {
        operator.room = 1;
        host.granted = 0;
        fromHost("output");
        relay.operatorRequest(request("eow@openssh.com", false), true);
        fromHost("more");
        operator.room = 100;
        relay.operatorRoom();
        assertThat(operator.text()).isEqualTo("o");
        assertThat(host.granted).isEqualTo(Flow.WINDOW_BYTES);
        assertThat(host.events).containsExactly("eow@openssh.com");
    }

    @Test
    void eowOfTheHostDropsTheInputThatWaits() throws IOException {
        host.room = 1;
        operator.granted = 0;
        toHost("input");
        relay.hostRequest(request("eow@openssh.com", false));
        toHost("more");
        relay.operatorEof();
        assertThat(host.events).containsExactly("data:i", "eof");
        assertThat(operator.granted).isEqualTo(Flow.WINDOW_BYTES);
        assertThat(operator.events).containsExactly("eow@openssh.com");
    }

    @Test
    void holdStopsTheInputButNotTheOutput() {
        relay.hold(true);
        toHost("ls");
        fromHost("out");
        assertThat(host.events).isEmpty();
        assertThat(operator.text()).isEqualTo("out");
        relay.hold(false);
        assertThat(host.text()).isEqualTo("ls");
    }

    @Test
    void theHostsLastWordsFollowTheClientsClose() throws IOException {
        toHost("typed");
        relay.operatorClosing();
        assertThat(host.events).containsExactly("data:typed", "close");
        fromHost("unheard");
        relay.hostRequest(request("exit-status", false));
        relay.hostClosed();
        assertThat(operator.events).containsExactly("exit-status");
        assertThat(ending.ends).containsExactly(RelayEnd.OPERATOR_CLOSED);
    }

    @Test
    void endsOnceHoweverManyWaysItEnds() {
        RelayEnd cut = new RelayEnd("cut", "cut off by root");
        relay.cut(cut);
        relay.operatorClosed(RelayEnd.OPERATOR_CLOSED);
        relay.hostClosed();
        assertThat(ending.ends).containsExactly(cut);
        assertThat(tap.ends).isEqualTo(1);
        assertThat(host.events).containsExactly("close");
    }

    @Test
    void theTapMayAnswerInPlaceOfPassing() {
        tap.swallowed = true;
        toHost("rm");
        fromHost("secret");
        assertThat(host.received.size()).isZero();
        assertThat(operator.text()).isEqualTo("noinstead");
    }

    @Test
    void whatTheTapKeepsBackIsGrantedAgain() {
        tap.swallowed = true;
        operator.granted = 0;
        host.granted = 0;
        toHost("rm");
        fromHost("secret");
        assertThat(operator.granted).isEqualTo(Flow.WINDOW_BYTES);
        assertThat(host.granted).isEqualTo(Flow.WINDOW_BYTES);
    }

    @Test
    void sizesReachTheTap() {
        relay.resized(132, 50);
        assertThat(tap.seen).containsExactly("size:132x50");
    }

    @Test
    void whatTheTapKeptGoesBeforeWhatItPasses() {
        tap.kept = bytes("_kept ");
        host.room = 3;
        toHost("passed");
        host.room = 100;
        relay.hostRoom();
        assertThat(host.text()).isEqualTo("kept passed");
    }

    @Test
    void aTapEndsTheSessionWithASentence() {
        tap.barrier = CompletableFuture.failedFuture(new BrokenProtocolException("it is not SFTP"));
        toHost("GET /");
        resume.runAll();
        assertThat(host.events).containsExactly("close");
        assertThat(ending.ends).containsExactly(new RelayEnd("malformed", "it is not SFTP"));
    }

    private Relay relay(boolean keepOperatorOpen) {
        return new Relay(operator, host, tap, ending, resume, keepOperatorOpen);
    }

    private void toHost(String text) {
        byte[] bytes = ("__" + text).getBytes(StandardCharsets.ISO_8859_1);
        relay.operatorData(bytes, 2, text.length());
    }

    private void fromHost(String text) {
        byte[] bytes = ("__" + text).getBytes(StandardCharsets.ISO_8859_1);
        relay.hostData(ChannelEnd.DATA, bytes, 2, text.length());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static ChannelRequest request(String type, boolean wantReply) {
        return new ChannelRequest(type, wantReply, new byte[0]);
    }

    /** Passes all on, behind its barrier when it has one. */
    private final class FakeTap implements RelayTap {
        final List<String> seen = new ArrayList<>();
        final List<String> sentWhenSeen = new ArrayList<>();
        @Nullable CompletableFuture<Void> barrier;
        @Nullable CompletableFuture<Void> room;
        boolean swallowed;
        boolean mayInterrupt = true;
        byte @Nullable [] kept;
        int ends;

        @Override
        public void toHost(byte[] bytes, int offset, int length, Passage passage) {
            sentWhenSeen.add(host.text());
            seen.add("toHost:" + new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
            if (swallowed) {
                passage.answer(bytes("no"));
            } else {
                if (kept != null) {
                    passage.passKept(kept, 1, kept.length - 1);
                }
                passage.pass(offset, length, barrier);
            }
        }

        @Override
        public boolean mayInterrupt() {
            return mayInterrupt;
        }

        @Override
        public void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage) {
            sentWhenSeen.add(operator.text());
            seen.add(
                    "toOperator:" + new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
            if (swallowed) {
                passage.answer(bytes("instead"));
            } else {
                passage.pass(offset, length, room);
            }
        }

        @Override
        public void resized(int columns, int rows) {
            seen.add("size:" + columns + "x" + rows);
        }

        @Override
        public CompletableFuture<?> ended() {
            ends++;
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Writes down what the relay says of its end. */
    private static final class Ending implements Relay.Listener {
        final List<String> exits = new ArrayList<>();
        final List<RelayEnd> ends = new ArrayList<>();
        final List<String> refused = new ArrayList<>();

        @Override
        public void refused(ChannelRequest request) {
            refused.add(request.type());
        }

        @Override
        public void exited(ChannelRequest exit) {
            exits.add(exit.type());
        }

        @Override
        public void ended(RelayEnd end, CompletableFuture<?> recorded) {
            ends.add(end);
        }
    }
}
