"""What the scripts that send through another server, or another network, share."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time

SETTINGS = """
[sender]
name = "Example Group"
address = "news@group.example"
reply_to = "office@group.example"
postal_address = "1 Example Street, London"
timezone = "Europe/London"
language = "en-GB"

[smtp]
url = "smtp://127.0.0.1:{port}"
{more}

[lists]
members = {{ file = "lists/members.csv", title = "You are a member." }}

[unsubscribe]
mailto = "unsubscribe@group.example"
"""

DRAFT = """---
kind: letter
subject: A letter for {{first_name}}
preheader: What happened this month
lists: [members]
---
Dear {{first_name}},

Thank you for your support.
"""


class Missing(Exception):
    """A server cannot be had here."""


def not_tested(name, reason):
    """Says so, and returns whether that is a failure."""
    print(f"NOT TESTED against {name}: {reason}")
    return os.environ.get("CI") == "true"


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Missing(f"{program} is not installed")


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


def newsroom(source, folder):
    """A copy of the workspace in which the samples of 2016 lie ahead: 2044 has the same weekdays."""
    for name in ("drafts", "templates", "lists"):
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
    shutil.copy(source / "announce.toml", folder)
    for draft in (folder / "drafts").glob("*.md"):
        text = draft.read_text(encoding="utf-8")
        draft.write_text(text.replace("2016", "2044"), encoding="utf-8")
    return folder


class Newsroom:
    """A workspace with one letter to everybody; `more` are lines of `[smtp]`."""

    def __init__(self, announce, root, port, people, more=""):
        self.announce = announce
        self.root = root
        for name in ("drafts", "lists"):
            (root / name).mkdir(parents=True)
        (root / "announce.toml").write_text(SETTINGS.format(port=port, more=more))
        (root / "drafts/letter.md").write_text(DRAFT)
        rows = "".join(f"{person},Ann\n" for person in people)
        (root / "lists/members.csv").write_text(f"email,first_name\n{rows}")
        self.environment = {**os.environ, "XDG_STATE_HOME": str(root / "state")}

    def command(self, *arguments):
        return [str(self.announce), "-C", str(self.root), *arguments]

    def begin(self, *arguments):
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments, before=(), timeout=120):
        """`before` is a command that runs ours."""
        return run(*before, *self.command(*arguments), env=self.environment, timeout=timeout)

    def books(self):
        return json.loads(self.run("status", "letter", "--json").stdout)

    def log(self):
        shown = self.run("log", "letter", "--format", "jsonl", "--addresses")
        return [json.loads(line) for line in shown.stdout.splitlines()]


def note(key, what, happened):
    """Leaves a note for docs/reliability.md, as the tests do."""
    folder = os.environ.get("ANNOUNCE_RELIABILITY")
    if folder:
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        document = {"fault": key, "what": what, "happened": happened}
        (folder / f"{key}.json").write_text(json.dumps(document))
