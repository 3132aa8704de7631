"""How commands end as a client has it, a line each: CLIENT PORT USER KEY KNOWN COMMAND…"""
import asyncio
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import asyncssh
import fabric
import paramiko

client, port, user, key, known, *commands = sys.argv[1:]
login = {"key_filename": key, "allow_agent": False, "look_for_keys": False}


def by_program(*words):
    def run(command):
        return subprocess.run([*words, command], stdin=subprocess.DEVNULL, capture_output=True)

    with ThreadPoolExecutor(4) as pool:
        return [result.returncode for result in pool.map(run, commands)]


def by_plink():
    subprocess.run(["puttygen", key, "-O", "private", "-o", "key.ppk"], check=True)
    shown = subprocess.run(["ssh-keygen", "-lf", known], capture_output=True, text=True).stdout
    key_of_host = shown.split()[1]
    return by_program(
        *["plink", "-batch", "-hostkey", key_of_host, "-i", "key.ppk", "-P", port],
        *["-l", user, "127.0.0.1"],
    )


def by_dbclient():
    subprocess.run(["dropbearconvert", "openssh", "dropbear", key, "key.db"], check=True)
    return by_program("dbclient", "-y", "-y", "-i", "key.db", "-p", port, "-l", user, "127.0.0.1")


def by_paramiko():
    with paramiko.SSHClient() as host:
        host.load_host_keys(known)
        host.connect("127.0.0.1", int(port), user, **login)
        outputs = [host.exec_command(command)[1] for command in commands]
        return [output.channel.recv_exit_status() for output in outputs]


def by_fabric():
    with fabric.Connection(f"{user}@127.0.0.1:{port}", connect_kwargs=login) as host:
        options = {"hide": True, "warn": True, "in_stream": False}
        return [host.run(command, **options).exited for command in commands]


async def by_asyncssh():
    options = {"client_keys": [key], "known_hosts": known, "config": None}
    async with asyncssh.connect("127.0.0.1", int(port), username=user, **options) as host:
        results = [await host.run(command) for command in commands]
        return [result.exit_signal or result.exit_status for result in results]


ends = asyncio.run(by_asyncssh()) if client == "asyncssh" else globals()["by_" + client]()
print(*ends, sep="\n")
