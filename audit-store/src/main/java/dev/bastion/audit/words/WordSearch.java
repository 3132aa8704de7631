package dev.bastion.audit.words;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/** A question as the index takes it. */
final class WordSearch {

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private WordSearch() {}

    /**
     * @throws IllegalArgumentException with a sentence when the text holds no word
     */
    static Query of(WordQuery asked, long from, long to, WordAnalyzer analyzer) {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        all.add(LongPoint.newRangeQuery(WordDocument.ENTRY, from, to), Occur.FILTER);
        equal(all, WordDocument.KIND, WordDocument.word(asked.kind()));
        equal(all, WordDocument.USER, asked.user());
        equal(all, WordDocument.HOST, asked.host());
        equal(all, WordDocument.ACCOUNT, asked.account());
        equal(all, WordDocument.SESSION, asked.session() == null ? null : asked.session().value());
        if (asked.since() != null || asked.until() != null) {
            all.add(
                    LongPoint.newRangeQuery(
                            WordDocument.TIME,
                            asked.since() == null
                                    ? Long.MIN_VALUE
                                    : WordDocument.micros(asked.since()),
                            asked.until() == null
                                    ? Long.MAX_VALUE
                                    : WordDocument.micros(asked.until()) - 1),
                    Occur.FILTER);
        }
        for (String word : BLANKS.split(asked.text().strip(), -1)) {
            all.add(word(word, analyzer), Occur.FILTER);
        }
        return all.build();
    }

    private static void equal(BooleanQuery.Builder all, String field, @Nullable String value) {
        if (value != null) {
            all.add(new TermQuery(new Term(field, WordDocument.name(value))), Occur.FILTER);
        }
    }

    private static Query word(String written, WordAnalyzer analyzer) {
        List<String> words = words(written, analyzer);
        boolean open = written.endsWith("*");
        if (words.isEmpty()) {
            throw new IllegalArgumentException("'" + written + "' holds no letter and no digit");
        }
        if (!open) {
            return new PhraseQuery(WordDocument.TEXT, words.toArray(String[]::new));
        }
        Query last = new PrefixQuery(new Term(WordDocument.TEXT, words.getLast()));
        if (words.size() == 1) {
            return last;
        }
        List<String> before = words.subList(0, words.size() - 1);
        return new BooleanQuery.Builder()
                .add(
                        new PhraseQuery(WordDocument.TEXT, before.toArray(String[]::new)),
                        Occur.FILTER)
                .add(last, Occur.FILTER)
                .build();
    }

    private static List<String> words(String text, WordAnalyzer analyzer) {
        List<String> words = new ArrayList<>();
        try (TokenStream stream = analyzer.tokenStream(WordDocument.TEXT, text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                words.add(term.toString().toLowerCase(Locale.ROOT));
            }
            stream.end();
        } catch (IOException e) {
            throw new IllegalStateException("a text in memory could not be read", e);
        }
        return words;
    }
}
