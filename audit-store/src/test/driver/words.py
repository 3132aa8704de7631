"""Words, commands, and how fast keys are typed."""
import shutil

WORDS = ("alpha beta gamma delta kilo lima mike nova omega oscar papa quebec romeo sierra tango union victor whisky xray "
         "yankee zulu host node pod svc net disk cpu data cache conf file path user log").split()
WIDE = ["配置文件", "重启服务", "查看日志", "备份数据库", "日本語テスト", "한국어확인", "ﾊﾝｶｸ", "привет", "Ελλάδα",
        "café", "e\u0301te\u0301", "naïve", "Zürich", "😀ok"]


def words(rng, least, most):
    return " ".join(rng.choice(WORDS) + (str(rng.randint(0, 99)) if rng.random() < .4 else "")
                    for _ in range(rng.randint(least, most)))


def has(program):
    return shutil.which(program) is not None


def starter(terminal):
    return {"python": "# ", "redis": "set k ", "psql": "\\echo ", "mysql": "-- "}.get(terminal.shell.language, "echo ")


def statement(terminal, rng, text):
    """A line that a prompt for SQL takes as a whole."""
    lines = ("select '%s';", "values ('%s');", "select length('%s'), 2;", "select upper('%s') as x;", "select '%s', 1 as n \\g",
             "select count(*) from unique_orders where name like '%%%s%%';", "insert into unique_orders values (1, '%s');",
             "update unique_orders set name='%s' where id < 0;", "select '%s' from nowhere;", "select 1; select '%s';",
             "delete from zz_first where id = 7; -- %s")
    if terminal.shell.language == "psql":
        lines += ("\\echo %s", "\\set v '%s'", "\\d unique_orders", "select e'%s' || :'HOST' <> '';")
    else:
        lines += ("-- %s", "show tables;", "set @v = '%s';", "select \"%s\" \\G")
    line = rng.choice(lines)
    return line % text if "%" in line else line


def in_shell(terminal, line):
    """What makes the reader run a line of a shell."""
    return "\\! " + line if terminal.shell.language in ("psql", "mysql") else line


def command(terminal, rng):
    text = words(rng, 1, 4)
    language = terminal.shell.language
    if language == "python":
        return rng.choice(("x = '%s'", "print('%s')", "# %s", "len('%s') + 1", "[a for a in '%s']")) % text
    if language == "redis":
        return rng.choice(("set k %s", "get %s", "lpush list %s", "echo %s")) % text
    if language in ("psql", "mysql"):
        return statement(terminal, rng, text)
    if language == "sqlite":
        return rng.choice(("select '%s';", "values ('%s');", "select length('%s'), 2;", "select upper('%s') as x;")) % text
    number = rng.randint(100, 9999)
    return rng.choice((
        "echo " + text, f": {text}", f"echo --opt={words(rng, 1, 1)}{number} -x {text}", f'echo "{text}"',
        f"printf '%s\\n' {text}", f"true {text} | cat", f"ls -l /tmp >/dev/null; echo {text}",
        f"cat < /dev/null; echo {text}", f"echo {text} > /dev/null", f"test -n x{number} && echo yes",
        f"echo a>b.tmp {text}",
        *(() if language == "fish" else (f"echo $((3+4)) {text}",)),
        f"echo seed{number % 10} {text}"))


def type_keys(terminal, rng, keys, slow=False):
    """Single keys, or several in a packet; sequences are not cut."""
    together = rng.random() < .4
    i = 0
    while i < len(keys):
        size = 1
        if keys[i] == "\x1b":
            size = 2
            if keys[i + 1:i + 2] in ("[", "O"):
                size = 3
                while size < len(keys) - i and not keys[i + size - 1].isalpha() and keys[i + size - 1] != "~":
                    size += 1
        elif together:
            while size < rng.randint(1, 8) and i + size < len(keys) and keys[i + size] >= " ":
                size += 1
        terminal.send(keys[i:i + size])
        i += size
        terminal.pause(rng.uniform(25, 120) if slow else rng.uniform(0, 5))


def enter(terminal, rng, keys):
    type_keys(terminal, rng, keys)
    terminal.send("\r")
    terminal.quiet(rng.choice((25, 40)), .5)
