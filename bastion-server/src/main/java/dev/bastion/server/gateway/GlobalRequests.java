package dev.bastion.server.gateway;

import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * What a client asks of its connection as a whole (RFC 4254 section 4): answered as OpenSSH does,
 * which takes a refusal of {@code keepalive@openssh.com} for the sign of life that it is.
 *
 * <p>Runs on the connection's reader thread, so that answers keep their order.
 */
final class GlobalRequests implements RequestHandler<ConnectionService> {

    @Override
    public Result process(ConnectionService service, String type, boolean wantReply, Buffer buffer)
            throws Exception {
        Session session = service.getSession();
        OperatorConnection connection = Gateway.of(session);
        boolean done = false;
        if (type.equals("no-more-sessions@openssh.com") && connection != null) {
            connection.noMoreSessions();
            done = true;
        }
        if (wantReply) {
            session.writePacket(
                    session.createBuffer(
                            done
                                    ? SshConstants.SSH_MSG_REQUEST_SUCCESS
                                    : SshConstants.SSH_MSG_REQUEST_FAILURE));
        }
        return Result.Replied;
    }
}
