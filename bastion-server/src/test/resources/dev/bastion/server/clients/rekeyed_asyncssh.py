"""Much both ways; says on standard output what is logged of key exchanges."""
import asyncio
import logging
import os
import sys

import asyncssh

logging.basicConfig(stream=sys.stdout, level=logging.DEBUG)
asyncssh.set_debug_level(2)
data = open(os.environ["HERE"] + "/large", "rb").read()


async def main():
    async with asyncssh.connect(
        "127.0.0.1",
        int(os.environ["PORT"]),
        username="alice+web1",
        client_keys=[os.environ["KEY"]],
        known_hosts=os.environ["KNOWN"],
        config=None,
    ) as connection:
        async with connection.create_process("cat", encoding=None) as process:
            process.stdin.write(data)
            process.stdin.write_eof()
            assert await process.stdout.read() == data


asyncio.run(main())
