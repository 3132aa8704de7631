package dev.bastion.server.vault;

import java.util.Locale;

/** A credential as it is stored: what {@link Vault} made of it, and what kind it is. */
public final class SealedCredential {

    /** What kind of credential it is. */
    public enum Kind {
        PASSWORD,
        KEY;

        /** The word that people see and the database keeps. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Kind kind;
    private final byte[] sealed;

    public SealedCredential(Kind kind, byte[] sealed) {
        this.kind = kind;
        this.sealed = sealed.clone();
    }

    public Kind kind() {
        return kind;
    }

    public byte[] sealed() {
        return sealed.clone();
    }

    @Override
    public String toString() {
        return "SealedCredential[" + kind.word() + "]";
    }
}
