"""Secrets: what is typed at prompts that do not echo."""
from words import enter, in_shell, type_keys, words

# Words that ask for a secret, in languages that no list of words knows.
PROMPTS = ["Password:", "[sudo] password for op:", "Enter passphrase for key /root/.ssh/id_rsa:", "Heslo:",
           "パスワード:", "Salasana:", "Passwort:", "Contraseña:", "Пароль:", "token>", "Vault:", "$", "#", "(current) UNIX",
           "mysql -p", "Enter PEM", "Kennwort für op", "=>", "Mot de passe :", "root@web1 password:", "", "\\n"]


def password(rng):
    """Long, short, with blanks, with words that also stand elsewhere, with wide characters."""
    kind = rng.randint(0, 6)
    if kind <= 2:
        return "S3cr" + words(rng, 1, 1).rstrip("0123456789") + "!%d" % rng.randint(100, 99999)
    if kind == 3:
        return "".join(rng.choice("ABCDEFGHKLMNPQRSTUVWXYZ23456789+/=_-") for _ in range(rng.randint(6, 12)))
    if kind == 4:
        return "Correct horse %d battery" % rng.randint(10, 999)
    if kind == 5:
        return "Ge" + rng.choice("äöüßéñ") + "heim" + str(rng.randint(1000, 9999))
    return "".join(rng.choice("BDFGHJKLMQWXYZ") for _ in range(2)) + str(rng.randint(1000, 99999))


def type_secret(terminal, rng, text):
    if not terminal.is_silent():
        raise Heard
    if rng.random() < .3:
        at = rng.randint(1, len(text))
        type_keys(terminal, rng, text[:at], slow=rng.random() < .4)
        type_keys(terminal, rng, "z\x7f" + text[at:], slow=rng.random() < .3)
    elif rng.random() < .2:
        terminal.send(text)
    else:
        type_keys(terminal, rng, text, slow=rng.random() < .4)


def start(terminal, rng, line):
    """Starts what asks in any words, and waits until the terminal is silent."""
    enter(terminal, rng, line)
    terminal.await_silence()
    terminal.pause(rng.choice((20, 60, 150)))


def again(terminal):
    """A second question: the one program may end, and another begin."""
    terminal.pause(120)
    terminal.await_silence()


def ask(terminal, rng, line, text):
    """Starts what asks, and waits until it does."""
    terminal.shown = b""
    enter(terminal, rng, line)
    terminal.await_text(text.encode())
    terminal.pause(rng.choice((60, 100, 200)))


class Heard(Exception):
    """The terminal echoes: what would be typed is no secret."""


def simple(terminal, rng, after):
    text = password(rng)
    language = terminal.shell.language
    if language in ("sh", "zsh") and rng.random() < .4:
        line, words_shown = rng.choice((("read -s -p 'Password: ' pw; echo", "Password: "),
                                        ("read -s -p 'Token? ' pw; echo got it", "Token? ")))
        if language == "zsh":
            line = "read -s 'pw?" + words_shown + "'; echo"
        start(terminal, rng, line)
    else:
        stars = rng.random() < .15 and language not in ("psql", "mysql")
        ask(terminal, rng, in_shell(terminal, "askpass" + (" --stars" if stars else "")), "[sudo] password")
    type_secret(terminal, rng, text)
    terminal.send(rng.choice(("\r", "\r", "\x03")))
    terminal.pause(40)
    after(terminal, rng)
    return {"secrets": [text]}


def hard(terminal, rng, after):
    """Each tries to make the engine believe that a secret was shown, or that a shell got it."""
    typed = [password(rng)]
    kind = rng.randint(0, 8)
    prompt = rng.choice(PROMPTS)
    quoted = "'" + prompt + "'" if prompt else "' '"
    asking = in_shell(terminal, "askpass ")
    if kind == 0:
        # A prompt in words that nobody knows.
        start(terminal, rng, asking + quoted)
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
    elif kind == 1:
        # Twice, as passwd asks.
        start(terminal, rng, asking + "--twice " + quoted)
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
        again(terminal)
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
    elif kind == 2:
        # The second is another one, and given up.
        typed.append(password(rng))
        start(terminal, rng, asking + "--twice " + quoted)
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
        again(terminal)
        type_secret(terminal, rng, typed[1])
        terminal.send("\x03")
    elif kind == 3:
        # A paste, with its Enter in the same packet, and with bracketed paste's own signs or without.
        start(terminal, rng, asking + quoted)
        if not terminal.is_silent():
            raise Heard
        terminal.send(typed[0] + "\r")
    elif kind == 4:
        # Wrong, taken back as a whole, typed again.
        start(terminal, rng, asking + quoted)
        typed.append(password(rng))
        type_secret(terminal, rng, typed[1] + "\x15")
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
    elif kind == 5:
        # Given up, and the next command follows at once.
        start(terminal, rng, asking + quoted)
        type_secret(terminal, rng, typed[0])
        terminal.send("\x03")
        terminal.pause(rng.choice((0, 5, 30)))
    elif kind == 6:
        # The prompt comes late; the person waits for it.
        ask(terminal, rng, asking + "--slow " + ("'Password:'" if terminal.shell.language == "fish" else "'Pass''word:'"),
            "\r\nPassword:")
        terminal.pause(500)
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
    elif kind == 7:
        # A loop of questions, the commands typed ahead of which are echoed by the terminal.
        start(terminal, rng, asking + quoted + " && askpass " + quoted)
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
        again(terminal)
        typed.append(password(rng))
        type_secret(terminal, rng, typed[1])
        terminal.send("\r")
    else:
        # An empty one, then the right one.
        start(terminal, rng, asking + "--twice " + quoted)
        terminal.send("\r")
        again(terminal)
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
    terminal.pause(60)
    after(terminal, rng)
    return {"secrets": typed}


def psql(terminal, rng, after):
    """What psql itself asks for."""
    typed = [password(rng)]
    if rng.random() < .5:
        ask(terminal, rng, "\\c - olga", "Password for user olga: ")
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
    else:
        start(terminal, rng, "\\password" + rng.choice(("", " olga")))
        type_secret(terminal, rng, typed[0])
        terminal.send("\r")
        again(terminal)
        if rng.random() < .5:
            typed.append(password(rng))
        type_secret(terminal, rng, typed[-1])
        terminal.send(rng.choice(("\r", "\r", "\x03")))
    terminal.pause(200)
    after(terminal, rng)
    return {"secrets": typed}
