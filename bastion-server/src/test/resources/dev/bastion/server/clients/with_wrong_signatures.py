"""The user's own key, with a signature by somebody who does not have it."""
import os

import paramiko

address = ("127.0.0.1", int(os.environ["PORT"]))


class Forged(paramiko.RSAKey):
    """Claims the public half of another key, and signs with its own."""

    def __init__(self, claimed):
        super().__init__(key=paramiko.RSAKey.generate(2048).key)
        self.claimed = claimed

    def get_name(self):
        return self.claimed.get_name()

    def asbytes(self):
        return self.claimed.asbytes()

    def sign_ssh_data(self, data, algorithm=None):
        message = paramiko.Message()
        message.add_string(self.claimed.get_name())
        message.add_string(b"\x01" * 64)
        return message


transport = paramiko.Transport(address)
transport.start_client()
claimed = paramiko.Ed25519Key.from_private_key_file(os.environ["KEY"])
try:
    transport.auth_publickey("alice+web1", Forged(claimed))
    raise SystemExit("a forged signature was taken")
except paramiko.SSHException:
    pass
transport.close()
