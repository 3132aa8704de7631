package dev.bastion.server.gateway;

import dev.bastion.server.session.ClientConnection;
import dev.bastion.server.session.Forwarding;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client asks of its connection as a whole (RFC 4254 section 4): answered as OpenSSH does,
 * which takes a refusal of {@code keepalive@openssh.com} for the sign of life that it is.
 *
 * <p>Called on the connection's reader thread. Answers go out in the order of the requests, since
 * they carry no number: one that has to wait for a host keeps those behind it back.
 */
final class GlobalRequests implements RequestHandler<ConnectionService> {

    private static final Logger LOG = LoggerFactory.getLogger(GlobalRequests.class);

    private static final byte[] NOTHING = {};

    private static final String PORT = "tcpip-forward";
    private static final String SOCKET = "streamlocal-forward@openssh.com";

    /** Of one client; the first of them waits for a host. */
    private static final int MOST_UNANSWERED = 1000;

    @Override
    public Result process(ConnectionService service, String type, boolean wantReply, Buffer buffer)
            throws IOException {
        Session session = service.getSession();
        OperatorConnection connection = Gateway.of(session);
        if (connection == null) {
            return Result.ReplyFailure;
        }
        byte[] data = new byte[buffer.available()];
        buffer.getRawBytes(data);
        if (connection.unanswered() >= MOST_UNANSWERED) {
            session.disconnect(
                    SshConstants.SSH2_DISCONNECT_BY_APPLICATION, OperatorChannel.TOO_MANY);
            return Result.Replied;
        }
        // In turn before it is asked: what a host opens for it waits for the answer.
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        connection.answersInTurn(
                answer,
                said -> {
                    if (wantReply) {
                        send(session, said);
                    }
                });
        try {
            var _ =
                    answer(session, connection, type, data)
                            .whenComplete((said, failure) -> answer.complete(said));
        } catch (IllegalArgumentException | BufferException e) {
            answer.complete(null);
        }
        return Result.Replied;
    }

    private CompletableFuture<byte[]> answer(
            Session session, OperatorConnection connection, String type, byte[] data) {
        ClientConnection client = connection.client();
        if (client == null) {
            return refused(type);
        }
        Forwarding forwarding = client.forwarding();
        return switch (type) {
            case PORT, SOCKET -> forwarding.listen(type, data);
            case "cancel-" + PORT -> forwarding.cancel(PORT, data);
            case "cancel-" + SOCKET -> forwarding.cancel(SOCKET, data);
            case "no-more-sessions@openssh.com" -> {
                connection.noMoreSessions();
                yield CompletableFuture.completedFuture(NOTHING);
            }
            case HostKeyProofs.PROVE ->
                    CompletableFuture.completedFuture(connection.hostKeys().prove(session, data));
            default -> refused(type);
        };
    }

    private static CompletableFuture<byte[]> refused(String type) {
        return CompletableFuture.failedFuture(new IllegalArgumentException(type));
    }

    private static void send(Session session, byte[] said) {
        try {
            Buffer packet =
                    session.createBuffer(
                            said == null
                                    ? SshConstants.SSH_MSG_REQUEST_FAILURE
                                    : SshConstants.SSH_MSG_REQUEST_SUCCESS);
            if (said != null) {
                packet.putRawBytes(said);
            }
            session.writePacket(packet);
        } catch (IOException e) {
            LOG.debug("nobody hears an answer", e);
        }
    }
}
