package dev.bastion.audit.words;

/** Asks for entries by their words. Thread-safe; blocks on files, so never from an event loop. */
public interface Words {

    /**
     * The newest entries that match.
     *
     * @param from the first entry that may be among them
     * @param to the last one
     * @param atMost how many, from 1
     * @return their numbers, falling; that of a line of a terminal is the entry in which it was
     *     entered
     * @throws dev.bastion.audit.AuditLogException with a sentence when the index is away
     */
    long[] newest(WordQuery query, long from, long to, int atMost);

    /** The oldest entries that match, rising; otherwise like {@link #newest}. */
    long[] oldest(WordQuery query, long from, long to, int atMost);
}
