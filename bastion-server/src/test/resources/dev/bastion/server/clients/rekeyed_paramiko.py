"""Much both ways; says on standard output what is logged of key exchanges."""
import logging
import os
import sys
import threading

import paramiko

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG)
data = open(os.environ["HERE"] + "/large", "rb").read()

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


stdin, stdout, _ = client.exec_command("cat")
threading.Thread(target=feed, args=(stdin,)).start()
assert stdout.read() == data
client.close()
