package dev.bastion.server.vault;

/** What the bastion logs in to a host with. Opened for one connection and closed after it. */
public sealed interface Credential extends AutoCloseable {

    @Override
    void close();

    /** A password, also used to answer keyboard-interactive's one question. */
    record Password(Secret password) implements Credential {
        @Override
        public void close() {
            password.close();
        }
    }

    /**
     * A private key.
     *
     * @param openSsh an unencrypted private key in OpenSSH's format (PROTOCOL.key), in PEM armour
     */
    record PrivateKey(Secret openSsh) implements Credential {
        @Override
        public void close() {
            openSsh.close();
        }
    }
}
