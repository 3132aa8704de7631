package dev.bastion.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.auth.password.UserAuthPassword;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.keyverifier.AcceptAllServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;

/** Logs in with a user name that is any bytes at all, which {@code ssh} would not send. */
final class RawLogin {

    private RawLogin() {}

    /**
     * Tries one password; what the client says of the refusal.
     *
     * @throws AssertionError when it was let in
     */
    static String refusal(int port, byte[] user, String password) throws IOException {
        try (SshClient client = SshClient.setUpDefaultClient()) {
            client.setServerKeyVerifier(AcceptAllServerKeyVerifier.INSTANCE);
            client.setUserAuthFactories(
                    List.of(
                            new UserAuthPasswordFactory() {
                                @Override
                                public UserAuthPassword createUserAuth(ClientSession session) {
                                    return new RawPassword(user);
                                }
                            }));
            client.start();
            try (ClientSession session =
                    client.connect(new String(user, UTF_8), "127.0.0.1", port)
                            .verify(BastionScene.LIMIT)
                            .getSession()) {
                session.addPasswordIdentity(password);
                session.auth().verify(BastionScene.LIMIT);
                throw new AssertionError("let in with a wrong password");
            } catch (SshException e) {
                return e.getMessage() + " " + e.getDisconnectCode();
            }
        }
    }

    private static final class RawPassword extends UserAuthPassword {
        private final byte[] user;

        RawPassword(byte[] user) {
            this.user = user;
        }

        @Override
        protected IoWriteFuture sendPassword(
                Buffer buffer, ClientSession session, String oldPassword, String newPassword)
                throws IOException {
            Buffer request = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_REQUEST);
            request.putBytes(user);
            request.putString(getService());
            request.putString(UserAuthPasswordFactory.NAME);
            request.putBoolean(false);
            request.putString(newPassword);
            return session.writePacket(request);
        }
    }
}
