"""A tree of odd files there and back, by each of the three."""
import asyncio
import os

import asyncssh
import paramiko
from fabric import Connection

here, there = os.fsencode(os.environ["HERE"]), os.fsencode(os.environ["THERE"])
port, key = int(os.environ["PORT"]), os.environ["KEY"]
login = {"key_filename": key, "allow_agent": False, "look_for_keys": False}
os.chdir(here)
folders = [b"tree", b"tree/sub dir", b"tree/sub dir/deep"]
files = [os.path.join(folder, name) for folder in folders for name in os.listdir(folder)]
files = [file for file in files if os.path.isfile(file)]

# paramiko takes names in bytes, and lists only what is UTF-8.
with paramiko.SSHClient() as client:
    client.load_host_keys(os.environ["KNOWN"])
    client.connect("127.0.0.1", port, "alice+web1", **login)
    with client.open_sftp() as sftp:
        for folder in folders:
            sftp.mkdir(there + b"/paramiko-" + folder)
            os.mkdir(b"paramiko-" + folder)
        for file in files:
            sftp.put(file, there + b"/paramiko-" + file)
            sftp.get(there + b"/paramiko-" + file, b"paramiko-" + file)

# Fabric takes texts, and makes no folders.
with Connection(f"alice+web1@127.0.0.1:{port}", connect_kwargs=login) as host:
    host.run(f"mkdir -p '{os.fsdecode(there)}/fabric-tree/sub dir/deep'", in_stream=False)
    for folder in folders:
        os.mkdir(b"fabric-" + folder)
    for file in files:
        if b"\xff" not in file:
            name = "fabric-" + file.decode()
            host.put(file.decode(), os.fsdecode(there) + "/" + name)
            host.get(os.fsdecode(there) + "/" + name, name)


async def by_asyncssh():
    async with asyncssh.connect(
        "127.0.0.1",
        port,
        username="alice+web1",
        client_keys=[key],
        known_hosts=os.environ["KNOWN"],
        config=None,
    ) as host:
        async with host.start_sftp_client() as sftp:
            await sftp.put(b"tree", there + b"/asyncssh-tree", recurse=True, preserve=True)
            await sftp.get(there + b"/asyncssh-tree", b"asyncssh-tree", recurse=True, preserve=True)
        os.remove(b"tree/new\nline")
        await asyncssh.scp(b"tree", (host, there + b"/old-tree"), recurse=True, preserve=True)
        await asyncssh.scp((host, there + b"/old-tree"), b"old-tree", recurse=True, preserve=True)


asyncio.run(by_asyncssh())
