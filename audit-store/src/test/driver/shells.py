"""The shells and other line readers that are recorded: how each is started, and how it tells what it executed."""
import os
import re
import shutil
import stat

from servers import MariaDb, POSTGRES, Postgres, make_notes

FILES = ["unique_report_2024.txt", "another-long-filename.conf", "zz_first.log", "zz_second.log"]

PROGRAMS = {
    # Asks without an echo, in the words it is given; twice when told to; with stars when told to.
    "askpass": """#!/usr/bin/python3
import sys, termios, time
args = sys.argv[1:]
stars, twice, slow = (a in args and not args.remove(a) for a in ("--stars", "--twice", "--slow"))
words = " ".join(args) + " " if args else "[sudo] password for op: "
def ask(words):
    old = termios.tcgetattr(0)
    new = termios.tcgetattr(0)
    new[3] &= ~(termios.ECHO | (termios.ICANON if stars else 0))
    if slow:
        time.sleep(.5)
    try:
        termios.tcsetattr(0, termios.TCSAFLUSH, new)
        sys.stdout.write(words); sys.stdout.flush()
        if stars:
            while sys.stdin.buffer.raw.read(1) not in (b"\\r", b"\\n"):
                sys.stdout.write("*"); sys.stdout.flush()
        else:
            sys.stdin.readline()
    finally:
        termios.tcsetattr(0, termios.TCSAFLUSH, old)
    sys.stdout.write("\\n"); sys.stdout.flush()
try:
    ask(words)
    if twice:
        ask("Retype " + words)
except KeyboardInterrupt:
    sys.stdout.write("\\n")
""",
    "askname": """#!/usr/bin/python3
import sys
sys.stdout.write("Your name: "); sys.stdout.flush(); sys.stdin.readline()
""",
    "catin": "#!/bin/sh\nexec cat\n",
}


class Shell:
    """A configuration: name, width, command, files it reads, and where its own record is."""

    def __init__(self, name, columns, command, files=None, environment=None, prompt=rb"[#$%>\xaf] *$",
                 needs=None, kinds="shell", separator="\0", language="sh", recovers=False, truth=None, group=None,
                 server=None, inside=False):
        self.name, self.columns, self.command = name, columns, command
        self.files, self.environment = files or {}, environment or {}
        self.needs = needs or [command[0]]
        self.kinds, self.separator, self.language, self.recovers = kinds, separator, language, recovers
        self.truth_of, self.group_of, self.server, self.inside = truth, group, server, inside
        self.prompt = re.compile(prompt)
        # A terminal brackets what is pasted only where that was asked for.
        self.brackets = not any("bracketed" in text and ("off" in text or "unset" in text)
                                for text in self.files.values())

    def is_here(self):
        return all(os.path.exists(n) if n.startswith("/") else shutil.which(n) for n in self.needs)

    def at_prompt(self, shown):
        text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[(=>]B?|[\x0f\r]", b"", shown[-400:])
        # A clock or a folder may stand right of it.
        return bool(self.prompt.search(re.sub(rb"(\[?\d?\d:\d\d( \d+\])?|[~/]\S*)$", b"", text)))

    def group(self, pid):
        return self.group_of(pid) if self.group_of else os.getpgid(pid)

    def truth(self, folder):
        """A function that returns what the shell has recorded since it was last called."""
        path, state = folder + "/truth", {"at": 0, "number": None, "given_up": set()}

        def read():
            if not os.path.exists(path):
                return []
            with open(path, "rb") as file:
                file.seek(state["at"])
                data = file.read()
            cut = data.rfind(self.separator.encode()) + 1
            pieces = data[:cut].decode("utf-8", "replace").split(self.separator)[:-1]
            state["begins"] = [state["at"]]
            for piece in data[:cut].split(self.separator.encode()):
                state["begins"].append(state["begins"][-1] + len(piece) + len(self.separator))
            state["at"] += cut
            return (self.truth_of or (lambda p, s: p))(pieces, state)

        def give_up():
            """The line that is being typed is given up; some shells keep it in their history."""
            state["given_up"].add(os.path.getsize(path) if os.path.exists(path) else 0)

        read.give_up = give_up
        return read


def numbered(pieces, state):
    """Lines of `history 1`: one that has been seen before, with the same number, is not new."""
    commands = []
    for begin, piece in zip(state["begins"], pieces):
        match = re.match(r"\s*(\d+)\*?[ \t]+(.*)", piece, re.S)
        if match and match.groups() != state["number"]:
            run = begin not in state["given_up"]
            if run and (state["number"] is not None or state.get("first")):
                commands.append(re.sub("\n$", "", match[2]))
            state["number"] = match.groups()
        state["first"] = True
    return commands


def traced(pieces, state):
    """Lines of strace: what was read from the terminal."""
    commands = []
    for piece in pieces:
        match = re.match(r'(?:\d+ +)?read\(0, "((?:\\x[0-9a-f]{2})*)", \d+\) += \d+', piece)
        if match:
            text = bytes.fromhex(match[1].replace("\\x", "")).decode("utf-8", "replace")
            commands += [line for line in text.split("\n") if line]
    return commands


def statements(pieces, state):
    """Lines of sqlite3's trace; complaints and its editor's bells stand between them."""
    lines = [line.lstrip("\a") for line in pieces]
    return [line for line in lines if " error: " not in line and not line.startswith("  ")]


def child_group(pid):
    """The group of the shell that strace started."""
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        children = file.read().split()
    return os.getpgid(int(children[0])) if children else -1


BASH = """
HISTFILE= HISTCONTROL= HISTSIZE=10000 HISTTIMEFORMAT=
set -o history -o ignoreeof; shopt -s cmdhist lithist
bind 'set bell-style none'
__t() { HISTTIMEFORMAT= builtin history 1 >>"$TRUTH"; printf '\\0' >>"$TRUTH"; }
"""
ZSH = """
HISTSIZE=10000 SAVEHIST=0; unsetopt beep; setopt interactive_comments ignore_eof; bindkey -e
autoload -Uz compinit; compinit -u -D
preexec() { print -rn -- "$1" >>$TRUTH; printf '\\0' >>$TRUTH }
"""
FISH = """
set -g fish_greeting
function __t --on-event fish_preexec; printf '%s\\0' $argv[1] >>$TRUTH; end
abbr -a -g gco 'echo git checkout'
"""
COLOURED = r"'\n\[\e[1;32m\]\u@\h\[\e[0m\] \[\e[34m\]\w\[\e[0m\] \t\n\[\e[33m\]❯\[\e[0m\] '"
MARKED = r"""'\[\e]133;A\a\]\u@\h:\w# \[\e]133;B\a\]'
PS0='\e]133;C\a'"""
FANCY = """
setopt prompt_subst
PROMPT=$'\\n%F{green}%n@%m%f %F{blue}%~%f\\n%F{yellow}❯%f '
RPROMPT='%F{8}[%T %?]%f'
. /usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh
. /usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh
"""
TRANSIENT = """
NEW=$'%F{green}%n@%m%f %~\\n❯ '
PROMPT=$NEW; RPROMPT='%T'
__short() { PROMPT='%# '; zle reset-prompt; PROMPT=$NEW }
zle -N zle-line-finish __short
"""


def bash(name, columns, prompt, more="", environment=None):
    return Shell(name, columns, ["bash", "--rcfile", "{home}/.rc", "-i"],
                 {".rc": f"{BASH}{more}\nPS1={prompt}\nPROMPT_COMMAND=__t\n"}, environment, truth=numbered)


def within(name, columns, command, prompt):
    """Bash in a terminal of its own, which a multiplexer draws. It says which process and terminal that is."""
    rc = f"{BASH}\nPS1={prompt}\nPROMPT_COMMAND=__t\necho $$ $(tty) >$TRUTH.inside\n"
    return Shell(name, columns, command, {".rc": rc}, truth=numbered, inside=True)


def zsh(name, columns, prompt, needs=()):
    return Shell(name, columns, ["zsh", "-i"], {".zshrc": ZSH + prompt}, {"ZDOTDIR": "{home}"},
                 needs=["zsh", *needs], language="zsh")


def fish(name, columns, more=""):
    return Shell(name, columns, ["fish", "-i"], {".config/fish/config.fish": FISH + more}, language="fish",
                 recovers=True)


def strace(command):
    return ["strace", "-qq", "-e", "trace=read", "-e", "signal=none", "-xx", "-s", "65000", "-o", "{truth}", *command]


def psql(name, columns, settings="", files=None, environment=None):
    return Shell(name, columns, [POSTGRES + "/psql", "-h", "{server}", "-U", "postgres", "postgres"],
                 {".psqlrc": "\\set QUIET on\n" + settings + "\\set QUIET off\n", **(files or {})},
                 {"LD_PRELOAD": "{notes}", **(environment or {})}, language="psql", recovers=True, server=Postgres,
                 needs=[POSTGRES + "/psql", POSTGRES + "/postgres", POSTGRES + "/initdb", "cc"],
                 prompt=rb"=[*!]?[#>] $")


def mysql(name, columns, prompt=None):
    return Shell(name, columns, ["mariadb", "--no-defaults", "-S", "{server}/s", "-u", "root",
                                 *(["--prompt=" + prompt] if prompt else []), "shop"],
                 environment={"LD_PRELOAD": "{notes}"}, language="mysql", recovers=True, server=MariaDb,
                 needs=["mariadb", "mariadbd", "mariadb-install-db", "cc"], prompt=rb"(\]|mysql)> $")


SHELLS = [
    bash("bash-plain", 80, r"'\u@\h:\w# '"),
    bash("bash-color2", 40, COLOURED),
    bash("bash-nobp", 80, r"'[\u@\h \W]# '", "bind 'set enable-bracketed-paste off'"),
    bash("bash-osc", 80, MARKED),
    zsh("zsh-plain", 40, "PROMPT='%n@%m:%~# '\n"),
    zsh("zsh-nobp", 80, "PROMPT='%m# '; unset zle_bracketed_paste\n"),
    zsh("zsh-fancy", 80, FANCY, ["/usr/share/zsh-autosuggestions", "/usr/share/zsh-syntax-highlighting"]),
    zsh("zsh-transient", 80, TRANSIENT),
    fish("fish-plain", 80),
    fish("fish-right", 40, "function fish_right_prompt; set_color 555; date +%H:%M; set_color normal; end\n"),
    Shell("dash-plain", 80, strace(["dash", "-i"]), environment={"PS1": "dash$ "}, needs=["strace", "dash"],
          separator="\n", language="dash", kinds="cooked", truth=traced, group=child_group),
    # Configurations that differ from those above in what a prompt looks like, in width, in keys.
    bash("bash-user", 100, r"'\u@\h:\w\$ '"),
    bash("bash-short", 60, r"'> '"),
    bash("bash-bare", 80, r"'bash-5.2$ '", "bind 'set enable-bracketed-paste off'"),
    bash("bash-vi", 80, r"'\u@\h:\w# '", "set -o vi"),
    within("tmux", 80, ["tmux", "-f", "/dev/null", "-S", "{home}/s", "new-session", "bash --rcfile {home}/.rc -i"],
           r"'\u@\h:\w# '"),
    within("screen", 80, ["screen", "-c", "/dev/null", "bash", "--rcfile", "{home}/.rc", "-i"], r"'\u@\h:\w# '"),
    zsh("zsh-wide", 132, "PROMPT='%n@%m %1~ %# '; RPROMPT='%~'\n"),
    fish("fish-wide", 120),
    Shell("ash", 80, ["busybox", "ash", "-i"], {".ashrc": "PS1='$(__t)\\w # '\n"
          "__t() { history | tail -n 1 >>$TRUTH; printf '\\0' >>$TRUTH; }\n"},
          {"ENV": "{home}/.ashrc", "HISTFILE": "/dev/null"}, language="ash", truth=numbered),
    Shell("mksh", 80, ["mksh", "-i"],
          # The line that is last in its history is none that fc tells of.
          {".mkshrc": "PS1='$(print -s x; fc -l -1 >>$TRUTH 2>/dev/null; printf \"\\0\" >>$TRUTH)mksh# '\n"
                      "HISTSIZE=5000; set -o emacs\n"},
          {"ENV": "{home}/.mkshrc"}, language="mksh", truth=numbered),
    Shell("python3", 80, ["/usr/bin/python3", "-q", "-i"],
          {".start": "import sys, os, readline\n"
                     "class P:\n def __init__(s, t): s.t = t; s.n = 0\n"
                     " def __str__(s):\n"
                     "  n = readline.get_current_history_length()\n"
                     "  with open(os.environ['TRUTH'], 'a') as f:\n"
                     "   for i in range(s.n + 1, n + 1): f.write(readline.get_history_item(i) + '\\0')\n"
                     "  P.last = n; s.n = n; ps[0].n = ps[1].n = n\n"
                     "  return s.t\n"
                     "ps = (P('>>> '), P('... '))\nsys.ps1, sys.ps2 = ps\n"},
          {"PYTHONSTARTUP": "{home}/.start"}, language="python"),
    Shell("sqlite3", 80, ["sh", "-c", "exec sqlite3 -cmd '.trace stderr' 2>>{truth}"], separator="\n",
          language="sqlite", needs=["sqlite3"], truth=statements,
          prompt=rb"(sqlite|\.\.\.)> $"),
    Shell("redis-cli", 80, ["sh", "-c", "redis-server --port 0 --save '' --unixsocket {home}/s >{home}/log &"
                            "sleep 1; exec redis-cli -s {home}/s"], needs=["redis-cli", "redis-server"], environment={"REDISCLI_HISTFILE": "{truth}"}, separator="\n",
          language="redis", prompt=rb"(connected|\d)> $"),
    psql("psql-plain", 80, environment={"PAGER": "less"}),
    psql("psql-nobp", 80, "\\pset pager off\n", {".inputrc": "set enable-bracketed-paste off\n"}),
    psql("psql-color2", 40, "\\pset pager off\n"
         "\\set PROMPT1 '\\n%[%033[1;32m%]%n@%/%[%033[0m%]%x\\n%[%033[33m%]%R%#%[%033[0m%] '\n\\set PROMPT2 '%R%# '\n"),
    psql("psql-wide", 120, "\\pset pager off\n\\set PROMPT1 '%n@%m:%> %/%R%x%# '\n"),
    mysql("mysql-plain", 80),
    mysql("mysql-user", 40, "\\u@\\h [\\d]> "),
    mysql("mysql-short", 120, "mysql> "),
]


def prepare(shell, folder):
    """Makes the home of a shell. Returns its command and environment."""
    home = folder + "/home"
    os.makedirs(home + "/work/sub-directory-one")
    os.makedirs(home + "/bin")
    for name in FILES:
        with open(f"{home}/work/{name}", "w") as file:
            file.write("text\n")
    for name, text in PROGRAMS.items():
        with open(f"{home}/bin/{name}", "w") as file:
            file.write(text)
        os.chmod(f"{home}/bin/{name}", stat.S_IRWXU)
    fill = {"home": home, "truth": folder + "/truth"}
    if shell.server:
        fill["server"], fill["notes"] = folder + "/server", make_notes(folder)
    for name, text in shell.files.items():
        os.makedirs(os.path.dirname(f"{home}/{name}"), exist_ok=True)
        with open(f"{home}/{name}", "w") as file:
            file.write(text)
    environment = {"HOME": home, "PATH": f"{home}/bin:/usr/bin:/bin:/usr/sbin:/sbin", "TERM": "xterm-256color",
                   "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "USER": "root", "SHELL": "/bin/sh",
                   "TRUTH": folder + "/truth"}
    for name, value in shell.environment.items():
        environment[name] = value.format(**fill)
    return [word.format(**fill) for word in shell.command], environment
