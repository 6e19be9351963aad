"""Servers that take mail: the product's own sandbox, and Postfix's `smtp-sink`."""

import contextlib
import os
import shutil
import signal
import socket
import statistics
import subprocess
import time

from . import child


class Server:
    """A server on loopback. When it is over, `usage` is what it took, and `taken` how many messages
    it says that it got, if it counts them."""

    def __init__(self, process, port):
        self.process = process
        self.port = port
        self.usage = None
        self.taken = None

    def stop(self):
        self.process.process.send_signal(signal.SIGTERM)
        self.usage = self.process.wait(expected=(0, -signal.SIGTERM))
        if told := self.process.process.stdout:
            self.taken = int(told.read().split()[1].replace(b",", b""))
            told.close()

    def seconds_a_reply(self, count=20):
        """How long a client waits for an answer, at the median."""
        with socket.create_connection(("127.0.0.1", self.port)) as stream:
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream.recv(1000)
            times = []
            for _ in range(count):
                begun = time.perf_counter()
                stream.sendall(b"NOOP\r\n")
                stream.recv(1000)
                times.append(time.perf_counter() - begun)
        return statistics.median(times)


@contextlib.contextmanager
def sandbox(announce, *options, port=0):
    """`announce sandbox`, which throws away what it takes."""
    listen = f"127.0.0.1:{port}"
    command = (announce, "sandbox", "--discard", "--listen", listen, *options)
    process = child.Child(*command, stdout=subprocess.PIPE)
    line = process.process.stdout.readline().decode()
    if not line.startswith("listening on "):
        process.wait()
    server = Server(process, int(line.rsplit(":", 1)[1]))
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def sink():
    """Postfix's `smtp-sink`, which may not run as root."""
    user = ("-u", "nobody") if os.geteuid() == 0 else ()
    port = _free_port()
    process = child.Child(program("smtp-sink"), *user, f"127.0.0.1:{port}", 1024)
    server = Server(process, port)
    try:
        _wait_for(port)
        yield server
    finally:
        server.stop()


def program(name):
    """Where a program of Postfix is, for whoever has no `sbin` in the path either."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait_for(port):
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.02)
    raise child.Failed(f"nothing listens on port {port}")
