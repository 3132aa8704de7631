package dev.bastion.audit;

/** What a session is used for. */
public enum SessionKind {
    SHELL,
    EXEC,
    SFTP,
    FORWARD;

    /** The word that people and scripts see. */
    public String word() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
