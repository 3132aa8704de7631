package dev.bastion.server.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bastion.server.transport.Waits;
import dev.bastion.server.transport.loop.EventLoops;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names are asked of a resolver that hangs for names that begin with {@code slow}. */
class HostNamesTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final InetAddress FOUND = InetAddress.ofLiteral("192.0.2.7");

    private final CountDownLatch answers = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final HostNames names = new HostNames(this::resolve);

    private InetAddress resolve(String name) throws UnknownHostException {
        asked.incrementAndGet();
        if (name.startsWith("slow")) {
            try {
                answers.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException("interrupted");
            }
        }
        if (name.equals("none")) {
            throw new UnknownHostException(name);
        }
        return FOUND;
    }

    @AfterEach
    void close() {
        answers.countDown();
        names.close();
    }

    @Test
    void findsWhatTheResolverFinds() throws Exception {
        assertThat(names.find("web1", LONG, new Waits())).isEqualTo(FOUND);
        assertThatThrownBy(() -> names.find("none", LONG, new Waits()))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void asksNobodyForAnAddress() throws Exception {
        assertThat(names.find("2001:db8::1", SHORT, new Waits()))
                .isEqualTo(InetAddress.ofLiteral("2001:db8::1"));
        assertThat(asked).hasValue(0);
    }

    @Test
    void aNameThatHangsIsGivenUpInTimeAndAskedForOnce() throws Exception {
        for (int i = 0; i < 40; i++) {
            assertThatThrownBy(() -> names.find("slow", Duration.ofMillis(5), new Waits()))
                    .isInstanceOf(TimeoutException.class);
        }
        assertThat(names.find("web1", LONG, new Waits())).isEqualTo(FOUND);
        assertThat(asked.get()).isLessThanOrEqualTo(2);
        answers.countDown();
        assertThat(names.find("slow", LONG, new Waits())).isEqualTo(FOUND);
    }

    @Test
    void aNameThatHangsKeepsNobodyWaitingWhoseOperatorIsGone() throws Exception {
        Waits given = new Waits();
        CompletableFuture<Void> waits =
                CompletableFuture.runAsync(() -> {
                    assertThatThrownBy(() -> names.find("slow", LONG, given))
                            .isInstanceOf(CancellationException.class);
                });
        given.giveUp();

        waits.get(LONG.toMillis() / 2, TimeUnit.MILLISECONDS);
        assertThatThrownBy(() -> names.find("slow", LONG, given))
                .isInstanceOf(CancellationException.class);
        answers.countDown();
        assertThat(names.find("slow", LONG, new Waits())).isEqualTo(FOUND);
    }

    @Test
    void whenAllLookupsHangOthersAreGivenUpInTimeToo() throws Exception {
        for (int i = 0; i < 20; i++) {
            String name = "slow" + i;
            assertThatThrownBy(() -> names.find(name, Duration.ofMillis(5), new Waits()))
                    .isInstanceOf(TimeoutException.class);
        }
        assertThatThrownBy(() -> names.find("web1", SHORT, new Waits()))
                .isInstanceOf(TimeoutException.class);
        answers.countDown();
        assertThat(names.find("web1", LONG, new Waits())).isEqualTo(FOUND);
    }

    @Test
    void aConnectionSaysThatTheNameWasNotFoundInTime() {
        HostConnector.Limits usual = HostConnector.Limits.DEFAULT;
        try (EventLoops loops = new EventLoops();
                HostConnector connector =
                        new HostConnector(
                                new HostConnector.Limits(
                                        SHORT,
                                        usual.authenticate(),
                                        usual.silence(),
                                        usual.rekey()),
                                loops,
                                names)) {
            assertThat(connector.scan("slow", 22, false))
                    .isEqualTo(
                            new HostKeyScanner.Scan.Failed(
                                    "the address of slow was not found in time"));
        }
    }
}
