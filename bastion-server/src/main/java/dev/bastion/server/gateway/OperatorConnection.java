package dev.bastion.server.gateway;

import dev.bastion.audit.ConnectionId;
import dev.bastion.server.identity.AuthorizedKey;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one operator's connection. Confined to the connection's reader thread until it
 * is authenticated, unchanged after it.
 */
final class OperatorConnection {

    static final AttributeKey<OperatorConnection> KEY = new AttributeKey<>();

    final ConnectionId id;
    final String from;
    private @Nullable GatewayAddress address;
    private @Nullable AuthorizedKey provenKey;
    private boolean authenticated;
    private int failures;
    private boolean guessed;

    OperatorConnection(ConnectionId id, String from) {
        this.id = id;
        this.from = from;
    }

    /**
     * The key of the request under way; only when that request also carries the right signature it
     * counts.
     */
    void offered(GatewayAddress wanted, @Nullable AuthorizedKey key) {
        address = wanted;
        provenKey = key;
    }

    void succeeded() {
        authenticated = true;
    }

    int failed() {
        return ++failures;
    }

    int failures() {
        return failures;
    }

    /** A password was wrong, which has been counted at once. */
    void guessed() {
        guessed = true;
    }

    boolean hasGuessed() {
        return guessed;
    }

    boolean isAuthenticated() {
        return authenticated;
    }

    @Nullable GatewayAddress address() {
        return address;
    }

    /** Fingerprint of the key that signed; empty when it was no key. */
    String fingerprint() {
        return provenKey == null ? "" : provenKey.fingerprint();
    }
}
