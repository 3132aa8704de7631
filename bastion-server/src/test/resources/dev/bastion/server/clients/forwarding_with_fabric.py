"""Ports of both sides, and an agent that one host may use."""
import os
import subprocess
import time

from echoing import echoes, refuses
from fabric import Connection

data = open(os.environ["HERE"] + "/large", "rb").read()
login = {"key_filename": os.environ["KEY"], "allow_agent": False, "look_for_keys": False}
address = "@127.0.0.1:" + os.environ["PORT"]
echo, port = int(os.environ["ECHO_PORT"]), int(os.environ["FREE_PORT"])


def connect(user):
    return Connection(user + address, connect_kwargs=login, forward_agent=True)


def keys_seen_on(host):
    command = 'ssh-add -l; echo "socket=$SSH_AUTH_SOCK"'
    return host.run(command, hide=True, in_stream=False).stdout


with connect("alice+web1") as web1, connect("alice+web2") as web2:
    with web1.forward_local(port, echo):
        # The block begins before somebody listens.
        while refuses(port):
            time.sleep(0.05)
        # Either end of a connection ends all of it, bastion or not.
        assert echoes(port, data, half_close=False)
    with web1.forward_remote(port, echo):
        assert echoes(port, data, half_close=False)
    assert refuses(port)

    assert keys_seen_on(web1) == "socket=\n"
    own = subprocess.run(["ssh-add", "-l"], capture_output=True, text=True).stdout
    assert keys_seen_on(web2).startswith(own + "socket=/")
