package dev.bastion.server.gateway;

import dev.bastion.audit.AuditRecord;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.identity.User;
import dev.bastion.server.transport.PublicKeyText;
import dev.bastion.server.vault.Secret;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.AsyncAuthException;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves who stands at the door: public key or password, limited by user and by address, every
 * attempt recorded. A wrong, an unknown and a disabled user get the same answer.
 *
 * <p>Key checks run on MINA's threads, in memory; password hashing runs on a virtual thread.
 */
final class Login implements PublickeyAuthenticator, PasswordAuthenticator {

    private static final Logger LOG = LoggerFactory.getLogger(Login.class);

    /** Longest user name that a record keeps. */
    private static final int NAME_RECORD_LIMIT = 256;

    private final LoginParts parts;
    private final boolean jumpWithoutKey;

    /**
     * @param jumpWithoutKey whether a connection inside another is the user's without a proof of
     *     its own
     */
    Login(LoginParts parts, boolean jumpWithoutKey) {
        this.parts = parts;
        this.jumpWithoutKey = jumpWithoutKey;
    }

    void installIn(SshServer server) {
        server.setPublickeyAuthenticator(this);
        server.setPasswordAuthenticator(this);
        server.setUserAuthFactories(List.of(new PublicKeys(), UserAuthPasswordFactory.INSTANCE));
        server.addSessionListener(new Outcomes());
    }

    /**
     * Sets up a connection inside another: only the key that opened the outer one logs in, since a
     * program on the user's machine may reach the inner one, through a port that is forwarded.
     */
    void installInside(ServerSession inner, Jump jump) {
        inner.setUserAuthFactories(
                jumpWithoutKey
                        ? List.of(new PublicKeys(), new UnprovedJump.Factory())
                        : List.of(new PublicKeys()));
        if (!jumpWithoutKey && jump.outer().provenKey() == null) {
            CoreModuleProperties.WELCOME_BANNER.set(inner, NEEDS_KEY);
        }
    }

    private static final String NEEDS_KEY =
            "a jump needs the key that the bastion was logged in to with, and that was a password;"
                    + " write USER+HOST@ this bastion instead\r\n";

    @Override
    public boolean authenticate(String userName, PublicKey key, ServerSession session) {
        OperatorConnection connection = Gateway.of(session);
        if (connection == null || connection.checksPassword()) {
            return false;
        }
        Jump jump = connection.jump();
        Optional<GatewayAddress> address =
                jump == null ? GatewayAddress.parse(userName) : jump.address(userName);
        if (address.isEmpty()) {
            return false;
        }
        String user = address.get().user();
        AuthorizedKey offered = PublicKeyText.of(key);
        connection.offered(address.get(), offered);
        if (jump != null) {
            return jump.isOuterKey(offered)
                    && parts.authenticator().byKey(user, offered).isPresent();
        }
        return parts.limiter().permits(user, connection.from())
                && parts.authenticator().byKey(user, offered).isPresent();
    }

    @Override
    public boolean authenticate(String userName, String password, ServerSession session)
            throws AsyncAuthException {
        OperatorConnection connection = Gateway.of(session);
        if (connection == null) {
            return false;
        }
        Optional<GatewayAddress> address = GatewayAddress.parse(userName);
        if (connection.checksPassword()) {
            return false;
        }
        address.ifPresent(wanted -> connection.offered(wanted, null));
        connection.checksPassword(true);
        AsyncAuthException later = new AsyncAuthException();
        Thread.ofVirtual()
                .name("password-" + connection.id)
                .start(() -> {
                    boolean accepted = checkPassword(connection, userName, address, password);
                    connection.checksPassword(accepted);
                    later.setAuthed(accepted);
                });
        throw later;
    }

    private boolean checkPassword(
            OperatorConnection connection,
            String userName,
            Optional<GatewayAddress> address,
            String password) {
        String user = address.map(GatewayAddress::user).orElse("");
        boolean permitted = parts.limiter().permits(user, connection.from());
        Optional<User> proved = Optional.empty();
        try (Secret secret = Secret.of(password)) {
            proved = parts.authenticator().byPassword(user, secret);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("a password could not be checked", e);
        }
        boolean accepted = permitted && proved.isPresent();
        if (!accepted) {
            failed(
                    connection,
                    userName,
                    "password",
                    "",
                    permitted ? "wrong password or user" : LIMITED);
        }
        return accepted;
    }

    private static final String LIMITED = "too many failed attempts";

    private void failed(
            OperatorConnection connection,
            String userName,
            String method,
            String credential,
            String reason) {
        connection.failed();
        boolean guess = method.equals("password");
        if (guess) {
            connection.guessed();
            parts.limiter()
                    .failed(
                            GatewayAddress.parse(userName).map(GatewayAddress::user).orElse(""),
                            connection.from());
        }
        record(connection, userName, method, credential, false, reason);
    }

    private void record(
            OperatorConnection connection,
            String userName,
            String method,
            String credential,
            boolean accepted,
            String reason) {
        String user =
                userName.length() <= NAME_RECORD_LIMIT
                        ? userName
                        : userName.substring(0, NAME_RECORD_LIMIT);
        parts.log()
                .append(
                        new AuditRecord.LoginAttempted(
                                parts.clock().instant(),
                                connection.id,
                                user,
                                connection.from(),
                                method,
                                credential,
                                accepted,
                                reason))
                .exceptionally(failure -> {
                    LOG.warn("a login attempt was not recorded", failure);
                    return null;
                });
    }

    private final class PublicKeys extends UserAuthPublicKeyFactory {

        @Override
        public UserAuthPublicKey createUserAuth(ServerSession session) {
            return new RecordedPublicKey();
        }
    }

    /**
     * MINA's public key method, with each refusal recorded: an unknown key, or a signature that is
     * wrong.
     */
    private final class RecordedPublicKey extends UserAuthPublicKey {

        RecordedPublicKey() {
            super(OperatorAlgorithms.ofUserKeys());
        }

        @Override
        public Boolean doAuth(Buffer buffer, boolean init) throws Exception {
            boolean refused = true;
            try {
                Boolean result = super.doAuth(buffer, init);
                refused = Boolean.FALSE.equals(result);
                return result;
            } finally {
                // Of a signature that is wrong MINA tells by an exception.
                OperatorConnection connection = Gateway.of(getServerSession());
                if (connection != null && refused) {
                    refused(connection);
                }
            }
        }

        private void refused(OperatorConnection connection) {
            Jump jump = connection.jump();
            GatewayAddress outer = jump == null ? null : jump.outer().address();
            failed(
                    connection,
                    outer == null ? getUsername() : outer.user(),
                    "publickey",
                    connection.fingerprint(),
                    jump == null
                            ? "the key is not this user's or did not sign, the user is unknown or"
                                    + " disabled, or limited"
                            : "not the key of the connection that it is inside of, "
                                    + jump.outer().id);
        }
    }

    /** What became of a connection's attempts. */
    private final class Outcomes implements SessionListener {

        @Override
        public void sessionEvent(Session session, Event event) {
            OperatorConnection connection = Gateway.of(session);
            if (event != Event.Authenticated || connection == null) {
                return;
            }
            GatewayAddress address = connection.address();
            if (address == null) {
                return;
            }
            connection.succeeded();
            Jump jump = connection.jump();
            if (jump == null) {
                parts.limiter().succeeded(address.user(), connection.from());
            }
            String fingerprint = connection.fingerprint();
            String unproved = jump == null ? "password" : "none";
            record(
                    connection,
                    address.user(),
                    fingerprint.isEmpty() ? unproved : "publickey",
                    fingerprint,
                    true,
                    jump == null ? "" : "inside connection " + jump.outer().id);
        }

        @Override
        public void sessionClosed(Session session) {
            OperatorConnection connection = Gateway.of(session);
            if (connection == null || connection.jump() != null || connection.isAuthenticated()) {
                return;
            }
            GatewayAddress address = connection.address();
            if (connection.failures() > 0 && !connection.hasGuessed() && address != null) {
                parts.limiter().failed(address.user(), connection.from());
            }
        }
    }
}
