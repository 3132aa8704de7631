"""exec with both streams, SFTP with prefetch and pipelining, a shell in a terminal."""
import os
import threading

import paramiko

here, there = os.environ["HERE"], os.environ["THERE"]
data = open(here + "/large", "rb").read()

client = paramiko.SSHClient()
client.load_host_keys(os.environ["KNOWN"])
client.connect(
    "127.0.0.1",
    int(os.environ["PORT"]),
    "alice+web1",
    key_filename=os.environ["KEY"],
    allow_agent=False,
    look_for_keys=False,
)


def feed(stream):
    stream.write(data)
    stream.channel.shutdown_write()


stdin, stdout, stderr = client.exec_command("cat; echo err >&2; exit 5")
threading.Thread(target=feed, args=(stdin,)).start()
assert stdout.read() == data
assert stderr.read() == b"err\n"
assert stdout.channel.recv_exit_status() == 5

sftp = client.open_sftp()
sftp.put(here + "/large", there + "/put")
sftp.get(there + "/put", here + "/got")
assert open(here + "/got", "rb").read() == data
with sftp.open(there + "/pipelined", "wb") as file:
    file.set_pipelined(True)
    for start in range(0, len(data), 10_000):
        file.write(data[start : start + 10_000])
with sftp.open(there + "/pipelined", "rb") as file:
    pieces = list(file.readv([(0, 100), (2_000_000, 70_000)]))
    assert pieces == [data[:100], data[2_000_000:2_070_000]]
sftp.posix_rename(there + "/pipelined", there + "/renamed")
assert sorted(sftp.listdir(there)) == ["put", "renamed"]
assert sftp.stat(there + "/renamed").st_size == len(data)

forwarded = client.get_transport().open_channel(
    "direct-tcpip", ("127.0.0.1", int(os.environ["WEB2_PORT"])), ("127.0.0.1", 0)
)
assert forwarded.recv(8) == b"SSH-2.0-"
forwarded.close()

shell = client.invoke_shell()
shell.send("echo shell-of-$RIG_HOST; exit 6\n")
shown = b""
while piece := shell.recv(1000):
    shown += piece
assert b"shell-of-web1" in shown, shown
assert shell.recv_exit_status() == 6
client.close()
