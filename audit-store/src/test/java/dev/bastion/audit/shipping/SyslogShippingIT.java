package dev.bastion.audit.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.audit.ledger.FileLedger;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Threat: a receiver dies with what it had not read, is away, hangs, or is not the one it says it
 * is; and entries never arrive, or arrive elsewhere.
 */
@Timeout(180)
final class SyslogShippingIT {

    private static final int DEATHS = 6;
    private static final long ENTRIES = 24_000;

    private static Certificate server;
    private static Certificate client;

    @TempDir private Path folder;

    @BeforeAll
    static void makeCertificates(@TempDir Path shared) throws Exception {
        server = Certificate.make(shared, "server", "dns:localhost");
        client = Certificate.make(shared, "client", "dns:bastion");
    }

    private Shipping shipping(FileLedger ledger, ShipTo to) {
        Shipping shipping = Shipping.of(ledger, folder.resolve("shipping"), List.of(to));
        shipping.start();
        return shipping;
    }

    private static ShipTo secured(int port, Certificate trusted) {
        return new ShipTo.Syslog(
                "localhost", port, new ShipTo.Tls(trusted.pem(), client.pem(), client.key()));
    }

    private static ShipTo plain(int port) {
        return new ShipTo.Syslog("127.0.0.1", port, null);
    }

    private static void awaitLast(FrameReceiver receiver, long last) throws InterruptedException {
        Entries.await(
                "entry " + last + " has arrived",
                () ->
                        receiver.messages().reversed().stream()
                                .limit(5)
                                .anyMatch(message -> Entries.number(message) == last));
    }

    @Test
    void aReceiverThatDiesWithWhatItHadNotReadHasEveryEntryInOrder() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (FrameReceiver receiver = new FrameReceiver(FrameReceiver::unsecured);
                FileLedger ledger = Entries.ledger(folder);
                Shipping shipping = shipping(ledger, plain(receiver.port()))) {
            long step = ENTRIES / DEATHS;
            for (int death = 0; death < DEATHS; death++) {
                Entries.append(ledger, death * step + 1, (death + 1) * step);
                long until = receiver.accepted() + 1 + random.nextInt((int) step / 2);
                Entries.await("some arrived", () -> receiver.accepted() >= until);
                // What is sent from now on stands in the kernel's buffer, and goes with it.
                receiver.reading = false;
                Thread.sleep(random.nextInt(100));
                receiver.die();
                receiver.reading = true;
                Thread.sleep(random.nextInt(200));
                receiver.live();
            }
            awaitLast(receiver, ENTRIES);
            assertThat(Entries.withoutDoubles(receiver.messages()))
                    .as("seed %d", seed)
                    .isEqualTo(Entries.numbers(ENTRIES));
            assertThat(shipping.oldestNeeded().orElseThrow()).isLessThan(ENTRIES);
        }
    }

    /** Nothing more is recorded: that it left is noticed without a write. */
    @Test
    void theLastEntriesAreSentAgainToAReceiverThatDiedWithThem() throws Exception {
        try (FrameReceiver receiver = new FrameReceiver(FrameReceiver::unsecured);
                FileLedger ledger = Entries.ledger(folder);
                Shipping shipping = shipping(ledger, plain(receiver.port()))) {
            Entries.append(ledger, 1, 1);
            awaitLast(receiver, 1);
            receiver.reading = false;
            Entries.append(ledger, 2, 20);
            Entries.await("all are handed over", () -> shipping.states().getFirst().behind() == 0);
            receiver.die();
            receiver.reading = true;
            receiver.live();
            awaitLast(receiver, 20);
            assertThat(Entries.withoutDoubles(receiver.messages())).isEqualTo(Entries.numbers(20));
        }
    }

    /** A receiver that hangs holds up its own thread and the position, and nothing else. */
    @Test
    void aReceiverThatDoesNotReadHoldsUpNobody() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FileLedger ledger = Entries.ledger(folder)) {
            Shipping shipping = shipping(ledger, plain(silent.getLocalPort()));
            Entries.append(ledger, 1, 60_000);
            Entries.append(ledger, 60_001, 60_002);
            assertThat(shipping.oldestNeeded().orElseThrow()).isLessThan(60_000);
            long began = System.nanoTime();
            shipping.close();
            assertThat(System.nanoTime() - began).isLessThan(15_000_000_000L);
            assertThat(ledger.committed().sequence()).isEqualTo(60_002);
        }
    }

    @Test
    void overTlsBothSidesAreVerified() throws Exception {
        try (FrameReceiver receiver = tls();
                FileLedger ledger = Entries.ledger(folder);
                Shipping shipping = shipping(ledger, secured(receiver.port(), server))) {
            Entries.append(ledger, 1, 3_000);
            awaitLast(receiver, 3_000);
            receiver.die();
            Entries.append(ledger, 3_001, 3_100);
            Entries.await(
                    "it is away",
                    () -> shipping.states().getFirst().condition() == ShipperState.Condition.AWAY);
            receiver.live();
            awaitLast(receiver, 3_100);
            assertThat(Entries.withoutDoubles(receiver.messages()))
                    .isEqualTo(Entries.numbers(3_100));
        }
    }

    @Test
    void aReceiverWithAnotherCertificateIsGivenNothing() throws Exception {
        refuses("localhost", new ShipTo.Tls(client.pem(), client.pem(), client.key()), "PKIX");
    }

    @Test
    void aReceiverThatNoAuthorityOfTheSystemKnowsIsGivenNothing() throws Exception {
        refuses("localhost", new ShipTo.Tls(null, client.pem(), client.key()), "PKIX");
    }

    @Test
    void aReceiverOfAnotherNameIsGivenNothing() throws Exception {
        refuses(
                "127.0.0.1",
                new ShipTo.Tls(server.pem(), client.pem(), client.key()),
                "No subject alternative names matching IP address 127.0.0.1");
    }

    @Test
    void aReceiverThatWantsACertificateOfOursHasNothingWithoutIt() throws Exception {
        refuses("localhost", new ShipTo.Tls(server.pem(), null, null), "certificate_required");
    }

    private void refuses(String host, ShipTo.Tls tls, String error) throws Exception {
        try (FrameReceiver receiver = tls();
                FileLedger ledger = Entries.ledger(folder);
                Shipping shipping =
                        shipping(ledger, new ShipTo.Syslog(host, receiver.port(), tls))) {
            Entries.append(ledger, 1, 10);
            Entries.await(
                    "the refusal is seen",
                    () -> shipping.states().getFirst().error().contains(error));
            assertThat(receiver.messages()).isEmpty();
            assertThat(shipping.oldestNeeded()).hasValue(1);
        }
    }

    private static FrameReceiver tls() throws Exception {
        SSLContext context = server.server(client);
        return new FrameReceiver(port -> verifying(context, port));
    }

    private static ServerSocket verifying(SSLContext context, int port) throws IOException {
        var socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(port, 50, InetAddress.getLoopbackAddress());
        socket.setNeedClientAuth(true);
        return socket;
    }
}
