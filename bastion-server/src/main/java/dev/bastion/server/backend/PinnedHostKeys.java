package dev.bastion.server.backend;

import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.transport.PublicKeyText;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.List;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * The host keys that one connection may see, and the one that it saw. The answer is no unless the
 * very key is pinned.
 */
final class PinnedHostKeys {

    static final AttributeKey<PinnedHostKeys> KEY = new AttributeKey<>();

    private final List<AuthorizedKey> pinned;
    private final boolean legacy;
    private volatile @Nullable AuthorizedKey shown;

    PinnedHostKeys(List<AuthorizedKey> pinned, boolean legacy) {
        this.pinned = pinned;
        this.legacy = legacy;
    }

    /** For a client that serves many connections: each is checked against its own pins. */
    static ServerKeyVerifier verifier() {
        return PinnedHostKeys::verify;
    }

    private static boolean verify(ClientSession session, SocketAddress address, PublicKey key) {
        PinnedHostKeys pins = of(session);
        return pins != null && pins.accept(PublicKeyText.of(key));
    }

    static @Nullable PinnedHostKeys of(ClientSession session) {
        return session.getConnectionContext() == null
                ? null
                : session.getConnectionContext().getAttribute(KEY);
    }

    private boolean accept(AuthorizedKey key) {
        shown = key;
        return pinned.stream().anyMatch(key::sameKey);
    }

    /** The types of the pinned keys; only these are asked for, so that the right one is shown. */
    List<String> types() {
        return pinned.stream().map(AuthorizedKey::type).distinct().toList();
    }

    /** Whether the host may be spoken to with algorithms that are broken. */
    boolean legacy() {
        return legacy;
    }

    /** The key that the host proved to hold, once it has. */
    @Nullable AuthorizedKey shown() {
        return shown;
    }

    boolean wasRefused() {
        AuthorizedKey key = shown;
        return key != null && pinned.stream().noneMatch(key::sameKey);
    }
}
