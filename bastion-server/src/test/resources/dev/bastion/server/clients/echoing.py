"""Bytes to an echo server and back, over what the clients forward."""
import socket
import threading


def echoes(port, data, socks=None, half_close=True):
    """Whether the port sends the bytes back, over a SOCKS proxy if there is one."""
    with socket.create_connection(("127.0.0.1", socks or port), 20) as connection:
        if socks:
            connection.sendall(b"\5\1\0")
            assert connection.recv(2) == b"\5\0"
            connection.sendall(b"\5\1\0\1\x7f\0\0\1" + port.to_bytes(2, "big"))
            assert connection.recv(10)[:2] == b"\5\0"

        def feed():
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)

        threading.Thread(target=feed).start()
        back = b""
        while half_close or len(back) < len(data):
            piece = connection.recv(65536)
            if not piece:
                break
            back += piece
    return back == data


def refuses(port):
    """Whether nobody listens there."""
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", port)) != 0
