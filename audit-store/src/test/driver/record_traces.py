#!/usr/bin/env python3
"""Records traces of real shells: what was typed and shown, beside what the shell itself says it executed.

record_traces.py --out DIR [--seed N] [--scenarios N] [--only CONFIG,...] [--kinds KIND,...]

The format is that of docs/command-lines.md. The same seed types the same keys; when the shell answers is up to
the machine, so a trace is never the same twice.
"""
import argparse
import base64
import contextlib
import fcntl
import gzip
import json
import os
import pty
import random
import select
import signal
import struct
import sys
import tempfile
import termios
import time

from edits import scenarios_of
from secrets_typed import Heard
from shells import SHELLS, prepare

MAX_START = 20.0
MAX_WAIT = 3.0
IUTF8 = 0o40000


class Terminal:
    """A shell in a PTY, and the trace of it. A window is what happens between two calls of end_window."""

    def __init__(self, shell, folder, size):
        self.shell, self.size = shell, size
        self.events, self.windows = [], 0
        self.start = time.monotonic()
        self.last_output = self.start
        self.shown = b""
        command, environment = prepare(shell, folder)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(folder + "/home/work")
            time.sleep(0.05)
            os.execvpe(command[0], command, environment)
        modes = termios.tcgetattr(self.fd)
        modes[0] |= IUTF8
        termios.tcsetattr(self.fd, termios.TCSANOW, modes)
        self.resize(*size)
        self.truth = shell.truth(folder)
        self.home = folder + "/home"
        self.inside, self.modes_of = None, self.fd
        if shell.inside:
            self.await_inside(folder + "/truth.inside")

    def await_inside(self, path):
        while not (os.path.exists(path) and os.path.getsize(path)):
            self.read(0.05)
        pid, tty = open(path).read().split()
        self.inside, self.modes_of = int(pid), os.open(tty, os.O_RDONLY | os.O_NOCTTY)

    def shell_reads(self):
        """Whether the shell is what its terminal lets read."""
        if self.inside is None:
            return os.tcgetpgrp(self.fd) == self.shell.group(self.pid)
        with open(f"/proc/{self.inside}/stat") as file:
            group, _, _, foreground = file.read().rsplit(")", 1)[1].split()[2:6]
        return group == foreground

    def modes(self):
        return termios.tcgetattr(self.modes_of)[3]

    def add(self, direction, data):
        self.events.append({"t": round((time.monotonic() - self.start) * 1000, 2), "d": direction,
                            "b": base64.b64encode(data).decode()})

    def resize(self, columns, rows):
        self.size = (columns, rows)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.add("r", b"%dx%d" % (columns, rows))

    def read(self, seconds):
        """Reads what comes within this time. Answers what a terminal answers."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            ready = select.select([self.fd], [], [], max(0, left))[0]
            if not ready:
                return
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                raise SystemExit(f"{self.shell.name}: the shell has ended; it showed last: {self.shown[-400:]!r}")
            self.last_output = time.monotonic()
            self.add("o", data)
            self.shown = (self.shown + data)[-20000:]
            if b"\x1b[6n" in data:
                self.send(b"\x1b[1;1R")

    def send(self, data):
        data = data if isinstance(data, bytes) else data.encode()
        self.add("i", data)
        if b"\x03" in data and self.reads_line():
            self.truth.give_up()
        while data:
            data = data[os.write(self.fd, data[:512]):]

    def pause(self, milliseconds):
        self.read(milliseconds / 1000)

    def quiet(self, milliseconds=60, at_most=MAX_WAIT):
        """Until nothing came for a while."""
        end = time.monotonic() + at_most
        while time.monotonic() < end:
            self.read(0.01)
            if time.monotonic() - self.last_output >= milliseconds / 1000:
                return

    def await_prompt(self, milliseconds=60):
        """Until the shell says that it reads a line: its foreground group is the terminal's, and it is quiet."""
        end = time.monotonic() + MAX_WAIT
        while time.monotonic() < end:
            self.quiet(milliseconds, 1)
            try:
                if self.shell_reads():
                    return True
            except OSError:
                return False
        return False

    def await_shown_prompt(self):
        """Until the shell has caught up with what was typed ahead."""
        end = time.monotonic() + MAX_WAIT
        while time.monotonic() < end and not self.shell.at_prompt(self.shown):
            self.quiet(60, 1)

    def await_program(self, milliseconds=60):
        """Until a program of the shell has the terminal, and is quiet."""
        end = time.monotonic() + MAX_WAIT
        while time.monotonic() < end and self.shell_reads():
            self.read(0.01)
        self.quiet(milliseconds)

    def is_silent(self):
        """Whether something reads that does not echo, and it is no line editor."""
        modes = self.modes()
        return not modes & termios.ECHO and (not self.shell_reads() or bool(modes & termios.ICANON))

    def reads_line(self):
        """Whether the shell's editor has the terminal."""
        return self.shell_reads() and not self.modes() & termios.ICANON

    def await_silence(self):
        end = time.monotonic() + MAX_WAIT
        while time.monotonic() < end and not self.is_silent():
            self.read(0.01)
        self.quiet(40)

    def await_text(self, text, at_most=MAX_WAIT):
        end = time.monotonic() + at_most
        while text not in self.shown and time.monotonic() < end:
            self.read(0.01)
        return text in self.shown

    def end_window(self, kind, secrets=(), visible=()):
        truth = [line for line in self.truth() if self.shell.language != "python" or line not in visible]
        # What the shell itself got was shown: the program that should have asked had ended, or never began.
        secrets = [text for text in secrets if not any(text in line for line in truth)]
        self.events.append({"d": "m", "cat": kind, "truth": truth, "secrets": secrets,
                            "visible": list(visible), "inputs": list(visible)})
        self.windows += 1

    def close(self):
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    ours = f"HOME={self.home}\0".encode() in file.read()
                if ours or os.getsid(int(name)) == self.pid:
                    os.kill(int(name), signal.SIGKILL)
            except (ProcessLookupError, FileNotFoundError, PermissionError):
                pass
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def leave(terminal):
    """Ends a program that a line from history has started."""
    for keys in ("q", "\x03", "\x1b:q!\r", "\x04"):
        terminal.send(keys)
        terminal.pause(100)
        if terminal.await_prompt(90):
            break
    terminal.end_window("noop")


def recover(terminal):
    """Back to the prompt, out of a statement or of what a line from history asks."""
    for keys in ("\x03\x03", "q\x03\x03"):
        for key in keys:
            terminal.pause(90)
            terminal.send(key)
        terminal.await_prompt(90)
        if terminal.shell.at_prompt(terminal.shown):
            break
    terminal.end_window("noop")


def record(shell, seed, count, kinds, out):
    rng = random.Random(f"{seed} {shell.name}")
    with tempfile.TemporaryDirectory(prefix="trace-") as folder, contextlib.ExitStack() as ends:
        if shell.server:
            ends.callback(shell.server(folder).close)
        terminal = Terminal(shell, folder, (shell.columns, 24))
        try:
            while not shell.at_prompt(terminal.shown) and time.monotonic() - terminal.start < MAX_START:
                terminal.pause(100)
            terminal.pause(1500)
            for kind, scenario in scenarios_of(shell, rng, count, kinds):
                try:
                    outcome = scenario(terminal, rng) or {}
                except Heard:
                    outcome = {}
                back = terminal.await_prompt(rng.choice((60, 60, 90)))
                if back:
                    terminal.await_shown_prompt()
                terminal.end_window(kind, **outcome)
                if not back:
                    leave(terminal)
                if terminal.size != (shell.columns, 24):
                    terminal.pause(90)
                    terminal.resize(shell.columns, 24)
                    terminal.quiet(60)
                    terminal.end_window("noop")
                if shell.recovers and not shell.at_prompt(terminal.shown):
                    recover(terminal)
            terminal.pause(300)
            terminal.end_window("noop")
        finally:
            terminal.close()
    name = f"{out}/{shell.name}-{shell.columns}.jsonl.gz"
    with gzip.open(name, "wt") as file:
        for event in terminal.events:
            file.write(json.dumps(event) + "\n")
    print(f"{name}: {sum(len(e['truth']) for e in terminal.events if e['d'] == 'm')} commands", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenarios", type=int, default=100)
    parser.add_argument("--only", default="")
    parser.add_argument("--kinds", default="")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    only = set(filter(None, options.only.split(",")))
    kinds = set(filter(None, options.kinds.split(",")))
    unknown = only - {shell.name for shell in SHELLS}
    if unknown:
        raise SystemExit("unknown: " + " ".join(unknown) + "; known: " + " ".join(s.name for s in SHELLS))
    running, failed = set(), 0
    for shell in SHELLS:
        if only and shell.name not in only or not only and not shell.is_here():
            continue
        if len(running) == options.jobs:
            child, status = os.wait()
            running.discard(child)
            failed += status != 0
        child = os.fork()
        if child == 0:
            record(shell, options.seed, options.scenarios, kinds, options.out)
            os._exit(0)
        running.add(child)
    for child in running:
        failed += os.waitpid(child, 0)[1] != 0
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
