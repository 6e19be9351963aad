"""How long it takes to begin: section `start`."""

import os
import pathlib
import statistics
import subprocess
import sys
import time

from . import child, newsroom, servers

HELLO = 'fn main() {\n    println!("hello");\n}\n'


def measure(tools, target, quick):
    """Milliseconds of each command, at the median, each in its turn."""
    with newsroom.opened(tools.announce, 3, 2) as room:
        with servers.sandbox(tools.announce) as server:
            room.settings(server.port)
            room.run("send", "mail", "--yes")
        commands = {
            "a program that prints a line": [_hello(target)],
            "`announce --help`": [tools.announce, "--help"],
            "`announce status`": room.command("status"),
        }
        if tools.mailmerge:
            commands["`mailmerge --help`"] = [tools.mailmerge, "--help"]
        taken = {what: [] for what in commands}
        for _ in range(5 if quick else 50):
            for what, command in commands.items():
                taken[what].append(_seconds([str(part) for part in command], room.environment))
    rows = [{"what": what, "ms": statistics.median(times) * 1000} for what, times in taken.items()]
    for row in rows:
        print("  {what}: {ms:.1f} ms".format(**row), file=sys.stderr)
    return rows


def _seconds(command, environment):
    """One run, started with as little ado as possible."""
    quiet = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    begun = time.perf_counter()
    pid = os.posix_spawn(command[0], command, environment, file_actions=quiet)
    _, status = os.waitpid(pid, 0)
    seconds = time.perf_counter() - begun
    if status != 0:
        raise child.Failed(f"{' '.join(command)} failed")
    return seconds


def _hello(target):
    """The least that a Rust program can do."""
    source = pathlib.Path(target) / "hello.rs"
    program = source.with_suffix("")
    source.write_text(HELLO)
    subprocess.run(["rustc", "-O", "-o", program, source], check=True)
    return program
