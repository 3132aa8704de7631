package dev.bastion.server.gateway;

import dev.bastion.audit.ConnectionId;
import dev.bastion.server.identity.AuthorizedKey;
import dev.bastion.server.session.ClientConnection;
import dev.bastion.server.session.Visitor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one operator's connection. Confined to the connection's reader thread until it
 * is authenticated, unchanged after it.
 */
final class OperatorConnection {

    static final AttributeKey<OperatorConnection> KEY = new AttributeKey<>();

    final ConnectionId id;
    private final @Nullable Jump jump;
    private final HostKeyProofs hostKeys;
    private String from;
    private @Nullable GatewayAddress address;
    private @Nullable AuthorizedKey provenKey;
    private boolean authenticated;
    private int failures;
    private boolean noMoreSessions;
    private volatile @Nullable ClientConnection client;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile CompletableFuture<?> answers = CompletableFuture.completedFuture(null);
    private boolean guessed;

    /** While a thread of its own checks a password, no other proof counts. */
    private volatile boolean checksPassword;

    /** A connection to the door. */
    OperatorConnection(ConnectionId id, String from, HostKeyProofs hostKeys) {
        this.id = id;
        this.from = from;
        this.hostKeys = hostKeys;
        this.jump = null;
    }

    /** A connection inside another. */
    OperatorConnection(ConnectionId id, Jump jump, HostKeyProofs hostKeys) {
        this.id = id;
        this.hostKeys = hostKeys;
        this.from = jump.outer().from();
        this.jump = jump;
    }

    /** The keys that the bastion has on this connection. */
    HostKeyProofs hostKeys() {
        return hostKeys;
    }

    /** What it is inside of; absent at the door. */
    @Nullable Jump jump() {
        return jump;
    }

    /** The client's address, in canonical form. */
    String from() {
        return from;
    }

    /** A load balancer said where the client really is. */
    void cameFrom(String address) {
        from = address;
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

    boolean checksPassword() {
        return checksPassword;
    }

    void checksPassword(boolean now) {
        checksPassword = now;
    }

    boolean hasGuessed() {
        return guessed;
    }

    /** What its channels share, from the login on. */
    @Nullable ClientConnection client() {
        return client;
    }

    void serves(ClientConnection shared) {
        client = shared;
    }

    /**
     * Sends an answer to a request when it is there and all before it were sent. On the reader
     * thread.
     */
    <T> void answersInTurn(CompletableFuture<T> answer, Consumer<? super T> sender) {
        unanswered.incrementAndGet();
        answers =
                answers.thenCombine(answer, (before, said) -> said)
                        .thenAccept(said -> {
                            unanswered.decrementAndGet();
                            sender.accept(said);
                        });
    }

    /** Completes when all that was asked until now is answered. Any thread. */
    CompletableFuture<?> answered() {
        return answers;
    }

    /** How many requests wait for an answer. */
    int unanswered() {
        return unanswered.get();
    }

    boolean isAuthenticated() {
        return authenticated;
    }

    /** The client promised to open no more sessions; a forwarded connection is none. */
    void noMoreSessions() {
        noMoreSessions = true;
    }

    boolean takesSessions() {
        return !noMoreSessions;
    }

    /** Who it is and where they want to go; none before somebody is authenticated. */
    @Nullable Visitor visitor() {
        GatewayAddress wanted = address;
        return wanted == null || !authenticated
                ? null
                : new Visitor(id, wanted.user(), from, wanted.account(), wanted.host());
    }

    @Nullable GatewayAddress address() {
        return address;
    }

    /** The key that signed; absent when it was no key. */
    @Nullable AuthorizedKey provenKey() {
        return provenKey;
    }

    /** Fingerprint of the key that signed; empty when it was no key. */
    String fingerprint() {
        return provenKey == null ? "" : provenKey.fingerprint();
    }
}
