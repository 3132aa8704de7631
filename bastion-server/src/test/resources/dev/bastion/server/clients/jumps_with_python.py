"""A command and a file on web1, with the bastion as the jump, by each of the three."""
import asyncio
import os

import asyncssh
import fabric
import paramiko

here, there = os.environ["HERE"], os.environ["THERE"]
port, user, key = int(os.environ["PORT"]), os.environ["LOGIN"], os.environ["KEY"]
login = {"key_filename": key, "allow_agent": False, "look_for_keys": False}


def with_paramiko():
    def client():
        made = paramiko.SSHClient()
        made.load_host_keys(here + "/known")
        return made

    with client() as bastion, client() as web1:
        bastion.connect("127.0.0.1", port, "alice", **login)
        jump = bastion.get_transport().open_channel("direct-tcpip", ("web1", 22), ("127.0.0.1", 0))
        web1.connect("web1", 22, user, sock=jump, **login)
        output = web1.exec_command("echo paramiko on $RIG_HOST; exit 3")[1]
        assert output.read() == b"paramiko on web1\n"
        assert output.channel.recv_exit_status() == 3
        web1.open_sftp().put(here + "/large", there + "/paramiko")


def with_fabric():
    bastion = fabric.Connection(f"alice@127.0.0.1:{port}", connect_kwargs=login)
    with fabric.Connection(f"{user}@web1", gateway=bastion, connect_kwargs=login) as web1:
        command = "echo fabric on $RIG_HOST; exit 3"
        result = web1.run(command, hide=True, warn=True, in_stream=False)
        assert (result.stdout, result.exited) == ("fabric on web1\n", 3)
        web1.put(here + "/large", there + "/fabric")
    bastion.close()


async def with_asyncssh():
    options = {"client_keys": [key], "known_hosts": here + "/known", "config": None}
    async with asyncssh.connect("127.0.0.1", port, username="alice", **options) as bastion:
        async with asyncssh.connect("web1", tunnel=bastion, username=user, **options) as web1:
            result = await web1.run("echo asyncssh on $RIG_HOST; exit 3")
            assert (result.stdout, result.exit_status) == ("asyncssh on web1\n", 3)
            async with web1.start_sftp_client() as sftp:
                await sftp.put(here + "/large", there + "/asyncssh")


with_paramiko()
with_fabric()
asyncio.run(with_asyncssh())
