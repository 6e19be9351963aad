"""What the scripts that need a foreign server share."""

import contextlib
import os
import socket
import subprocess
import time


class Missing(Exception):
    """A server cannot be had here."""


def not_tested(name, reason):
    """Says so, and returns whether that is a failure."""
    print(f"NOT TESTED against {name}: {reason}")
    return os.environ.get("CI") == "true"


def run(*command, **options):
    return subprocess.run([str(part) for part in command], text=True, capture_output=True, **options)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.05)
    raise Missing(f"nothing listens on {port}")
