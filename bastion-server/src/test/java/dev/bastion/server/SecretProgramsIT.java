package dev.bastion.server;

import static dev.bastion.server.RunningBastion.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people type to the programs that ask them for passwords: it is in no file and in no
 * recording, and what they typed before and behind it is all there.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class SecretProgramsIT {

    private static final String SHELL = "bash --norc --noprofile";
    private static final String ASKS = "[Pp]ass(word|phrase)[^\r\n]*: ";
    private static final String PROMPT = "bash-[0-9.]+[$#] ";

    private final RunningBastion bastion;
    private final Path folder;
    private final SecretForms forms = new SecretForms();
    private int secrets;

    SecretProgramsIT(@TempDir Path folder) {
        this.folder = folder;
        bastion = RunningBastion.start(folder);
    }

    @AfterAll
    void close() {
        bastion.close();
    }

    @Test
    void whatTheyAreToldIsNowhere() throws IOException {
        List<String> ran;
        try (Person person = new Person(bastion, "web1", "exec " + SHELL)) {
            ran = person.ran;
            person.runs("echo vis''ible", "visible", "echo vis''ible");
            asks(person, "mariadb -h 127.0.0.1 -P 1 -u someone -p");
            asks(person, "psql -h 127.0.0.1 -p 1 -U someone -W");
            Path home = Files.createDirectory(folder.resolve("gnupg"));
            String gpg = "gpg --homedir " + home + " --pinentry-mode loopback -o ";
            asks(person, gpg + folder.resolve("sealed") + " -c /etc/hostname");
            String agent = "gpgconf --homedir " + home + " --kill all; echo e''nded";
            person.runs(agent, "ended", agent);
            String key = "ssh-keygen -q -t ed25519 -f " + folder.resolve("made");
            person.types(key, ASKS, key);
            String passphrase = secret();
            person.keys(passphrase);
            person.enter(ASKS, "");
            person.keys(passphrase);
            person.enter(PROMPT, "");
            // Nobody asks root.
            boolean root = bastion.login().equals("root");
            String nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups " + SHELL;
            if (root) {
                person.types(nobody, PROMPT, nobody);
            }
            asks(person, "su root -c true");
            asks(person, "passwd");
            String sudo = "sudo -k true";
            person.types(sudo, ASKS, sudo);
            person.keys(secret());
            person.enter(ASKS, "");
            person.keys("\u0003");
            person.terminal.expect(PROMPT, LIMIT);
            String ahead = "sleep 1; su root -c true";
            // It throws away what was typed before it asked.
            person.keys(ahead + "\r" + secret());
            person.enter(ASKS, ahead);
            person.keys(secret());
            person.enter(PROMPT, "");
            person.runs("echo st''ill", "still", "echo st''ill");
            if (root) {
                person.types("exit", PROMPT, "exit");
            }
        }
        ran.removeIf(String::isEmpty);
        assertThat(Person.commands(bastion, "command", ran)).isEqualTo(ran);
        assertThat(forms.below(bastion.data())).isEmpty();
        String typed = Person.recorded(bastion, "i");
        assertThat(forms.in(typed)).isEmpty();
        assertThat(typed).contains("vis''ible", "sudo -k true");
        assertThat(Person.recorded(bastion, "o")).contains("Enter passphrase");
    }

    /** A program that asks once, and does not go on with what it is told. */
    private void asks(Person person, String command) {
        person.types(command, ASKS, command);
        person.keys(secret());
        person.enter(PROMPT, "");
    }

    /** Made of what is not typed otherwise. */
    private String secret() {
        String secret = "Bandicoot-%d.%d".formatted(++secrets, System.nanoTime());
        forms.add("secret " + secrets, secret);
        return secret;
    }
}
