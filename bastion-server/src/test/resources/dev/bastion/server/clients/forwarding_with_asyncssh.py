"""Ports of both sides and a SOCKS proxy; an agent that one host may use; X11, which no host gets."""
import asyncio
import os
import subprocess

import asyncssh
from echoing import echoes, refuses

data = open(os.environ["HERE"] + "/large", "rb").read()
echo = int(os.environ["ECHO_PORT"])


def connect(user):
    return asyncssh.connect(
        "127.0.0.1",
        int(os.environ["PORT"]),
        username=user,
        client_keys=[os.environ["KEY"]],
        known_hosts=os.environ["KNOWN"],
        agent_path=os.environ["SSH_AUTH_SOCK"],
        agent_forwarding=True,
        config=None,
    )


async def keys_seen_on(host):
    return (await host.run('ssh-add -l; echo "socket=$SSH_AUTH_SOCK"')).stdout


async def main():
    async with connect("alice+web1") as web1, connect("alice+web2") as web2:
        listener = await web1.forward_local_port("127.0.0.1", 0, "127.0.0.1", echo)
        assert await asyncio.to_thread(echoes, listener.get_port(), data)
        listener = await web1.forward_socks("127.0.0.1", 0)
        assert await asyncio.to_thread(echoes, echo, data[1:], listener.get_port())
        listener = await web1.forward_remote_port("127.0.0.1", 0, "127.0.0.1", echo)
        assert await asyncio.to_thread(echoes, listener.get_port(), data)
        listener.close()
        await listener.wait_closed()
        assert refuses(listener.get_port())

        assert await keys_seen_on(web1) == "socket=\n"
        own = subprocess.run(["ssh-add", "-l"], capture_output=True, text=True).stdout
        assert (await keys_seen_on(web2)).startswith(own + "socket=/")

        display = {"x11_display": "localhost:77", "x11_forwarding": True}
        try:
            await web1.run("echo $DISPLAY", **display)
            raise AssertionError("X11 is forwarded")
        except asyncssh.ChannelOpenError as failed:
            assert failed.reason == "X11 forwarding request failed"
        display["x11_forwarding"] = "ignore_failure"
        assert (await web1.run("echo on=$DISPLAY=", **display)).stdout == "on==\n"


asyncio.run(main())
