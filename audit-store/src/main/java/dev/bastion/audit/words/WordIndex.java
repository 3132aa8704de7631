package dev.bastion.audit.words;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.LineKind;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.ledger.EntryHash;
import dev.bastion.audit.ledger.LedgerEntry;
import dev.bastion.audit.ledger.LedgerPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The index in a folder, with its position in the ledger. Searching is thread-safe; the rest is
 * confined to the thread that follows the ledger.
 *
 * <p>What was added is found after {@link #refresh()}, and is on the disk after {@link #commit()},
 * together with the position: after a crash it goes on from the last commit. Adding an entry twice
 * changes nothing.
 */
final class WordIndex implements AutoCloseable {

    /** What the index makes of its input is bounded by this before it is written out, in MiB. */
    private static final double BUFFER_MIB = 16;

    /** Lines that are entered and not decided, of which the entry is remembered. */
    private static final int OPEN_LINES = 65_536;

    /** Speaks on standard error of processor features that could be switched on. */
    private static final Logger LIBRARY = Logger.getLogger("org.apache.lucene");

    private static final String POSITION = "position";
    private static final String HASH = "hash";

    private final WordAnalyzer analyzer = new WordAnalyzer();
    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final Map<String, Long> openLines = new LinkedHashMap<>();
    private LedgerPosition position;

    private WordIndex(Directory directory, IndexWriter writer) throws IOException {
        this.directory = directory;
        this.writer = writer;
        this.searchers = new SearcherManager(writer, null);
        this.position = committed(writer);
    }

    /**
     * Opens the index, making it when it is not there.
     *
     * @throws IOException also when it is damaged or of an older format
     */
    static WordIndex open(Path folder) throws IOException {
        LIBRARY.setLevel(Level.SEVERE);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        Directory directory = new NIOFSDirectory(folder);
        try {
            var config = new IndexWriterConfig(new WordAnalyzer());
            config.setRAMBufferSizeMB(BUFFER_MIB);
            config.setCommitOnClose(false);
            config.setMergePolicy(oneFileEach());
            var writer = new IndexWriter(directory, config);
            try {
                return new WordIndex(directory, writer);
            } catch (IOException | RuntimeException e) {
                writer.rollback();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** A bastion has its open files for connections. */
    private static MergePolicy oneFileEach() {
        var policy = new TieredMergePolicy();
        policy.setNoCFSRatio(1);
        return policy;
    }

    private static LedgerPosition committed(IndexWriter writer) {
        Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
        if (data == null) {
            return LedgerPosition.START;
        }
        long sequence = 0;
        EntryHash hash = EntryHash.NONE;
        for (Map.Entry<String, String> entry : data) {
            switch (entry.getKey()) {
                case POSITION -> sequence = Long.parseLong(entry.getValue());
                case HASH -> hash = new EntryHash(entry.getValue());
                default -> {}
            }
        }
        return new LedgerPosition(sequence, hash);
    }

    /** The last entry that was added. */
    LedgerPosition position() {
        return position;
    }

    /** Adds what the entry after {@link #position()} says. */
    void add(LedgerEntry entry) throws IOException {
        long number = entry.sequence().value();
        switch (entry.record()) {
            case AuditRecord.CommandEntered r ->
                    line(number, r.time(), r.context(), r.seq(), r.command());
            case AuditRecord.LineEntered r -> {
                line(number, r.time(), r.context(), r.seq(), r.command());
                remember(WordDocument.line(r.context(), r.seq()), number);
            }
            case AuditRecord.LineDecided r -> decided(r);
            case AuditRecord.CommandJudged r -> judged(r);
            case AuditRecord.FileOperated r ->
                    writer.updateDocument(
                            new Term(WordDocument.LINE, WordDocument.file(number)),
                            WordDocument.file(number, r));
            default -> {}
        }
        position = entry.position();
    }

    private void line(long entry, Instant time, SessionContext context, long seq, String text)
            throws IOException {
        writer.updateDocument(
                new Term(WordDocument.LINE, WordDocument.line(context, seq)),
                WordDocument.command(entry, time, context, seq, text));
    }

    private void decided(AuditRecord.LineDecided r) throws IOException {
        String line = WordDocument.line(r.context(), r.seq());
        Long entry = entered(line);
        if (r.line() == LineKind.NOTHING || entry == null) {
            writer.deleteDocuments(new Term(WordDocument.LINE, line));
            return;
        }
        line(entry, r.time(), r.context(), r.seq(), r.command());
    }

    private void judged(AuditRecord.CommandJudged r) throws IOException {
        Long entry = entered(WordDocument.line(r.context(), r.seq()));
        if (entry != null) {
            line(entry, r.time(), r.context(), r.seq(), r.command());
        }
    }

    private void remember(String line, long entry) {
        openLines.put(line, entry);
        if (openLines.size() > OPEN_LINES) {
            openLines.remove(openLines.keySet().iterator().next());
        }
    }

    /** The entry of a line that was entered; from the index when it was forgotten here. */
    private @Nullable Long entered(String line) throws IOException {
        Long known = openLines.remove(line);
        if (known != null) {
            return known;
        }
        refresh();
        IndexSearcher searcher = searchers.acquire();
        try {
            ScoreDoc[] found =
                    searcher.search(new TermQuery(new Term(WordDocument.LINE, line)), 1).scoreDocs;
            return found.length == 0 ? null : entry(searcher, found[0].doc);
        } finally {
            searchers.release(searcher);
        }
    }

    private static @Nullable Long entry(IndexSearcher searcher, int document) throws IOException {
        for (var leaf : searcher.getIndexReader().leaves()) {
            int inLeaf = document - leaf.docBase;
            if (inLeaf >= 0 && inLeaf < leaf.reader().maxDoc()) {
                NumericDocValues entries = leaf.reader().getNumericDocValues(WordDocument.ENTRY);
                return entries != null && entries.advanceExact(inLeaf) ? entries.longValue() : null;
            }
        }
        return null;
    }

    /** Removes what the entries up to this one said, after the ledger has dropped them. */
    void removeUpTo(long entry) throws IOException {
        writer.deleteDocuments(LongPoint.newRangeQuery(WordDocument.ENTRY, 0, entry));
    }

    /** Lets searches find what was added. */
    void refresh() throws IOException {
        searchers.maybeRefreshBlocking();
    }

    /** Syncs what was added, and the position. */
    void commit() throws IOException {
        Map<String, String> data =
                Map.of(POSITION, String.valueOf(position.sequence()), HASH, position.hash().hex());
        writer.setLiveCommitData(data.entrySet());
        writer.commit();
    }

    /** Entries that match, in their order or against it. */
    long[] search(WordQuery query, long from, long to, int atMost, boolean newestFirst)
            throws IOException {
        var byEntry = new Sort(new SortField(WordDocument.ENTRY, SortField.Type.LONG, newestFirst));
        IndexSearcher searcher = searchers.acquire();
        try {
            ScoreDoc[] found =
                    searcher.search(
                                    WordSearch.of(query, from, to, analyzer),
                                    new TopFieldCollectorManager(byEntry, atMost, atMost))
                            .scoreDocs;
            long[] entries = new long[found.length];
            for (int i = 0; i < found.length; i++) {
                entries[i] = (Long) ((FieldDoc) found[i]).fields[0];
            }
            return entries;
        } finally {
            searchers.release(searcher);
        }
    }

    /** Documents that are kept. */
    int size() throws IOException {
        try (DirectoryReader reader = DirectoryReader.open(writer)) {
            return reader.numDocs();
        }
    }

    /** What was not committed is lost. Idempotent. */
    @Override
    public void close() throws IOException {
        searchers.close();
        writer.rollback();
        directory.close();
    }
}
