package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.RawConnection.RawChannel;
import dev.bastion.server.config.Settings;
import dev.bastion.server.rig.SshClient;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.ClientFactoryManager;
import org.apache.sshd.client.session.ClientSessionImpl;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.command.AbstractCommandSupport;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client, and a host, that never answers a key exchange that the bastion begins, and asks on: the
 * answers, which have to wait for it, do not fill the bastion.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class UnansweredKeyExchangeIT {

    /** From which on the bastion wants other keys, with room for what it counts differently. */
    private static final int MUCH = 3 << 19;

    /** Their answers are more than may wait. */
    private static final int REQUESTS = 50_000;

    /** What tens of thousands of requests may take on a machine with other work. */
    private static final Duration FLOOD = Duration.ofMinutes(2);

    private static final String KEEP_ALIVE = "keepalive@openssh.com";
    private static final String FAREWELL = "too many requests while a key exchange is not answered";

    private final RunningBastion bastion;

    UnansweredKeyExchangeIT(@TempDir Path folder) throws IOException {
        Path limits = Files.writeString(folder.resolve("bastion.yaml"), "rekeyBytes: 1048576\n");
        bastion =
                RunningBastion.start(
                        folder,
                        settings -> Settings.load(folder.resolve("data"), limits, "127.0.0.1:0"));
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void aClientIsDisconnected() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        try (RawConnection client =
                new RawConnection(
                        "alice+web1",
                        bastion.port(),
                        bastion.key("alice"),
                        settings -> settings.setSessionFactory(new DeafClients(settings, begun)))) {
            RawChannel shell = client.open("session", new byte[0]);
            assertThat(shell.outcome()).isEqualTo("open");
            assertThat(shell.ask("shell", new byte[0])).isEqualTo("success");
            for (int sent = 0; sent < MUCH; sent += 30_000) {
                shell.send(":".repeat(29_999) + "\n");
            }
            assertThat(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

            askOn(client);

            assertThat(client.awaitFarewell(FLOOD)).isEqualTo(FAREWELL);
        }
        assertThat(bastion.run("alice+web1", "echo $RIG_HOST").text()).isEqualTo("web1\n");
    }

    private static void askOn(RawConnection client) {
        try {
            for (int i = 0; i < REQUESTS && client.isOpen(); i++) {
                client.globalWithoutWaiting(KEEP_ALIVE);
            }
        } catch (IOException e) {
            // It was disconnected.
        }
    }

    @Test
    void aHostIsDisconnected() throws Exception {
        CompletableFuture<String> farewell = new CompletableFuture<>();
        SshServer host = deafHost(farewell);
        try {
            String fingerprint =
                    KeyUtils.getFingerPrint(
                            BuiltinDigests.sha256.create(),
                            host.getKeyPairProvider().loadKeys(null).iterator().next().getPublic());
            bastion.addHost("deaf", "127.0.0.1:" + host.getPort(), fingerprint);
            bastion.addKeyAccount("deaf", "anyone", bastion.web1().userKeys());
            bastion.grant("deaf", "anyone");

            SshClient.Result result =
                    SshClient.run(bastion.ssh("alice+deaf", "cat"), new byte[MUCH], FLOOD);

            assertThat(farewell.get(LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo(FAREWELL);
            assertThat(result.exitStatus()).isEqualTo(255);
            assertThat(result.stderr()).contains("the connection to the host was lost");
        } finally {
            host.stop(true);
        }
    }

    private static SshServer deafHost(CompletableFuture<String> farewell) throws Exception {
        SshServer host = SshServer.setUpDefaultServer();
        host.setHost("127.0.0.1");
        var keys = SecurityUtils.getKeyPairGenerator(SecurityUtils.ED25519).generateKeyPair();
        host.setKeyPairProvider(session -> List.of(keys));
        host.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        host.setSessionFactory(new DeafHosts(host));
        host.setCommandFactory((channel, command) -> new Swallowing(command));
        host.addSessionListener(
                new SessionListener() {
                    @Override
                    public void sessionDisconnect(
                            Session session,
                            int reason,
                            String sentence,
                            String language,
                            boolean initiator) {
                        if (((ServerSession) session).isAuthenticated()) {
                            farewell.complete(sentence);
                        }
                    }
                });
        host.start();
        return host;
    }

    /** Reads all, and says nothing. */
    private static final class Swallowing extends AbstractCommandSupport {

        Swallowing(String command) {
            super(command, null);
        }

        @Override
        public void run() {
            try {
                getInputStream().transferTo(OutputStream.nullOutputStream());
                // Without an end: what it waits for is the connection's.
                Thread.sleep(FLOOD);
            } catch (IOException | InterruptedException e) {
                onExit(1);
            }
        }
    }

    /** Makes clients that do not hear of a second key exchange. */
    private static final class DeafClients extends org.apache.sshd.client.session.SessionFactory {

        private final CountDownLatch begun;

        DeafClients(ClientFactoryManager client, CountDownLatch begun) {
            super(client);
            this.begun = begun;
        }

        @Override
        protected ClientSessionImpl doCreateSession(IoSession socket) throws Exception {
            return new ClientSessionImpl(getClient(), socket) {
                @Override
                protected void handleKexInit(Buffer buffer) throws Exception {
                    if (isAuthenticated()) {
                        begun.countDown();
                    } else {
                        super.handleKexInit(buffer);
                    }
                }
            };
        }
    }

    /** Makes hosts that do not hear of a second key exchange, but ask much from then on. */
    private static final class DeafHosts extends org.apache.sshd.server.session.SessionFactory {

        DeafHosts(ServerFactoryManager server) {
            super(server);
        }

        @Override
        protected ServerSessionImpl doCreateSession(IoSession socket) throws Exception {
            return new ServerSessionImpl(getServer(), socket) {
                @Override
                protected void handleKexInit(Buffer buffer) throws Exception {
                    if (isAuthenticated()) {
                        Thread.ofVirtual().start(this::askOn);
                    } else {
                        super.handleKexInit(buffer);
                    }
                }

                private void askOn() {
                    try {
                        for (int i = 0; i < REQUESTS && isOpen(); i++) {
                            Buffer packet = createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
                            packet.putString(KEEP_ALIVE);
                            packet.putBoolean(true);
                            writePacket(packet);
                        }
                    } catch (IOException e) {
                        // It was disconnected.
                    }
                }
            };
        }
    }
}
