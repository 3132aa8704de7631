"""Private servers for the prompts that need one, on a socket in a folder of their own, and what notes the lines that their
clients read."""
import glob
import os
import pwd
import shutil
import subprocess
import time

MAX_START = 60.0
POSTGRES = (sorted(glob.glob("/usr/lib/postgresql/*/bin")) or [os.path.dirname(shutil.which("postgres") or "/absent/x")])[-1]
TABLES = ("create table unique_orders (id int, name varchar(40));"
          "create table zz_first (id int);"
          "create table zz_second (id int);")

# What readline() gave to the program, each line ended by a zero byte. The program's own children know nothing of it.
NOTES = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int truth = -1;
__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("TRUTH");
    unsetenv("LD_PRELOAD");
    if (path) truth = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}
char *readline(const char *prompt) {
    char *(*real)(const char *) = (char *(*)(const char *))dlsym(RTLD_NEXT, "readline");
    char *line = real(prompt);
    if (line && truth >= 0 && write(truth, line, strlen(line) + 1) < 0) abort();
    return line;
}
"""


def make_notes(folder):
    """Compiles the library that is preloaded into a client. Returns its path."""
    with open(folder + "/notes.c", "w") as file:
        file.write(NOTES)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", folder + "/notes.so", folder + "/notes.c", "-ldl"], check=True)
    return folder + "/notes.so"


class Server:
    """A server of a database. It runs as nobody when the driver is root."""

    def __init__(self, folder):
        self.folder = folder + "/server"
        os.makedirs(self.folder)
        self.user = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            os.chmod(folder, 0o711)
        self.log = open(self.folder + ".log", "wb")
        self.environment = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": self.folder, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        self.process = None
        try:
            self.run(self.install())
            self.process = subprocess.Popen(self.serve(), **self.options())
            end = time.monotonic() + MAX_START
            while not os.path.exists(self.socket()) and self.process.poll() is None and time.monotonic() < end:
                time.sleep(.1)
            while self.fill().returncode and self.process.poll() is None and time.monotonic() < end:
                time.sleep(.3)
        except BaseException:
            self.close()
            raise

    def options(self):
        return {"cwd": self.folder, "env": self.environment, "stdin": subprocess.DEVNULL, "stdout": self.log,
                "stderr": self.log, "start_new_session": True, **self.user}

    def run(self, command):
        subprocess.run(command, check=True, **self.options())

    def ask(self, command, text):
        options = {**self.options(), "input": text.encode()}
        del options["stdin"]
        return subprocess.run(command, **options)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


class Postgres(Server):
    """Everybody is let in, but the role olga, who is asked for a password."""

    def install(self):
        return [POSTGRES + "/initdb", "-D", self.folder + "/data", "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8"]

    def serve(self):
        with open(self.folder + "/data/pg_hba.conf", "w") as file:
            file.write("local all olga scram-sha-256\nlocal all all trust\n")
        return [POSTGRES + "/postgres", "-D", self.folder + "/data", "-k", self.folder, "-c", "listen_addresses=", "-F"]

    def socket(self):
        return self.folder + "/.s.PGSQL.5432"

    def fill(self):
        return self.ask([POSTGRES + "/psql", "-X", "-q", "-h", self.folder, "-U", "postgres", "-v", "ON_ERROR_STOP=1",
                         "-1", "postgres"], TABLES + "create role olga login password 'x';")


class MariaDb(Server):
    """Everybody is let in, into the database shop."""

    def install(self):
        return ["mariadb-install-db", "--no-defaults", "--datadir=" + self.folder + "/data", "--skip-test-db",
                "--auth-root-authentication-method=normal"]

    def serve(self):
        return [shutil.which("mariadbd", path=self.environment["PATH"]) or "mariadbd", "--no-defaults", "--skip-networking",
                "--datadir=" + self.folder + "/data", "--socket=" + self.socket(), "--pid-file=" + self.folder + "/pid",
                "--innodb-buffer-pool-size=8M", "--performance-schema=off"]

    def socket(self):
        return self.folder + "/s"

    def fill(self):
        return self.ask(["mariadb", "--no-defaults", "-S", self.socket(), "-u", "root"],
                        "drop database if exists shop; create database shop; use shop;" + TABLES)
