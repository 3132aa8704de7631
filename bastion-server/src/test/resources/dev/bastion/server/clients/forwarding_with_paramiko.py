"""Connections both ways; an agent that one host may use; X11, which no host gets."""
import os
import subprocess
import threading

import paramiko
from echoing import echoes, refuses

data = open(os.environ["HERE"] + "/large", "rb").read()


def connect(user):
    client = paramiko.SSHClient()
    client.load_host_keys(os.environ["KNOWN"])
    port, key = int(os.environ["PORT"]), os.environ["KEY"]
    client.connect("127.0.0.1", port, user, key_filename=key, allow_agent=False)
    return client


def feed(channel):
    channel.sendall(data)
    channel.shutdown_write()


def send_back(channel):
    while piece := channel.recv(65536):
        channel.sendall(piece)
    channel.close()


web1 = connect("alice+web1")
transport = web1.get_transport()
echo = ("127.0.0.1", int(os.environ["ECHO_PORT"]))
local = transport.open_channel("direct-tcpip", echo, ("127.0.0.1", 0))
threading.Thread(target=feed, args=(local,)).start()
back = b""
while piece := local.recv(65536):
    back += piece
assert back == data
local.close()

port = transport.request_port_forward(
    "127.0.0.1", 0, lambda channel, *_: threading.Thread(target=send_back, args=(channel,)).start()
)
assert echoes(port, data)
transport.cancel_port_forward("127.0.0.1", port)
assert refuses(port)


def keys_seen_on(client):
    session = client.get_transport().open_session()
    handler = paramiko.agent.AgentRequestHandler(session)
    session.exec_command('ssh-add -l; echo "socket=$SSH_AUTH_SOCK"')
    said = session.makefile().read().decode()
    handler.close()
    return said


assert keys_seen_on(web1) == "socket=\n"
web2 = connect("alice+web2")
own = subprocess.run(["ssh-add", "-l"], capture_output=True, text=True).stdout
assert keys_seen_on(web2).startswith(own + "socket=/"), keys_seen_on(web2)
web2.close()

session = transport.open_session()
try:
    session.request_x11()
    raise AssertionError("X11 is forwarded")
except paramiko.SSHException:
    assert session.closed
assert web1.exec_command("echo still here")[1].read() == b"still here\n"
web1.close()
