"""Programs that send the same number of bytes to the same number of people."""

import csv
import json
import pathlib
import subprocess
import sys
from dataclasses import dataclass

from . import child, servers

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


@dataclass
class Sent:
    """What it took to send so many messages. `sending` is the time from the first answer to the
    last, where that is known."""

    messages: int
    usage: child.Usage
    sending: float | None = None


class Tools:
    """What is run beside `announce`; what cannot be had is None, and is said loudly."""

    def __init__(self, target):
        self.announce = build(target, "--bin", "announce")
        self.lettre = build(target, "--bench", "lettre_pool")
        self.smtp_source = servers.program("smtp-source")
        self.smtp_sink = servers.program("smtp-sink")
        self.mailmerge = install_mailmerge(target)
        for name, hint in (
            ("smtp_source", "install Postfix (Debian: apt-get install postfix)"),
            ("smtp_sink", "install Postfix (Debian: apt-get install postfix)"),
            ("mailmerge", "it needs python3-venv and PyPI"),
        ):
            if getattr(self, name) is None:
                print(f"NOT MEASURED: {name.replace('_', '-')} is missing; {hint}", file=sys.stderr)


def build(target, kind, name):
    """Builds a program of this crate; returns where it is."""
    command = ["cargo", "build", "--release", "--locked", "--target-dir", str(target), kind, name]
    done = subprocess.run(
        [*command, "--message-format", "json"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        raise child.Failed(f"{' '.join(command)} ended {done.returncode}")
    built = (json.loads(line) for line in done.stdout.splitlines())
    (path,) = (
        message["executable"]
        for message in built
        if message.get("executable") and message["target"]["name"] == name
    )
    return path


def install_mailmerge(target):
    """Installs mailmerge into an environment of its own; None when that is not possible."""
    folder = pathlib.Path(target) / "mailmerge"
    program = folder / "bin/mailmerge"
    if not program.exists():
        for command in (
            (sys.executable, "-m", "venv", folder),
            (folder / "bin/python", "-m", "pip", "install", "-q", "mailmerge>=2,<3"),
        ):
            if subprocess.run([str(part) for part in command]).returncode != 0:
                return None
    return program


def announce(newsroom, port, connections):
    """Everything on: all copies checked first, private ledger, durable marks."""
    newsroom.forget()
    newsroom.settings(port, connections)
    usage = newsroom.run("send", "mail", "--yes")
    first, last, count = newsroom.sent_at()
    if count != newsroom.people:
        raise child.Failed(f"{count} of {newsroom.people} messages are in the log")
    return Sent(count, usage, last - first)


def smtp_source(tools, port, connections, messages, size, keep):
    """One message made of `X`, no list, no template, no record; a connection for each, or `keep`."""
    usage = child.run(
        tools.smtp_source, *(["-d"] if keep else []), "-s", connections, "-m", messages, "-l", size,
        "-f", "news@group.example", "-t", "ann@example.org", f"127.0.0.1:{port}",
    )  # fmt: skip
    return Sent(messages, usage)


def lettre(tools, port, connections, messages, size):
    """One message built beforehand, no list, no template, no record."""
    usage = child.run(tools.lettre, "127.0.0.1", port, connections, messages, size)
    return Sent(messages, usage)


def mailmerge(tools, folder, port, messages, size):
    """A list and a template, one connection after the other, no record."""
    folder = pathlib.Path(folder)
    header = "TO: {{email}}\nSUBJECT: A letter for {{first_name}}\nFROM: news@group.example\n\n"
    line = "Since {{first_name}} wrote to us from {{town}}, the group has met {{visits}} times.\n"
    written = len("Since Hye-jin wrote to us from London, the group has met 3 times.\n")
    (folder / "template.txt").write_text(header + line * (size // written))
    (folder / "server.conf").write_text(f"[smtp_server]\nhost = 127.0.0.1\nport = {port}\n")
    with open(folder / "people.csv", "w", newline="", encoding="utf-8") as people:
        rows = csv.writer(people)
        rows.writerow(("email", "first_name", "town", "visits"))
        rows.writerows(
            (f"p{number}@example.org", "Hye-jin", "London", 3) for number in range(messages)
        )
    usage = child.run(
        tools.mailmerge, "--no-dry-run", "--no-limit", "--output-format", "raw",
        "--template", "template.txt", "--database", "people.csv", "--config", "server.conf",
        cwd=folder,
    )  # fmt: skip
    return Sent(messages, usage)
