"""Names that are not UTF-8, by Fabric: what it takes, what it does not, and the way around."""
import os

from fabric import Connection

here, there = os.environ["HERE"], os.environ["THERE"]
login = {"key_filename": os.environ["KEY"], "allow_agent": False, "look_for_keys": False}
name = b"not\xffutf8"
odd = os.fsdecode(name)
os.rename(here + "/large", here + "/" + odd)


def fails(failure, does):
    try:
        does()
    except failure:
        return
    raise AssertionError(f"no {failure.__name__}")


with Connection("alice+web1@127.0.0.1:" + os.environ["PORT"], connect_kwargs=login) as web1:
    # A file here may have such a name, one there may not: as text, as bytes, or taken from here.
    web1.put(here + "/" + odd, there + "/put")
    fails(UnicodeEncodeError, lambda: web1.put(here + "/" + odd, there + "/" + odd))
    fails(TypeError, lambda: web1.put(here + "/" + odd, os.fsencode(there) + b"/" + name))
    fails(UnicodeEncodeError, lambda: web1.put(here + "/" + odd, there))
    # What Fabric stands on takes bytes.
    web1.sftp().put(here + "/" + odd, os.fsencode(there) + b"/" + name)
    fails(UnicodeEncodeError, lambda: web1.get(there + "/" + odd, here + "/got"))
    fails(TypeError, lambda: web1.get(os.fsencode(there) + b"/" + name, here + "/got"))
    web1.sftp().get(os.fsencode(there) + b"/" + name, here + "/got")
    web1.get(there + "/put", here + "/got-" + odd)

for got in [here + "/got", here + "/got-" + odd]:
    assert open(got, "rb").read() == open(here + "/" + odd, "rb").read()
