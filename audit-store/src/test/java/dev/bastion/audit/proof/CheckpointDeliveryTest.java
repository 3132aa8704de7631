package dev.bastion.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.Records;
import dev.bastion.audit.ledger.FileLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sinks that hang and fail. */
@Timeout(60)
final class CheckpointDeliveryTest {

    @TempDir private Path folder;

    private final BlockingQueue<Long> taken = new LinkedBlockingQueue<>();

    @Test
    void aSinkThatHangsStopsNeitherSigningNorAnother() throws Exception {
        var free = new CountDownLatch(1);
        CheckpointSink hanging =
                checkpoint -> {
                    try {
                        free.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                };
        SignedLedger ledger = SignedLedger.write(folder, "command");
        try (FileLedger opened = ledger.open();
                Checkpoints signing = ledger.start(opened, List.of(hanging, this::take))) {
            signing.signNow();
            assertThat(next()).isEqualTo(7);
            var record = Records.command("alice", "s1", "web1", 99, "more");
            opened.append(record).get(10, TimeUnit.SECONDS);
            signing.signNow();
            assertThat(next()).isEqualTo(8);
            free.countDown();
        }
    }

    @Test
    void whatFailedIsTriedAgainAndThenTheNewestAlone() throws Exception {
        var failures = new AtomicInteger(3);
        CheckpointDelivery delivery =
                CheckpointDelivery.start(
                        checkpoint -> {
                            if (failures.getAndDecrement() > 0) {
                                throw new IOException("away");
                            }
                            take(checkpoint);
                        },
                        Duration.ofMillis(50));
        List<Checkpoint> made = made();
        delivery.pass(made.get(0));
        delivery.pass(made.get(1));
        assertThat(next()).isEqualTo(2);
        delivery.pass(made.get(2));
        assertThat(next()).isEqualTo(3);
        delivery.close(Duration.ofSeconds(10));
        assertThat(failures).hasNegativeValue();
        assertThat(taken).isEmpty();
    }

    @Test
    void whatIsPassedLastIsTakenBeforeTheEnd() throws Exception {
        CheckpointDelivery delivery = CheckpointDelivery.start(this::take, Duration.ofSeconds(50));
        delivery.pass(made().getFirst());
        delivery.close(Duration.ofSeconds(10));
        assertThat(taken).containsExactly(1L);
    }

    private void take(Checkpoint checkpoint) {
        taken.add(checkpoint.number());
    }

    private @Nullable Long next() throws InterruptedException {
        return taken.poll(20, TimeUnit.SECONDS);
    }

    private List<Checkpoint> made() throws Exception {
        SignedLedger ledger = SignedLedger.write(folder.resolve("made"), "command");
        byte[] file = java.nio.file.Files.readAllBytes(ledger.file("checkpoints"));
        return Notes.parse(file).readable().stream().map(Checkpoint::of).toList();
    }
}
