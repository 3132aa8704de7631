"""Commands, files and a terminal; a command on two hosts at once."""
import io
import os

from fabric import Connection, ThreadingGroup

here, there = os.environ["HERE"], os.environ["THERE"]
login = {"key_filename": os.environ["KEY"], "allow_agent": False, "look_for_keys": False}
address = "@127.0.0.1:" + os.environ["PORT"]

with Connection("alice+web1" + address, connect_kwargs=login) as web1:
    assert web1.run("cat", in_stream=io.StringIO("fed"), hide=True).stdout == "fed"
    assert web1.run("tty", pty=True, hide=True, in_stream=False).stdout.startswith("/dev/pts/")
    web1.put(here + "/large", there + "/put")
    web1.get(there + "/put", here + "/got")
    assert open(here + "/got", "rb").read() == open(here + "/large", "rb").read()

hosts = ["alice+web1" + address, "alice%web2" + address]
with ThreadingGroup(*hosts, connect_kwargs=login) as both:
    results = both.run(
        "echo fabric-on-$RIG_HOST; exit 3", hide=True, warn=True, in_stream=False
    )
    said = sorted((result.stdout, result.exited) for result in results.values())
    assert said == [("fabric-on-web1\n", 3), ("fabric-on-web2\n", 3)], said
