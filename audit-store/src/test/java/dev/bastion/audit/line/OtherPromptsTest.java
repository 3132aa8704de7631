package dev.bastion.audit.line;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What prompts of programs as psql and mariadb do: lines that are recalled, given up, redrawn, or
 * typed before the answer to the one before them. One editor announces itself, the other does not.
 */
class OtherPromptsTest {

    private static final String EDITOR = "\\e[?2004hdb=# ";
    private static final String ACCEPTED = "\\r\\n\\e[?2004l\\r";
    private static final String PLAIN = "db> ";

    private Console console = new Console();

    private void beginsWith(String prompt, String accepted) {
        console.prints(prompt)
                .waits(300)
                .echoes("id;")
                .types("\\r")
                .prints(accepted + "7\\r\\n" + prompt)
                .waits(300);
        console.decided.clear();
    }

    @Test
    void aRecalledLineThatSpeaksOfAPasswordIsTold() {
        beginsWith(PLAIN, "\\r\\n");
        console.types("\\e[A")
                .prints("\\\\! ask 'password: '")
                .types("\\r")
                .prints("\\r\\n" + PLAIN);

        assertThat(console.waits(300).types("x").told())
                .containsExactly("COMMAND \\! ask 'password: '");
    }

    @Test
    void aPasswordThatIsTypedBehindARecalledLineIsNotTold() {
        beginsWith(PLAIN, "\\r\\n");
        console.types("\\e[A").types("\\r").types("olga\\r").waits(200);
        console.prints("ask\\r\\nPassword: ").prints("\\r\\n" + PLAIN).waits(300).types("x");

        assertThat(console.told()).containsExactly("COMMAND ask", "NO_ECHO ");
    }

    @Test
    void aLineBehindAnAbortWithoutAnAnswerIsTold() {
        beginsWith(PLAIN, "\\r\\n");
        console.types("\\003").types("\\003").prints("^C\\r\\n" + PLAIN);
        console.echoes("select 1;").types("\\r").prints("\\r\\n1\\r\\n" + PLAIN);

        assertThat(console.told()).containsExactly("COMMAND select 1;");
    }

    @Test
    void anAbortIsNotAnsweredBeforeItCanBe() {
        beginsWith(EDITOR, ACCEPTED);
        for (int i = 0; i < 3; i++) {
            console.waits(300).types("a").waits(180).prints("a");
        }
        console.types("\\r");
        console.waits(40).types("b").types("\\003").prints(ACCEPTED);
        console.prints("1\\r\\n" + EDITOR);
        console.types("select 2;").types("\\r").prints("b^C\\e[?2004l\\r\\r\\n" + EDITOR);
        console.waits(100).prints("select 2;" + ACCEPTED);

        assertThat(console.told()).containsExactly("COMMAND aaa", "COMMAND select 2;");
    }

    @Test
    void anEmptyLineAtANewPromptIsNoCommand() {
        beginsWith(EDITOR, ACCEPTED);
        console.echoes("select 1").types("\\r").types("\\r");
        console.prints(ACCEPTED).prints("\\e[?2004hdb-# ").prints(ACCEPTED + EDITOR);

        assertThat(console.told()).containsExactly("COMMAND select 1");
    }

    @Test
    void aLineThatIsRecalledBeforeTheAnswerIsOneOfItsOwn() {
        beginsWith(EDITOR, ACCEPTED);
        console.echoes("select 1;").types("\\r").types("\\e[A").types("\\r");
        console.prints(ACCEPTED + " ?column?\\r\\n 1\\r\\n" + EDITOR);
        console.prints("select 2,\\r\\n\\r3;").prints(ACCEPTED + EDITOR);

        assertThat(console.told()).containsExactly("COMMAND select 1;", "COMMAND select 2,\n3;");
    }

    @Test
    void aLineWhoseRowsWereRedrawnIsToldAsItWasTyped() {
        beginsWith(PLAIN, "\\r\\n");
        String first = "-- " + "x".repeat(32);
        console.echoes(first + " yyyyy");
        console.types("\\e[D").prints("\\b").types("z");
        console.prints("zy\\b\\e[A\\e[40G\\e[K\\e[B\\e[6G").types("\\r").prints("\\r\\n" + PLAIN);

        assertThat(console.told()).containsExactly("COMMAND " + first + " yyyyzy");
    }

    @Test
    void aCommandWhoseRowWasLostIsACommand() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("-- one");
        console.types("\\001").prints("\\e[5G").types("x").prints("x").prints("\\e[5G\\e[Kzz");
        console.types("\\r").prints("\\r\\n" + PLAIN).waits(600).types("y");

        assertThat(console.told()).containsExactly("COMMAND x-- one");
    }

    @Test
    void aProgramThatWaitedBeforeTheFirstKeyWasSilent() {
        console = new Console(1);
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("ask").types("\\r").prints("\\r\\n").prints("Name: ").waits(200);
        console.echoes("olga").types("\\r").prints("\\r\\n").prints("Hello: you\\r\\n" + PLAIN);

        assertThat(console.waits(300).types("x").told())
                .containsExactly("COMMAND ask", "INPUT olga");
    }

    @Test
    void aRecalledLineWhoseRowEndsWithABlankIsOneLine() {
        beginsWith(PLAIN, "\\r\\n");
        String first = "-- " + "x".repeat(32);
        console.types("\\e[A").prints(first + " yy\\e[A\\e[40G\\e[K\\e[B\\e[3G");
        console.types("\\r").prints("\\r\\n" + PLAIN);

        assertThat(console.told()).containsExactly("COMMAND " + first + " yy");
    }

    @Test
    void anEditorThatDoesNotAnnounceItselfMovesTheCursor() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("-- one two");
        console.types("\\001").prints("\\e[5G").types("x ").prints("x -- one zz");
        console.types("\\r").prints("\\r\\n" + PLAIN);

        assertThat(console.told()).containsExactly("COMMAND x -- one two");
    }

    @Test
    void aRecalledLineOfTwoRowsIsNotOverAtItsFirst() {
        beginsWith(PLAIN, "\\r\\n");
        for (int i = 0; i < 3; i++) {
            console.waits(300).types("a").waits(60).prints("a");
        }
        console.types("\\r").waits(60).prints("\\r\\n" + PLAIN);
        console.types("\\e[A").types("\\r").prints("select 1,\\r\\n 2;");
        console.waits(60).prints("\\r\\n" + PLAIN);

        assertThat(console.told()).containsExactly("COMMAND aaa", "COMMAND select 1,\n 2;");
    }

    @Test
    void aPromptThatBeginsAsTheLineBehindItIsWhole() {
        beginsWith("root [a]> ", "\\r\\n");
        console.echoes("use b").types("\\r").types("rollback").prints("\\r\\nok\\r\\n");
        console.prints("root [b]> rollback").types("\\r").prints("\\r\\nroot [b]> ");

        console.waits(300).types("x");

        assertThat(console.lines.isAtKnownPrompt()).isTrue();
    }

    /** What mksh draws when a line reaches the edge: the end of it, a mark, and back again. */
    private static String window(String text) {
        return "\\r"
                + text
                + " ".repeat(38 - text.length())
                + "<"
                + "\\b".repeat(39 - text.length());
    }

    @Test
    void aLineWhoseWindowIsDrawnOverThePromptIsToldAsItWasTyped() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("-- one two three four five six sev");
        console.types("e").prints("e" + window("e four five six seve")).echoes("n eight");
        console.types("\\e[D").prints("\\b").types("X").prints("Xt\\b").types("\\r");
        console.prints("\\r\\r\\nok: yes?\\r\\n" + PLAIN).waits(300).types("x");

        assertThat(console.told())
                .containsExactly("COMMAND -- one two three four five six seven eighXt");
    }

    @Test
    void theBeginOfALineThatIsWiderThanItsWindowIsToldAsItWasTyped() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("-- one two three four five six sev");
        console.types("e").prints("e" + window("e four five six seve")).echoes("n eight");
        console.types("\\001");
        console.prints("\\rdb> -- one two three four five six sev>" + "\\b".repeat(35)).types("x ");
        console.prints("x-- one two three four five six se" + "\\b".repeat(33));
        console.prints(" -- one two three four five six s" + "\\b".repeat(32)).types("\\r");
        console.prints("\\r\\r\\nok: yes?\\r\\n" + PLAIN).waits(300).types("x");

        assertThat(console.told())
                .containsExactly("COMMAND x -- one two three four five six seven eight");
    }

    @Test
    void aLineThatSomethingTookUnseenDoesNotTakeTheRowOfARecalledOne() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("ask").types("\\r").prints("\\r\\n").types("hunt\\003").types("olga\\r");
        console.prints("\\r\\n" + PLAIN).waits(50);
        console.types("\\e[A").prints("select 1;").types("\\r").prints("\\r\\n1\\r\\n" + PLAIN);
        console.echoes("id;").types("\\r").prints("\\r\\n7\\r\\n" + PLAIN);

        assertThat(console.told())
                .containsExactly("COMMAND ask", "NO_ECHO ", "COMMAND select 1;", "COMMAND id;");
    }

    @Test
    void charactersThatAnEditorShowsAsTheirBytesAreTheOnesThatWereTyped() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("-- ")
                .types("\uD83D\uDE00")
                .prints("\\\\xF0\\\\x9F\\\\x98\\\\x80")
                .echoes("b");
        console.types("\\r").prints("\\r\\n" + PLAIN);

        assertThat(console.told()).containsExactly("COMMAND -- \uD83D\uDE00b");
    }

    @Test
    void charactersThatAnEditorShowsAsQuestionMarksAreTheOnesThatWereTyped() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("echo ").types("\u597D").prints("?").echoes("b\u00FC");
        console.types("\\r").prints("\\r\\n" + PLAIN);

        assertThat(console.told()).containsExactly("COMMAND echo \u597Db\u00FC");
    }

    @Test
    void aSecretThatIsShownAsQuestionMarksIsNotTold() {
        beginsWith(PLAIN, "\\r\\n");
        console.echoes("ask").types("\\r").prints("\\r\\nPIN: ").waits(200);
        console.types("\u597D\u597D\u597D").prints("???").types("\\r").prints("\\r\\n" + PLAIN);

        assertThat(console.waits(300).types("x").told()).containsExactly("COMMAND ask", "NO_ECHO ");
    }

    @Test
    void theRestOfAStatementAtAPromptOfTheSameShapeIsACommand() {
        beginsWith("db=# ", "\\r\\n");
        console.echoes("select 1,").types("\\r").prints("\\r\\ndb-# ").echoes("2;").types("\\r");
        console.prints("\\r\\n ?column? | ?column?\\r\\n1 | 2\\r\\ndb=# ").waits(300).types("x");

        assertThat(console.told()).containsExactly("COMMAND select 1,", "COMMAND 2;");
    }
}
