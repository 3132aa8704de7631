package dev.bastion.server.tap.sftp;

import java.util.StringJoiner;

/** The flags of an open (draft-ietf-secsh-filexfer-02 section 6.3). */
public record OpenFlags(int bits) {

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int APPEND = 4;
    private static final int CREATE = 8;
    private static final int TRUNCATE = 16;
    private static final int EXCLUSIVE = 32;

    /** Of a directory. */
    static final OpenFlags LIST = new OpenFlags(READ);

    /** OpenSSH opens for reading when neither is asked for. */
    public boolean read() {
        return has(READ) || !has(WRITE);
    }

    public boolean write() {
        return has(WRITE);
    }

    boolean append() {
        return has(APPEND);
    }

    FileRights.Need need() {
        boolean changes = (bits & ~READ) != 0;
        if (changes) {
            return read() ? FileRights.Need.BOTH : FileRights.Need.WRITE;
        }
        return FileRights.Need.READ;
    }

    /** E.g. {@code write create truncate}. */
    String text() {
        StringJoiner words = new StringJoiner(" ");
        add(words, READ, "read");
        add(words, WRITE, "write");
        add(words, APPEND, "append");
        add(words, CREATE, "create");
        add(words, TRUNCATE, "truncate");
        add(words, EXCLUSIVE, "exclusive");
        return words.toString();
    }

    private void add(StringJoiner words, int bit, String word) {
        if (has(bit)) {
            words.add(word);
        }
    }

    private boolean has(int bit) {
        return (bits & bit) != 0;
    }
}
