"""Scenarios: what a person types. Each takes a terminal and a random source, and returns what it typed unseen
(secrets) and seen (visible) to programs."""
import secrets_typed
from words import *

SCENARIOS = {}


def scenario(*readers):
    """Registers a scenario for kinds of line readers: shell, cooked, a language."""
    def register(function):
        SCENARIOS[function.__name__.replace("_", "-")] = (function, readers)
        return function
    return register


SERVERS = ("psql", "mysql")
EDITING = ("bash", "sh", "zsh", "fish", "ash", "mksh", "python", "redis", *SERVERS)
EVERY = (*EDITING, "dash")
ALSO_SQL = (*EVERY, "sqlite")
SHELLS = ("sh", "zsh", "fish", "ash", "mksh", "dash")


def scenarios_of(shell, rng, count, only):
    """First three plain lines, then each kind equally often, in random order."""
    fit = [name for name, (_, readers) in SCENARIOS.items()
           if shell.language in readers and (not only or name in only)]
    if "vi" in shell.name:
        fit = [name for name in fit if name in VI]
    else:
        fit = [name for name in fit if name != "vi"]
    if not shell.brackets:
        fit = [name for name in fit if not name.startswith("paste-bracketed")]
    for _ in range(0 if only else 3):
        yield "plain", plain
    row = []
    for _ in range(count):
        if not row:
            row = fit + [name for name in fit if name in ("secret", "secret-more")]
            rng.shuffle(row)
        name = row.pop()
        yield name, SCENARIOS[name][0]


VI = {"plain", "backspace", "history", "paste-raw", "type-ahead", "secret", "program-input", "empty", "ctrl-c", "vi"}


def after(terminal, rng):
    """The line that shows that the shell is back."""
    terminal.await_prompt(rng.choice((60, 90)))
    text = "after " + words(rng, 1, 2)
    enter(terminal, rng, "select '" + text + "';" if terminal.shell.language in SERVERS else "echo " + text)


@scenario(*ALSO_SQL)
def plain(terminal, rng):
    enter(terminal, rng, command(terminal, rng))


@scenario(*ALSO_SQL)
def backspace(terminal, rng):
    keys = ""
    for letter in command(terminal, rng):
        if rng.random() < .15:
            wrong = "".join(rng.choice("qxzjvw") for _ in range(rng.randint(1, 3)))
            if rng.random() < .2:
                wrong = " " + wrong[1:]
            back = "\x7f" if terminal.shell.language in ("dash", "ash", "mksh", "redis") else rng.choice(("\x7f", "\x7f", "\x08"))
            keys += wrong + back * len(wrong)
        keys += letter
    enter(terminal, rng, keys)


@scenario(*EDITING)
def cursor_insert(terminal, rng):
    type_keys(terminal, rng, command(terminal, rng))
    for _ in range(rng.randint(1, 3)):
        keys = rng.choice(("\x1b[H", "\x01", "\x1bb", "\x1b[D" * rng.randint(1, 6), "\x02" * rng.randint(1, 4)))
        if terminal.shell.language == "redis" and keys == "\x1bb":
            keys = "\x02"
        if rng.random() < .25:
            keys += "\x1b[3~"
        type_keys(terminal, rng, keys)
        terminal.pause(40)
        type_keys(terminal, rng, rng.choice(("X", "yy", "_z")))
        if rng.random() < .5:
            type_keys(terminal, rng, rng.choice(("\x05", "\x1b[F")) + " t")
    enter(terminal, rng, "")


@scenario("sh", "zsh", "fish", "mksh", "ash", "python", "redis", *SERVERS)
def history(terminal, rng):
    if rng.random() < .3:
        type_keys(terminal, rng, words(rng, 1, 1) + "\x15")
        terminal.pause(40)
    for _ in range(rng.randint(1, 5)):
        terminal.send(rng.choice(("\x1b[A", "\x1b[A", "\x10", "\x1b[B")))
        terminal.pause(rng.randint(30, 60))
    if rng.random() < .6:
        type_keys(terminal, rng, " h%d" % rng.randint(1, 999))
    enter(terminal, rng, "")
    terminal.await_prompt(60)
    enter(terminal, rng, "")


@scenario("sqlite")
def recall(terminal, rng):
    for _ in range(rng.randint(1, 4)):
        terminal.send(rng.choice(("\x1b[A", "\x1b[A", "\x10", "\x1b[B")))
        terminal.pause(rng.randint(30, 60))
    terminal.send("\x1b[D\x1b[D" + rng.choice(("x", "y y", "")))
    terminal.pause(40)
    enter(terminal, rng, "")
    terminal.await_prompt(60)
    enter(terminal, rng, "select 'end';")


@scenario("sqlite")
def statement_of_two_lines(terminal, rng):
    enter(terminal, rng, "select 1,")
    enter(terminal, rng, " '" + words(rng, 1, 3) + "';")


@scenario("sqlite")
def search(terminal, rng):
    terminal.send("\x12")
    terminal.pause(50)
    type_keys(terminal, rng, rng.choice(("sel", "val", "oscar", "log", "nova", "a")))
    terminal.pause(80)
    enter(terminal, rng, "")
    terminal.await_prompt(60)
    enter(terminal, rng, "select 'found';")


@scenario("sh", "zsh", "fish", "python", *SERVERS)
def ctrl_r(terminal, rng):
    terminal.send("\x12")
    terminal.pause(50)
    type_keys(terminal, rng, rng.choice(("sel" if terminal.shell.language in SERVERS else "ech",
                                        "seed", "oscar", "log", "nova", "a")))
    terminal.pause(80)
    if rng.random() < .4 and terminal.shell.language != "fish":
        terminal.send("\x12")
        terminal.pause(70)
    if terminal.shell.language != "fish" and rng.random() < .4:
        type_keys(terminal, rng, "\x05")
        terminal.pause(40)
        type_keys(terminal, rng, " r%d" % rng.randint(1, 999))
    terminal.send("\r")
    terminal.pause(90)
    terminal.await_prompt(60)
    terminal.send("\r")
    terminal.await_prompt(60)


@scenario("sh", "zsh", "fish", "mksh", "ash")
def tab(terminal, rng):
    keys, rest = rng.choice((("cat uniq", "| wc -l"), ("cat another", "; echo " + words(rng, 1, 1)), ("ls sub-", ""),
                             ("cat zz_", "f"), ("cat zz_", "s")))
    type_keys(terminal, rng, keys)
    terminal.send("\t")
    terminal.pause(120)
    if keys.endswith("zz_"):
        if rng.random() < .5:
            terminal.send("\t")
            terminal.pause(120)
        type_keys(terminal, rng, rest)
        terminal.send("\t")
        terminal.pause(120)
        rest = ""
    enter(terminal, rng, rest)


@scenario(*EDITING)
def kill_yank(terminal, rng):
    text = words(rng, 2, 4)
    simple = terminal.shell.language in ("ash", "redis", "mksh")
    choice = rng.randint(1 if simple else 0, 2)
    start = starter(terminal)
    if choice == 0:
        type_keys(terminal, rng, start + text + "\x1bb\x0b")
        terminal.pause(40)
        type_keys(terminal, rng, "\x01\x1bf")
        terminal.pause(40)
        type_keys(terminal, rng, " \x19")
        terminal.pause(40)
        enter(terminal, rng, "\x05")
    elif choice == 1:
        type_keys(terminal, rng, start + text + " zz\x17")
        terminal.pause(40)
        enter(terminal, rng, "done")
    else:
        type_keys(terminal, rng, start + "wrong " + text + "\x15")
        terminal.pause(40)
        enter(terminal, rng, start + "right " + text)


@scenario("dash")
def kill_line(terminal, rng):
    type_keys(terminal, rng, "echo wrong " + words(rng, 2, 3) + rng.choice(("\x15", " zz\x17")))
    enter(terminal, rng, "echo right " + words(rng, 1, 2))


@scenario("sh", "zsh", "fish", "psql")
def paste_bracketed(terminal, rng):
    lines = [command(terminal, rng) for _ in range(rng.choice((1, 1, 2, 3)))]
    terminal.send("\x1b[200~" + "\r".join(lines) + "\x1b[201~")
    terminal.pause(80)
    enter(terminal, rng, " pz" if rng.random() < .3 else "")


@scenario(*EVERY)
def paste_raw(terminal, rng):
    terminal.send("".join(command(terminal, rng) + "\r" for _ in range(rng.choice((1, 1, 2, 3, 4)))))
    terminal.await_prompt(90)


# redis-cli throws away most of what is typed ahead.
@scenario(*(reader for reader in EVERY if reader != "redis"))
def paste_long(terminal, rng):
    """As a network brings it, in pieces: what comes while the editor reads is shown by it, later than what comes behind that."""
    lines = "".join(command(terminal, rng) + "\r" for _ in range(rng.randint(12, 60)))[:3000]
    data = lines[:lines.rindex("\r") + 1].encode()
    while data:
        size = rng.randint(40, 1400)
        terminal.send(data[:size])
        data = data[size:]
        terminal.pause(rng.choice((0, 1, 5, 20)))
    terminal.await_prompt(150)
    after(terminal, rng)


@scenario(*EVERY)
def multibyte(terminal, rng):
    text = " ".join(rng.choice(WIDE) for _ in range(rng.randint(1, 5)))
    type_keys(terminal, rng, starter(terminal) + text)
    if rng.random() < .5:
        type_keys(terminal, rng, "\x7f" * rng.randint(1, 2) + "好")
    elif terminal.shell.language not in ("dash", "redis") and rng.random() < .5:
        type_keys(terminal, rng, "\x1b[D" * rng.randint(1, 4))
        terminal.pause(40)
        type_keys(terminal, rng, "中")
    enter(terminal, rng, "")


@scenario(*EVERY)
def long_wrap(terminal, rng):
    text = starter(terminal) + (words(rng, 14, 24) if rng.random() < .85 else "x" * rng.randint(60, 130))
    type_keys(terminal, rng, text)
    editing = terminal.shell.language != "dash"
    choice = rng.randint(0, 3) if editing else 3
    if choice == 0:
        type_keys(terminal, rng, "\x1b[D" * rng.randint(5, 70))
        terminal.pause(40)
        type_keys(terminal, rng, "INS")
    elif choice == 1:
        type_keys(terminal, rng, "\x01")
        terminal.pause(40)
        type_keys(terminal, rng, ": ; " if terminal.shell.language in SHELLS else "x ")
    elif choice == 2:
        type_keys(terminal, rng, "\x7f" * rng.randint(1, 8))
    enter(terminal, rng, "")


@scenario("sh", "zsh", "dash", "ash", "mksh", "fish", "python")
def multi_line(terminal, rng):
    word = words(rng, 1, 1)
    language = terminal.shell.language
    lines = {
        "fish": (("if true", "echo " + word, "end"), ("for i in 1 2", "echo $i " + word, "end"),
                 ("begin", "echo " + word, "end")),
        "python": (("if True:", "  print('" + word + "')", ""), ("x = (1,", "'" + word + "')"),
                   ("for i in 1, 2:", "  i", "")),
    }.get(language, (("if true; then", "echo " + word, "fi"), ("for i in 1 2", "do echo $i " + word, "done"),
                     ("cat <<EOF", "line " + word, "EOF"), ('echo "first ' + word, 'second"'),
                     ("echo a \\", "b " + word)))
    for line in rng.choice(lines):
        enter(terminal, rng, line)
        terminal.quiet(50)


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh", *SERVERS)
def resize(terminal, rng):
    text = command(terminal, rng)
    cut = rng.randint(1, len(text) - 1)
    type_keys(terminal, rng, text[:cut])
    terminal.pause(40)
    terminal.resize(rng.choice((40, 60, 80, 100, 132)), 24)
    terminal.pause(80)
    enter(terminal, rng, text[cut:])


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh")
def prompt_change(terminal, rng):
    enter(terminal, rng, rng.choice(("cd /tmp", "cd sub-directory-one")))
    terminal.await_prompt(60)
    enter(terminal, rng, command(terminal, rng))
    terminal.await_prompt(60)
    enter(terminal, rng, "cd ~/work")


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh")
def type_ahead(terminal, rng):
    enter(terminal, rng, "sleep " + rng.choice((".25", ".4")))
    terminal.pause(rng.randint(40, 120))
    for _ in range(rng.randint(1, 2)):
        enter(terminal, rng, "echo ahead " + words(rng, 1, 2))
    terminal.await_prompt(150)


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh")
def async_output(terminal, rng):
    fish = terminal.shell.language == "fish"
    enter(terminal, rng, 'sh -c "sleep .3; echo JOB OUT" &' if fish else "(sleep .3; echo JOB OUT) &")
    terminal.await_prompt(60)
    type_keys(terminal, rng, "echo typed " + words(rng, 1, 3), slow=rng.random() < .3)
    terminal.pause(rng.choice((0, 0, 100, 200)))
    enter(terminal, rng, "")
    terminal.pause(250)


@scenario("sh", "zsh", "fish", "mksh", "python", "dash", *SERVERS)
def ctrl_c(terminal, rng):
    type_keys(terminal, rng, command(terminal, rng))
    terminal.pause(40)
    terminal.send("\x03")
    terminal.pause(60)
    enter(terminal, rng, command(terminal, rng))


@scenario("sh", "zsh", "fish", "mksh", "python", "redis", *SERVERS)
def ctrl_l(terminal, rng):
    text = command(terminal, rng)
    cut = rng.randint(0, min(len(text), 20))
    type_keys(terminal, rng, text[:cut])
    terminal.pause(40)
    terminal.send("\x0c")
    terminal.pause(60)
    enter(terminal, rng, text[cut:])


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh", *SERVERS)
def empty(terminal, rng):
    for _ in range(rng.randint(1, 4)):
        enter(terminal, rng, rng.choice(("", "", "", "   ")))
        terminal.pause(rng.choice((0, 40, 40)))
    enter(terminal, rng, command(terminal, rng))


@scenario("sh", "zsh")
def hist_expand(terminal, rng):
    enter(terminal, rng, "echo base " + words(rng, 1, 2))
    terminal.await_prompt(60)
    enter(terminal, rng, rng.choice(("!!", "echo again !$", "true !*", "!echo", "sudo !!")[:4]))


@scenario("fish", "zsh")
def autosuggest(terminal, rng):
    type_keys(terminal, rng, rng.choice(("echo se", "echo seed", "echo a")))
    terminal.pause(120)
    if rng.random() < .5:
        terminal.send(rng.choice(("\x05", "\x1b[C")))
        terminal.pause(90)
        type_keys(terminal, rng, " q%d" % rng.randint(1, 99))
    enter(terminal, rng, "")


@scenario("fish")
def abbr(terminal, rng):
    enter(terminal, rng, "gco " + words(rng, 1, 2))


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh")
def large_output(terminal, rng):
    enter(terminal, rng, rng.choice(("seq 1 3000", "seq 1 20000", "ls --color=always -lR /usr/share/doc | head -3000",
                                     'head -c 300000 /dev/zero | tr "\\0" "a"; echo')))
    terminal.quiet(250)
    terminal.await_prompt(90)
    enter(terminal, rng, command(terminal, rng))


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh")
def fullscreen(terminal, rng):
    program = rng.choice([p for p in ("less", "vim", "top") if has(p)])
    if program == "less":
        enter(terminal, rng, "less /etc/services")
        terminal.await_program(200)
        for keys in (" ", "/ssh\r", "q"):
            terminal.send(keys)
            terminal.pause(50)
    elif program == "vim":
        enter(terminal, rng, "vim -u NONE -N v%d.txt" % rng.randint(1, 99))
        terminal.await_program(250)
        type_keys(terminal, rng, "irm -rf /important\rsecond line\x1b")
        terminal.pause(50)
        type_keys(terminal, rng, ":wq\r")
    else:
        enter(terminal, rng, "top -d 5")
        terminal.await_program(250)
        terminal.send("h")
        terminal.pause(80)
        terminal.send("q")
        terminal.pause(80)
        terminal.send("q")
    terminal.pause(200)
    after(terminal, rng)


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh", *SERVERS)
def program_input(terminal, rng):
    lines = [words(rng, 1, 3)]
    if rng.random() < .5:
        lines.append(words(rng, 1, 3))
        enter(terminal, rng, in_shell(terminal, "catin > /dev/null"))
        terminal.pause(300) if terminal.shell.language in SERVERS else terminal.await_program()
        for line in lines:
            enter(terminal, rng, line)
            terminal.pause(40)
        terminal.send("\x04")
    else:
        psql = terminal.shell.language == "psql" and rng.random() < .6
        enter(terminal, rng, "\\prompt 'Your ''name: ' v" if psql else in_shell(terminal, "askname"))
        terminal.await_text(b"Your name: ")
        terminal.pause(rng.choice((60, 150)))
        enter(terminal, rng, lines[0])
    after(terminal, rng)
    return {"visible": lines}


@scenario("python")
def python_input(terminal, rng):
    enter(terminal, rng, "input('Name? ')")
    terminal.await_text(b"Name? ")
    terminal.pause(60)
    text = words(rng, 1, 2)
    enter(terminal, rng, text)
    return {"visible": [text]}


@scenario("sh")
def vi(terminal, rng):
    type_keys(terminal, rng, command(terminal, rng))
    terminal.pause(40)
    terminal.send("\x1b")
    terminal.pause(600)
    type_keys(terminal, rng, rng.choice(("0iX", "bcwnew", "A end", "hhx", "0wi_z_ ")))
    enter(terminal, rng, "")


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh", *SERVERS)
def secret(terminal, rng):
    return secrets_typed.simple(terminal, rng, after)


@scenario("sh", "zsh", "fish", "dash", "ash", "mksh", *SERVERS)
def secret_more(terminal, rng):
    return secrets_typed.hard(terminal, rng, after)


@scenario("psql")
def secret_psql(terminal, rng):
    return secrets_typed.psql(terminal, rng, after)


@scenario("python")
def secret_python(terminal, rng):
    enter(terminal, rng, "import getpass; _ = getpass.getpass()")
    terminal.await_text(b"Password: ")
    terminal.pause(100)
    text = secrets_typed.password(rng)
    enter(terminal, rng, text)
    return {"secrets": [text]}


@scenario(*SERVERS)
def statement_of_lines(terminal, rng):
    word = words(rng, 1, 2)
    for line in rng.choice((("select 1,", "'" + word + "';"), ("select '" + word, "second';"), ("select 1", "", "  , 2", ";"),
                            ("select name", "from unique_orders -- " + word, "where id > 2;"),
                            ("insert into unique_orders", "values (1, '" + word + "'),", "       (2, 'y');"))):
        enter(terminal, rng, line)
        terminal.quiet(50)
    if rng.random() < .4:
        terminal.await_prompt(60)
        terminal.send("\x1b[A")
        terminal.pause(60)
        enter(terminal, rng, "")


@scenario(*SERVERS)
def statement_given_up(terminal, rng):
    enter(terminal, rng, "select 1,")
    type_keys(terminal, rng, "'" + words(rng, 1, 2))
    terminal.pause(40)
    terminal.send("\x03")
    terminal.pause(90)
    enter(terminal, rng, command(terminal, rng))


@scenario(*SERVERS)
def tab_sql(terminal, rng):
    keys, rest = rng.choice((("select * from uniq", ""), ("select * from zz_", "f"), ("select * from zz_", "s"),
                             ("insert into uniq", "values (2, '" + words(rng, 1, 2) + "')"), ("upd", "")))
    type_keys(terminal, rng, keys)
    terminal.send("\t")
    terminal.pause(150)
    if keys.endswith("zz_"):
        if rng.random() < .5:
            terminal.send("\t")
            terminal.pause(150)
        type_keys(terminal, rng, rest)
        terminal.send("\t")
        terminal.pause(150)
        rest = ""
    enter(terminal, rng, rest + ";")


@scenario(*SERVERS)
def type_ahead_sql(terminal, rng):
    enter(terminal, rng, "select " + ("pg_" if terminal.shell.language == "psql" else "") + "sleep(.%d);" % rng.randint(2, 4))
    terminal.pause(rng.randint(40, 120))
    for _ in range(rng.randint(1, 2)):
        enter(terminal, rng, "select 'ahead " + words(rng, 1, 2) + "';")
    terminal.await_prompt(150)
    terminal.pause(300)


@scenario(*SERVERS)
def output_in_the_middle(terminal, rng):
    enter(terminal, rng, "\\! (sleep .3 && echo JOB OUT) &")
    terminal.await_prompt(60)
    type_keys(terminal, rng, "select 'typed " + words(rng, 1, 3), slow=rng.random() < .3)
    terminal.pause(rng.choice((0, 0, 100, 200)))
    enter(terminal, rng, "';")
    terminal.pause(250)


@scenario(*SERVERS)
def large_result(terminal, rng):
    rows = rng.choice((30, 3000, 20000))
    if terminal.shell.language == "psql":
        enter(terminal, rng, "select repeat('a%d ', 9) from generate_series(1, %d);" % (rng.randint(1, 99), rows))
    else:
        enter(terminal, rng, "select repeat('a%d ', 9) from seq_1_to_%d;" % (rng.randint(1, 99), rows))
    terminal.quiet(250)
    if not terminal.shell.at_prompt(terminal.shown):
        for key in (" ", "q"):
            terminal.send(key)
            terminal.pause(150)
        terminal.pause(200)
    terminal.await_prompt(90)
    enter(terminal, rng, command(terminal, rng))


@scenario(*SERVERS)
def pager(terminal, rng):
    enter(terminal, rng, "\\! less /etc/services")
    terminal.pause(250)
    for keys in (" ", "/ssh\r", "q"):
        terminal.send(keys)
        terminal.pause(80)
    terminal.pause(200)
    after(terminal, rng)


@scenario(*SERVERS)
def other_database(terminal, rng):
    psql = terminal.shell.language == "psql"
    enter(terminal, rng, rng.choice(("\\c template1", "begin;") if psql else ("use mysql", "use mysql;")))
    terminal.await_prompt(90)
    enter(terminal, rng, command(terminal, rng))
    terminal.await_prompt(60)
    enter(terminal, rng, "rollback;")
    terminal.await_prompt(60)
    enter(terminal, rng, "\\c postgres" if psql else "use shop")
    terminal.pause(60)
