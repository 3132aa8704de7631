"""Thirty commands at once, SFTP and a forwarded port, all over one connection."""
import asyncio
import os

import asyncssh

here, there = os.environ["HERE"], os.environ["THERE"]


async def main():
    async with asyncssh.connect(
        "127.0.0.1",
        int(os.environ["PORT"]),
        username="alice+web1",
        client_keys=[os.environ["KEY"]],
        known_hosts=os.environ["KNOWN"],
        config=None,
    ) as connection:
        commands = [connection.run(f"sleep 0.5; echo session {n}; exit {n}") for n in range(30)]
        results = await asyncio.gather(*commands)
        said = [(result.stdout, result.exit_status) for result in results]
        assert said == [(f"session {n}\n", n) for n in range(30)], said

        async with connection.start_sftp_client() as sftp:
            await sftp.put(here + "/large", there + "/put")
            await sftp.get(there + "/put", here + "/got")
        data = open(here + "/large", "rb").read()
        assert open(here + "/got", "rb").read() == data

        async with connection.create_process("cat", encoding=None) as process:
            process.stdin.write(data)
            process.stdin.write_eof()
            assert await process.stdout.read() == data

        port = int(os.environ["WEB2_PORT"])
        listener = await connection.forward_local_port("127.0.0.1", 0, "127.0.0.1", port)
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.get_port())
        assert (await reader.readline()).startswith(b"SSH-2.0-")
        writer.close()

        await asyncssh.scp(here + "/large", (connection, there + "/scp"))
        await asyncssh.scp((connection, there + "/scp"), here + "/by-scp")
        assert open(here + "/by-scp", "rb").read() == data

        async with connection.create_process(term_type="xterm", term_size=(80, 24)) as shell:
            shell.stdin.write("echo shell-of-$RIG_HOST; exit 6\n")
            shown = await shell.stdout.read()
            assert "shell-of-web1" in shown, shown
            assert (await shell.wait()).exit_status == 6

        try:
            await connection.open_connection("127.0.0.1", int(os.environ["CLOSED_PORT"]))
            raise AssertionError("nobody listens there")
        except asyncssh.ChannelOpenError as refused:
            assert "refused" in refused.reason.lower(), refused.reason
        assert (await connection.run("echo still here")).stdout == "still here\n"


asyncio.run(main())
