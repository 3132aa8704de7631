package dev.bastion.audit.words;

import dev.bastion.audit.AuditRecord;
import dev.bastion.audit.SessionContext;
import dev.bastion.audit.words.WordQuery.Kind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;

/** What the index keeps of a record, and the names of its fields. */
final class WordDocument {

    /** Of a line or a command: its session and its number there. */
    static final String LINE = "line";

    static final String ENTRY = "entry";
    static final String TIME = "time";
    static final String KIND = "kind";
    static final String USER = "user";
    static final String HOST = "host";
    static final String ACCOUNT = "account";
    static final String SESSION = "session";
    static final String TEXT = "text";

    /** Characters of a text whose words are kept. */
    static final int LONGEST_TEXT = 131_072;

    private WordDocument() {}

    static String line(SessionContext context, long seq) {
        return context.session().value() + "/" + seq;
    }

    /** A command or a line, entered in this entry. */
    static Document command(
            long entry, Instant time, SessionContext context, long seq, String command) {
        Document document = of(Kind.COMMAND, entry, time, context, command);
        document.add(new StringField(LINE, line(context, seq), Field.Store.NO));
        return document;
    }

    static Document file(long entry, AuditRecord.FileOperated file) {
        Document document =
                of(
                        Kind.FILE,
                        entry,
                        file.time(),
                        file.context(),
                        file.path() + " " + file.target());
        document.add(new StringField(LINE, file(entry), Field.Store.NO));
        return document;
    }

    /** Stands for the line where there is none, so that an entry is kept once. */
    static String file(long entry) {
        return "/" + entry;
    }

    private static Document of(
            Kind kind, long entry, Instant time, SessionContext context, String text) {
        Document document = new Document();
        document.add(new LongPoint(ENTRY, entry));
        document.add(new NumericDocValuesField(ENTRY, entry));
        document.add(new LongPoint(TIME, micros(time)));
        document.add(new StringField(KIND, word(kind), Field.Store.NO));
        document.add(new StringField(USER, name(context.user()), Field.Store.NO));
        document.add(new StringField(HOST, name(context.host()), Field.Store.NO));
        document.add(new StringField(ACCOUNT, name(context.account()), Field.Store.NO));
        document.add(new StringField(SESSION, context.session().value(), Field.Store.NO));
        document.add(
                new TextField(
                        TEXT,
                        text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) : text,
                        Field.Store.NO));
        return document;
    }

    static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** Names are cut as in the database; a term of the index has a bound of its own. */
    static String name(String name) {
        return name.length() > 256 ? name.substring(0, 256) : name;
    }

    /** Microseconds since 1970. */
    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
