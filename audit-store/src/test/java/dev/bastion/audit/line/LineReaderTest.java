package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A screen of twenty columns, and the line that stands on it. */
class LineReaderTest {

    private final Session session = new Session(20, 8, line -> {});
    private final OutputParser parser =
            new OutputParser(
                    session.screen,
                    new Settling(session, new Unresolved(session), new NestedShell(session)));
    private Edit edit = session.beginEdit(true);

    @BeforeEach
    void editorBegins() {
        edit = session.beginEdit(true);
    }

    private void show(String output) {
        byte[] bytes =
                output.replace("\\e", "\033").translateEscapes().getBytes(StandardCharsets.UTF_8);
        parser.feed(bytes, 0, bytes.length);
    }

    private Reading read(String typed) {
        return session.reader.read(edit, typed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "ls~ ls~ ls",
                "0123456789abcdefghij~ x~ 0123456789abcdefghij",
                "one\\r\\ntwo~ x~ one\\ntwo",
                "0123456789abcdef好x~ x~ 0123456789abcdef好x",
                "0123456789abcdefg\\r\\nx~ x~ 0123456789abcdefg x",
                "ls\\e[17G9:41~ x~ ls",
                "ls \\e[90msuggested\\e[m~ x~ ls",
                "\\e[90m~ x~ ''",
                "# note~ x~ # note",
                "e<0301>t~ x~ e\u0301t",
                "ls\\r\\nnew notes\\r\\n$ ls n~ x~ ls n",
                "ls\\e[H\\e[2J$ ls -l~ x~ ls -l",
            })
    void readsFromTheAnchor(String output, String typed, String line) {
        show("$ ");
        edit.anchor(session.screen, false);
        show(output);

        assertThat(read(typed).text()).isEqualTo(line.translateEscapes());
        assertThat(read(typed).start()).isEqualTo(Reading.Start.ANCHOR);
    }

    @Test
    void withoutAnAnchorAKnownPromptTellsTheBegin() {
        session.prompts.learn("web1$ ");
        show("typed awayweb1$ \\r\\nweb1$ make");

        assertThat(read("").text()).isEqualTo("make");
        assertThat(read("").start()).isEqualTo(Reading.Start.LEARNED);
        assertThat(read("").promptRow()).isEqualTo("web1$ ");
    }

    @ParameterizedTest
    @CsvSource({
        "'host> make', make, TYPED, 'host> '",
        "host: make, make, TYPED, 'host: '",
        "$ make, x, PATTERN, '$ '",
        "make, x, ROW, ''"
    })
    void elseWhatWasTypedOrAPromptsLook(
            String row, String typed, Reading.Start start, String prompt) {
        show(row);

        assertThat(read(typed).start()).isEqualTo(start);
        assertThat(read(typed).promptRow()).isEqualTo(prompt);
    }

    @Test
    void rowsOfAnEarlierEditAreNoPartOfTheLine() {
        show("$ old");
        edit = session.beginEdit(true);

        assertThat(read("").isEmpty()).isTrue();
    }
}
