"""A tree of odd files there and back by one curl each, whose addresses have every byte escaped."""
import os
import subprocess

here, there = os.fsencode(os.environ["HERE"]), os.fsencode(os.environ["THERE"])
url = f"sftp://alice+web1@127.0.0.1:{os.environ['PORT']}".encode()
key = os.environ["KEY"]
fetch = ["curl", "-sSg", "--ftp-create-dirs", "--create-dirs", "--key", key, "--pubkey", key + ".pub"]
fetch += ["--hostpubsha256", os.environ["FINGERPRINT"].removeprefix("SHA256:")]
os.chdir(here + b"/tree")
puts, gets = [], []
for folder, _, names in os.walk(b"."):
    for name in names:
        file = folder[2:] + b"/" + name if folder != b"." else name
        path = there + b"/copy/" + file
        address = url + b"".join(b"/" if byte == 47 else b"%%%02x" % byte for byte in path)
        puts += [b"-T", b"./" + file, address]
        gets += [address, b"-o", here + b"/back/" + file]
subprocess.run(fetch + puts, check=True)
subprocess.run(fetch + gets, check=True)
