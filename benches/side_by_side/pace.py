"""The pace, measured where it matters: at the server. Section `pace`, and `.ci/pace`."""

import asyncio
import gc
import sys
import threading
import time

from . import newsroom

REPLIES = {
    b"EHLO": b"250-localhost\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 bye\r\n",
}

LIMITS = (1, 50, 500, 2_000)
CONNECTIONS = (1, 4, 16)
SECONDS = 10

# What may be caught up at once, in seconds' worth.
BURST = 0.005


class Watcher:
    """A server of our own that takes every message and notes when: `begun` at each MAIL, `accepted`
    at each final dot. Its thread does nothing else."""

    def __init__(self, port=0):
        self.begun = []
        self.accepted = []
        self.first = threading.Event()
        self.loop = asyncio.new_event_loop()
        opening = self.loop.create_server(lambda: Conversation(self), "127.0.0.1", port)
        self.listening = self.loop.run_until_complete(opening)
        self.port = self.listening.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    def __enter__(self):
        # A collection in the middle would be measured too.
        gc.disable()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.listening.close()
        self.loop.close()
        gc.enable()


class Conversation(asyncio.Protocol):
    """One connection of a watcher."""

    def __init__(self, watcher):
        self.watcher = watcher
        self.unread = b""
        self.in_body = False

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"220 localhost ESMTP\r\n")

    def data_received(self, data):
        now = time.perf_counter()
        unread, replies, verb = self.unread + data, [], b""
        while True:
            end = b"\r\n.\r\n" if self.in_body else b"\r\n"
            head, found, rest = unread.partition(end)
            if not found:
                break
            unread = rest
            if self.in_body:
                self.watcher.accepted.append(now)
                self.in_body = False
                replies.append(b"250 2.0.0 taken\r\n")
                continue
            verb = head[:4].upper()
            if verb == b"MAIL":
                self.watcher.begun.append(now)
                self.watcher.first.set()
            self.in_body = verb == b"DATA"
            replies.append(REPLIES.get(verb, b"250 ok\r\n"))
        self.unread = unread
        self.transport.write(b"".join(replies))
        if verb == b"QUIT":
            self.transport.close()


def send(room, limit, connections, port):
    """Sends to everybody of a newsroom, at most so fast; fails when the command does."""
    room.forget()
    room.settings(port, connections, [limit])
    return room.run("send", "mail", "--yes")


def fullest(times, window):
    """The most acceptances within any such window."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= window:
            first += 1
        most = max(most, last - first + 1)
    return most


def most_a_second(limit):
    """The limit, and what may be caught up at once."""
    return limit + max(1, limit * BURST)


def measure(tools, quick):
    """The rows of the section."""
    rows = []
    for limit in (50, 500) if quick else LIMITS:
        people = max(10, limit * (1 if quick else SECONDS))
        with newsroom.opened(tools.announce, people, 2) as room:
            for connections in (4,) if quick else CONNECTIONS:
                with Watcher() as server:
                    send(room, f"{limit}/s", connections, server.port)
                rows.append(_row(limit, connections, server))
                print(
                    "  {limit}/s over {connections}: {error:+.2%}".format(**rows[-1]),
                    file=sys.stderr,
                )
    return rows


def _row(limit, connections, server):
    times = server.accepted
    rate = (len(times) - 1) / (times[-1] - times[0])
    return {
        "limit": limit,
        "connections": connections,
        "messages": len(times),
        "error": rate / limit - 1,
        "fullest_second": {"begun": fullest(server.begun, 1), "accepted": fullest(times, 1)},
        "fullest_5_ms": {"begun": fullest(server.begun, BURST), "accepted": fullest(times, BURST)},
    }
