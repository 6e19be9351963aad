#!/usr/bin/env python3
"""Receives mail with aiosmtpd, an SMTP server that is not ours.

usage: tests/foreign/receive.py FOLDER

Listens on a free port of 127.0.0.1, prints the port and serves until it is terminated. Each
message becomes FOLDER/NNNN.eml as it came in, below one header line for its return path and one
for each recipient: X-Mail-Args and X-Rcpt-Args, the names that smtp-sink gives them.
"""

import asyncio
import itertools
import pathlib
import signal
import sys

from aiosmtpd.smtp import SMTP


class Keep:
    """A handler that writes messages to a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.numbers = itertools.count(1)

    async def handle_DATA(self, _server, _session, envelope):
        lines = [f"X-Mail-Args: <{envelope.mail_from}>\r\n"]
        lines += [f"X-Rcpt-Args: <{recipient}>\r\n" for recipient in envelope.rcpt_tos]
        path = self.folder / f"{next(self.numbers):04}.eml"
        path.write_bytes("".join(lines).encode() + envelope.original_content)
        return "250 2.0.0 kept"


async def serve(folder):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    handler = Keep(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True), "127.0.0.1", 0
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    asyncio.run(serve(pathlib.Path(sys.argv[1])))
