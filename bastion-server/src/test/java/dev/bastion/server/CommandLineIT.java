package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.server.rig.DelayingProxy;
import dev.bastion.server.rig.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What real shells got is what the auditor reads, whatever was typed to get there, and nothing that
 * was not shown is in any file.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class CommandLineIT {

    private static final String UP = "\u001b[A";
    private static final String LEFT = "\u001b[D";
    private static final String CTRL_R = "\u0012";

    /** Each with its own line editor, or with the terminal's. */
    enum Shell {
        BASH("exec bash --norc --noprofile", true),
        ZSH("exec zsh -f", true),
        FISH("exec fish -N", true),
        DASH("exec dash", false);

        final String start;
        final boolean editor;

        Shell(String start, boolean editor) {
            this.start = start;
            this.editor = editor;
        }
    }

    private final RunningBastion bastion;
    private final Path folder;
    private final AtomicInteger secrets = new AtomicInteger();

    CommandLineIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void theCommandIsTheOneThatTheShellGot(Shell shell) throws IOException {
        Path notes = Files.createDirectories(folder.resolve("n" + shell)).resolve("notes-of-today");
        Files.writeString(notes, "some notes\n");
        List<String> ran;
        try (Person person = new Person(bastion, "web1", shell.start)) {
            ran = person.ran;
            person.runs("echo on''e-1", "one-1", "echo on''e-1");
            person.runs("echo axx\u007f\u007f''b", "ab", "echo a''b");
            String wide = "echo wi''de" + "-0123456789".repeat(9);
            person.runs(wide, "wide-0123456789", wide);
            if (shell.editor) {
                person.runs(UP + LEFT.repeat(3) + "xx", "wide-0123456789", edited(wide));
                String begun = "cat " + notes.resolveSibling("notes-of");
                person.keys(begun);
                person.runs("\t", "some notes", "cat " + notes);
                person.runs("echo ac" + LEFT + "''b", "abc", "echo a''bc");
            }
            if (shell == Shell.BASH || shell == Shell.ZSH) {
                person.runs(CTRL_R + "e-1", "one-1", "echo on''e-1");
            }
        }
        assertThat(Person.commands(bastion, "command", ran)).isEqualTo(ran);
    }

    private static String edited(String line) {
        return line.substring(0, line.length() - 3) + "xx" + line.substring(line.length() - 3);
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void whatIsNotShownIsInNoFile(Shell shell) throws IOException {
        Keys locked = Keys.generate(folder, "locked" + shell, "ed25519", "a passphrase");
        String read =
                shell == Shell.DASH
                        ? "stty -echo; read X; stty echo; echo d''one"
                        : "read -s X; echo d''one";
        String prompt = shell == Shell.FISH ? "read[^ ]*> " : "Kennwort: ";
        SecretForms forms = new SecretForms();
        List<String> ran;
        try (Person person = new Person(bastion, "web1", shell.start)) {
            ran = person.ran;
            // Its prompt is known by this, without which a line before a question may be left out.
            person.runs("echo fir''st", "first", "echo fir''st");
            String asking = "printf 'Kenn''wort: '; " + read;
            person.types(asking, prompt, asking);
            person.keys(secret(forms));
            person.enter("done.*?[#$>] ", "");
            String unlock = "ssh-keygen -y -f " + locked.privateFile();
            person.types(unlock, "passphrase: ", unlock);
            person.keys(secret(forms));
            person.enter("[#$>] ", "");
            String sleeping = "sleep 1; printf 'Pass''word: '; " + read;
            person.keys(sleeping + "\r" + secret(forms));
            person.enter("done.*?[#$>] ", sleeping);
            // The terminal echoes it behind what looks like a prompt, and it is taken later.
            String working = "printf '50''%% '; sleep 1; printf 'Kenn''wort: '; " + read;
            person.keys(working + "\r");
            person.terminal.expect("50% ", LIMIT);
            Person.pause(200);
            person.keys(secret(forms));
            person.enter("done.*?[#$>] ", working);
            // The same, taken without a word.
            String silent = "sleep 1; " + read;
            person.keys(silent + "\r");
            Person.pause(300);
            person.keys(secret(forms));
            person.enter("done.*?[#$>] ", silent);
            person.runs("echo vis''ible", "visible", "echo vis''ible");
        }
        ran.removeIf(String::isEmpty);
        if (shell == Shell.FISH) {
            // It may leave out the line before a question.
            List<String> last = ran.subList(ran.size() - 3, ran.size());
            assertThat(Person.commands(bastion, "command", last))
                    .endsWith(last.toArray(new String[0]));
        } else {
            assertThat(Person.commands(bastion, "command", ran)).isEqualTo(ran);
        }
        assertThat(bastion.audit("commands").toString()).contains("not echoed");
        assertNowhere(forms);
    }

    @ParameterizedTest
    @EnumSource(Shell.class)
    void aSlowLinkChangesNothing(Shell shell) throws IOException {
        SecretForms forms = new SecretForms();
        List<String> ran;
        String host = "slow-" + shell.name().toLowerCase(Locale.ROOT);
        try (DelayingProxy link = addSlowHost(host)) {
            try (Person person = new Person(bastion, host, shell.start)) {
                ran = person.ran;
                link.delay(Duration.ofMillis(500));
                person.runs("echo sl''ow", "slow", "echo sl''ow");
                boolean fish = shell == Shell.FISH;
                String read = fish ? "read -s X" : "stty -echo; read X; stty echo";
                String asking = "printf 'Kenn''wort: '; " + read + "; echo d''one";
                person.types(asking, fish ? "read[^ ]*> " : "Kennwort: ", asking);
                person.keys(secret(forms));
                person.enter("done.*?[#$>] ", "");
                String passive = "cat > /dev/null";
                person.types(passive, "\n", passive);
                person.keys("words for a program");
                person.enter("words for a program", "");
                person.keys("\u0003");
                person.terminal.expect("[#$>] ", LIMIT);
                Person.pause(700);
                person.runs("echo vis''ible", "visible", "echo vis''ible");
                link.delay(Duration.ZERO);
            }
        }
        ran.removeIf(String::isEmpty);
        assertThat(Person.commands(bastion, "command", ran)).isEqualTo(ran);
        assertThat(Person.commands(bastion, "input", List.of("words for a program"))).isNotEmpty();
        assertNowhere(forms);
    }

    /** Each with a shell of its own inside. */
    enum Multiplexer {
        TMUX(
                "tmux -L inner -f /dev/null new-session 'bash --norc --noprofile'",
                "\\[0\\]",
                "exited"),
        SCREEN("screen -c /dev/null bash --norc --noprofile", "[$#] ", "terminating");

        final String start;
        final String begun;
        final String over;

        Multiplexer(String start, String begun, String over) {
            this.start = start;
            this.begun = begun;
            this.over = over;
        }
    }

    @ParameterizedTest
    @EnumSource(Multiplexer.class)
    void whatAShellInsideGotIsRead(Multiplexer inside) throws IOException {
        SecretForms forms = new SecretForms();
        List<String> ran;
        try (Person person = new Person(bastion, "web2", Shell.BASH.start)) {
            ran = person.ran;
            usesInside(person, inside, forms);
            person.runs("echo vis''ible", "visible", "echo vis''ible");
        }
        assertThat(Person.commands(bastion, "command", ran)).isEqualTo(ran);
        assertNowhere(forms);
    }

    /** The keys are shown after their Enter was typed. */
    @ParameterizedTest
    @EnumSource(Multiplexer.class)
    void whatAShellInsideGotIsReadOnASlowLink(Multiplexer inside) throws IOException {
        String host = "slow-" + inside.name().toLowerCase(Locale.ROOT);
        SecretForms forms = new SecretForms();
        List<String> ran;
        try (DelayingProxy link = addSlowHost(host);
                Person person = new Person(bastion, host, Shell.BASH.start)) {
            ran = person.ran;
            link.delay(Duration.ofMillis(300));
            usesInside(person, inside, forms);
            link.delay(Duration.ZERO);
            Person.pause(700);
            person.runs("echo vis''ible", "visible", "echo vis''ible");
        }
        assertThat(Person.commands(bastion, "command", ran)).isEqualTo(ran);
        assertNowhere(forms);
    }

    private void usesInside(Person person, Multiplexer inside, SecretForms forms) {
        person.types(inside.start, inside.begun, inside.start);
        Person.pause(1000);
        person.keys("echo in''ner-1");
        person.enter("inner-1", "echo in''ner-1");
        Person.pause(500);
        person.keys("echo ab" + LEFT + "''c");
        person.enter("acb", "echo a''cb");
        Person.pause(500);
        String asking = "read -sp 'Kenn''wort: ' X; echo d''one";
        person.types(asking, "Kennwort: ", asking);
        person.terminal.send(secret(forms) + "\r");
        person.terminal.expect("done", LIMIT);
        Person.pause(500);
        person.keys("exit");
        person.enter(inside.over, "exit");
        Person.pause(500);
    }

    private DelayingProxy addSlowHost(String name) throws IOException {
        DelayingProxy link = new DelayingProxy(bastion.web1().address(), bastion.web1().port());
        bastion.addHost(name, link.address(), bastion.web1().hostKey().fingerprint());
        bastion.addKeyAccount(name, bastion.login(), bastion.web1().userKeys());
        bastion.grant(name, bastion.login());
        return link;
    }

    @Test
    void aTerminalThatIsMadeSmallerIsReadAsSuch() {
        List<String> ran;
        try (Person person = new Person(bastion, "web2", Shell.BASH.start)) {
            ran = person.ran;
            person.terminal.resize(40, 20);
            person.runs("", "", "");
            String wide = "echo na''rrow" + "-0123456789".repeat(6);
            person.runs(wide, "narrow-", wide);
            person.runs(UP + LEFT.repeat(3) + "xx", "narrow-", edited(wide));
        }
        ran.removeIf(String::isEmpty);
        assertThat(Person.commands(bastion, "command", ran)).isEqualTo(ran);
    }

    /** Stored by nobody but {@code forms}; made of what is not typed otherwise. */
    private String secret(SecretForms forms) {
        String secret = "Quokka-%d.%d".formatted(secrets.incrementAndGet(), System.nanoTime());
        forms.add("secret", secret);
        return secret;
    }

    private void assertNowhere(SecretForms forms) throws IOException {
        assertThat(forms.below(bastion.data())).isEmpty();
        assertThat(forms.in(Person.recorded(bastion, "i"))).isEmpty();
        SecretForms shown = new SecretForms();
        shown.add("typed openly", "vis''ible");
        assertThat(shown.below(bastion.data())).as("what the search finds").isNotEmpty();
    }
}
