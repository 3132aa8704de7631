package dev.bastion.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** source → Flow → destination, whose room and whose barriers the test moves. */
class FlowTest {

    private final FakeEnd source = new FakeEnd();
    private final FakeEnd destination = new FakeEnd();
    private final QueuedExecutor resume = new QueuedExecutor();
    private final List<Throwable> failures = new ArrayList<>();
    private final Flow flow = new Flow(source, destination, resume, failures::add);

    @Test
    void passesOnAtOnceWhatThereIsRoomFor() {
        data("hello", null);
        assertThat(destination.text()).isEqualTo("hello");
        assertThat(flow.waitingBytes()).isZero();
    }

    @Test
    void grantsNoMoreThanTheDestinationHasRoomFor() {
        source.granted = 0;
        destination.room = 1000;
        flow.drain();
        assertThat(source.granted).isEqualTo(1000);
        flow.drain();
        assertThat(source.granted).isEqualTo(1000);
    }

    @Test
    void grantsNoMoreThanItsOwnWindowWhateverRoomThereIs() {
        source.granted = 0;
        flow.drain();
        assertThat(source.granted).isEqualTo(Flow.WINDOW_BYTES);
    }

    @Test
    void countsWhatWaitsAgainstTheRoom() {
        source.granted = 0;
        flow.hold(true);
        destination.room = 1000;
        data("abc", null);
        assertThat(source.granted).isEqualTo(997);
    }

    @Test
    void grantsALotAtOnceWhileTheSourceHasMuchLeft() {
        source.granted = 1_000_000;
        destination.room = 1_100_000;
        flow.drain();
        assertThat(source.granted).isEqualTo(1_000_000);
        destination.room = 1_300_000;
        flow.drain();
        assertThat(source.granted).isEqualTo(1_300_000);
    }

    @Test
    void passesOnlyThePartOfTheArrayThatItWasGiven() {
        flow.data(ChannelEnd.STDERR, bytes("xxabcxx"), 2, 3, null);
        assertThat(destination.events).containsExactly("stderr:abc");
    }

    @Test
    void keepsTheOrderWhenThereIsRoomForAPart() {
        destination.room = 3;
        data("hello", null);
        data(" world", null);
        assertThat(destination.text()).isEqualTo("hel");
        assertThat(flow.waitingBytes()).isEqualTo(8);
        destination.room = 4;
        flow.drain();
        assertThat(destination.text()).isEqualTo("hello w");
        destination.room = 100;
        flow.drain();
        assertThat(destination.text()).isEqualTo("hello world");
    }

    @Test
    void whatIsSaidAheadPassesWhatABarrierHoldsAndNothingElse() {
        destination.room = 3;
        data("hello", null);
        flow.ahead(ChannelEnd.DATA, bytes("1"));
        destination.room = 100;
        flow.drain();
        assertThat(destination.text()).isEqualTo("hello1");
        CompletableFuture<Void> barrier = new CompletableFuture<>();
        data("held", barrier);
        flow.ahead(ChannelEnd.DATA, bytes("2"));
        assertThat(destination.text()).isEqualTo("hello12");
        barrier.complete(null);
        flow.drain();
        assertThat(destination.text()).isEqualTo("hello12held");
    }

    @Test
    void whatIsSaidAheadPassesWhatABarrierHoldsBehindOutputThatHasNoRoom() {
        destination.room = 3;
        data("hello", CompletableFuture.completedFuture(null));
        data(" there", null);
        CompletableFuture<Void> barrier = new CompletableFuture<>();
        data("held", barrier);
        data("last", null);
        flow.ahead(ChannelEnd.DATA, bytes("1"));
        destination.room = 100;
        flow.drain();
        assertThat(destination.text()).isEqualTo("hello there1");
        flow.ahead(ChannelEnd.DATA, bytes("2"));
        assertThat(destination.text()).isEqualTo("hello there12");
        barrier.complete(null);
        flow.drain();
        assertThat(destination.text()).isEqualTo("hello there12heldlast");
    }

    @Test
    void keepsACopyOfWhatWaits() {
        destination.room = 0;
        byte[] chunk = bytes("abc");
        flow.data(ChannelEnd.DATA, chunk, 0, 3, null);
        chunk[0] = 'X';
        destination.room = 9;
        flow.drain();
        assertThat(destination.text()).isEqualTo("abc");
    }

    @Test
    void keepsTheTwoStreamsInOneOrder() {
        destination.room = 0;
        flow.data(ChannelEnd.DATA, bytes("out"), 0, 3, null);
        flow.data(ChannelEnd.STDERR, bytes("err"), 0, 3, null);
        flow.data(ChannelEnd.DATA, bytes("out"), 0, 3, null);
        destination.room = 9;
        flow.drain();
        assertThat(destination.events).containsExactly("data:out", "stderr:err", "data:out");
    }

    @Test
    void holdsWhatIsBehindABarrierAndReleasesItOnTheResumeExecutor() {
        CompletableFuture<Void> barrier = new CompletableFuture<>();
        data("ls", null);
        data("\r", barrier);
        data("pwd", null);
        flow.drain();
        assertThat(destination.text()).isEqualTo("ls");
        barrier.complete(null);
        assertThat(destination.text()).isEqualTo("ls");
        resume.runAll();
        assertThat(destination.text()).isEqualTo("ls\rpwd");
    }

    @Test
    void passesAtOnceWhenTheBarrierIsDone() {
        data("\r", CompletableFuture.completedFuture(null));
        assertThat(destination.text()).isEqualTo("\r");
    }

    @Test
    void waitsForBarriersInTheOrderOfTheBytesNotOfTheirEnd() {
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> second = new CompletableFuture<>();
        data("1", first);
        data("2", second);
        second.complete(null);
        resume.runAll();
        assertThat(destination.text()).isEmpty();
        first.complete(null);
        resume.runAll();
        assertThat(destination.text()).isEqualTo("12");
    }

    @Test
    void missesNoBarrierThatEndsWhileItsBytesAreQueued() {
        data("\r", new CompletesWhenAsked());
        resume.runAll();
        assertThat(destination.text()).isEqualTo("\r");
    }

    @Test
    void aBrokenBarrierStopsAllBehindItAndSaysSoOnce() {
        CompletableFuture<Void> barrier = new CompletableFuture<>();
        IllegalStateException broken = new IllegalStateException("full");
        data("\r", barrier);
        data("more", null);
        barrier.completeExceptionally(broken);
        resume.runAll();
        flow.drain();
        flow.drain();
        assertThat(destination.text()).isEmpty();
        assertThat(failures).containsExactly(broken);
    }

    @Test
    void aBarrierThatIsBrokenAlreadyLetsNothingThrough() {
        data("\r", CompletableFuture.failedFuture(new IllegalStateException("full")));
        flow.drain();
        assertThat(destination.text()).isEmpty();
        assertThat(failures).hasSize(1);
    }

    @Test
    void stopsWhileHeldAndGoesOnAfter() {
        flow.hold(true);
        data("abc", null);
        flow.drain();
        assertThat(destination.text()).isEmpty();
        flow.hold(false);
        assertThat(destination.text()).isEqualTo("abc");
    }

    @Test
    void grantsWhatItDiscardsAndStillDoesTheSteps() {
        source.granted = 0;
        destination.room = 1;
        data("abc", null);
        flow.then(destination::sendEof);
        flow.discard();
        data("de", null);
        assertThat(destination.events).containsExactly("data:a", "eof");
        assertThat(source.granted).isEqualTo(Flow.WINDOW_BYTES);
        assertThat(flow.waitingBytes()).isZero();
    }

    @Test
    void doesAStepAfterAllThatCameBeforeIt() {
        CompletableFuture<Void> barrier = new CompletableFuture<>();
        destination.room = 2;
        data("abc", null);
        data("\r", barrier);
        flow.then(destination::sendEof);
        assertThat(destination.events).containsExactly("data:ab");
        destination.room = 9;
        flow.drain();
        assertThat(destination.events).containsExactly("data:ab", "data:c");
        barrier.complete(null);
        resume.runAll();
        assertThat(destination.events).containsExactly("data:ab", "data:c", "data:\r", "eof");
    }

    @Test
    void aWriteThatFailsIsToldAndFreesTheSource() {
        destination.failure = new IOException("gone");
        source.granted = 0;
        data("abc", null);
        data("def", null);
        assertThat(failures).containsExactly(destination.failure);
        assertThat(source.granted).isEqualTo(Flow.WINDOW_BYTES);
    }

    @RepeatedTest(300)
    void whateverTheChunksAndTheRoomTheBytesComeOutAsTheyCameIn() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        ByteArrayOutputStream given = new ByteArrayOutputStream();
        List<CompletableFuture<Void>> barriers = new ArrayList<>();
        destination.room = random.nextInt(50);
        source.granted = 40;
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    byte[] chunk = new byte[random.nextInt(1 + (int) Math.min(39, source.granted))];
                    random.nextBytes(chunk);
                    int from = random.nextInt(chunk.length + 1);
                    given.write(chunk, from, chunk.length - from);
                    source.granted -= chunk.length - from;
                    CompletableFuture<Void> barrier =
                            random.nextInt(3) == 0 ? new CompletableFuture<>() : null;
                    if (barrier != null) {
                        barriers.add(barrier);
                    }
                    flow.data(random.nextInt(2), chunk, from, chunk.length - from, barrier);
                }
                case 2 -> {
                    destination.room += random.nextInt(60);
                    flow.drain();
                }
                case 3 -> {
                    if (!barriers.isEmpty()) {
                        barriers.remove(random.nextInt(barriers.size())).complete(null);
                        resume.runAll();
                    }
                }
                default -> flow.hold(random.nextBoolean());
            }
            assertThat(flow.waitingBytes())
                    .as("seed %d", seed)
                    .isEqualTo(given.size() - destination.received.size());
            assertThat(source.granted + flow.waitingBytes())
                    .as("seed %d", seed)
                    .isLessThanOrEqualTo(Math.max(40, destination.room));
        }
        barriers.forEach(barrier -> barrier.complete(null));
        resume.runAll();
        flow.hold(false);
        destination.room = Long.MAX_VALUE;
        flow.drain();
        assertThat(destination.received.toByteArray())
                .as("seed %d", seed)
                .isEqualTo(given.toByteArray());
        assertThat(source.granted).as("seed %d", seed).isEqualTo(Flow.WINDOW_BYTES);
    }

    /** A barrier that another thread completes just after it was found open. */
    private static final class CompletesWhenAsked extends CompletableFuture<Void> {
        @Override
        public boolean isDone() {
            boolean done = super.isDone();
            complete(null);
            return done;
        }
    }

    private void data(String text, @Nullable CompletableFuture<?> barrier) {
        flow.data(ChannelEnd.DATA, bytes(text), 0, text.length(), barrier);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
