package dev.bastion.server.gateway;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.server.auth.AbstractUserAuth;
import org.apache.sshd.server.auth.AbstractUserAuthFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerUserAuthService;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;

/**
 * Lets the user of the outer connection into a jump without a proof, which is the method {@code
 * none} of RFC 4252 section 5.2. MINA refuses that one whatever is installed, so on connections
 * where this is installed it is read as a method of another name.
 *
 * <p>Runs on the connection's reader thread; never blocks.
 */
final class UnprovedJump extends AbstractUserAuth {

    private static final String NAME = "none@jump";

    private UnprovedJump() {
        super(NAME);
    }

    /** The method, for connections inside others and no others. */
    static final class Factory extends AbstractUserAuthFactory {

        Factory() {
            super(NAME);
        }

        @Override
        public UnprovedJump createUserAuth(ServerSession session) {
            return new UnprovedJump();
        }
    }

    @Override
    protected Boolean doAuth(Buffer buffer, boolean init) {
        OperatorConnection connection = Gateway.of(getServerSession());
        Jump jump = connection == null ? null : connection.jump();
        if (connection == null || jump == null) {
            return false;
        }
        Optional<GatewayAddress> address = jump.address(getUsername());
        address.ifPresent(wanted -> connection.offered(wanted, null));
        return address.isPresent();
    }

    /** MINA's user authentication, which knows the method where it is installed. */
    static final class Services extends ServerUserAuthServiceFactory {

        @Override
        public Service create(Session session) throws IOException {
            return new ServerUserAuthService(session) {
                @Override
                protected boolean handleUserAuthRequestMessage(
                        ServerSession asking, Buffer buffer, AtomicReference<Boolean> authenticated)
                        throws Exception {
                    return super.handleUserAuthRequestMessage(
                            asking, read(asking, buffer), authenticated);
                }
            };
        }

        private static Buffer read(ServerSession session, Buffer buffer) {
            boolean installed =
                    session.getUserAuthFactories().stream()
                            .anyMatch(factory -> factory.getName().equals(NAME));
            int start = buffer.rpos();
            String user = buffer.getString();
            String service = buffer.getString();
            if (!installed || !buffer.getString().equals("none")) {
                buffer.rpos(start);
                return buffer;
            }
            Buffer renamed = new ByteArrayBuffer();
            renamed.putString(user);
            renamed.putString(service);
            renamed.putString(NAME);
            return renamed;
        }
    }
}
