"""Workspaces of `announce`, as large as is asked for."""

import contextlib
import datetime
import json
import os
import pathlib
import shutil
import tempfile

from . import child

SETTINGS = """\
[sender]
name = "Example Group"
address = "news@group.example"
reply_to = "office@group.example"
postal_address = "1 Example Street, London"
timezone = "Europe/London"
language = "en-GB"

[smtp]
url = "{url}"
connections = {connections}
messages_per_connection = 100000

[pace]
limit = {limit}

[lists]
crowd = {{ file = "lists/crowd.csv", title = "You get this as a member of the Example Group." }}

[unsubscribe]
mailto = "unsubscribe@group.example"
"""

DRAFT = """\
---
kind: {kind}
subject: A letter for {{{{first_name}}}}
preheader: What happened this month, and what comes next
lists: [crowd]
---
Dear {{{{first_name}}}},

"""

PARAGRAPH = """\
Since **{{first_name}}** wrote to us from {{town}}, the group has met {{visits}} times. Each meeting
began with a report of those who had travelled, went on with [a talk](https://group.example/talks),
and ended with questions – more of them than the evening could hold. Who could not be there finds
the notes on our pages; who would like to speak next time is asked to tell the office by Friday.

"""

# A kind with no more around its text than the checks ask for: the built-in ones alone are larger
# than 2 KB.
LANGUAGE = 'lang="{{draft.language}}" dir="{{draft.dir}}"'
BARE = {
    "templates/layout.html.hbs": f"""<html {LANGUAGE}>
<body><div {LANGUAGE}>{{{{{{content}}}}}}
{{{{sender.postal_address}}}} <a href="{{{{links.unsubscribe}}}}">Unsubscribe</a></div></body></html>
""",
    "templates/layout.text.hbs": "{{{content}}}\n{{sender.postal_address}}\n{{links.unsubscribe}}\n",
    "templates/bare/kind.toml": 'description = "nothing but text"\n',
    "templates/bare/draft.md": DRAFT.format(kind="bare"),
    "templates/bare/html.hbs": "{{{body}}}\n",
    "templates/bare/text.hbs": "{{{body}}}\n",
}

FIRST_NAMES = ("Ann", "Bob", "Cho", "Dilan", "Éva", "Fiona", "Goran", "Hye-jin")
TOWNS = ("London", "Seoul", "Leeds", "Kyiv", "Pécs", "Tunis", "Oslo")


class Newsroom:
    """A workspace with one draft for so many people, in paragraphs that make a size on the wire."""

    def __init__(self, announce, root, people, kilobytes):
        self.announce = announce
        self.root = pathlib.Path(root)
        self.people = people
        self.environment = {**os.environ, "XDG_STATE_HOME": str(self.root / "state")}
        kind = "bare" if kilobytes < 10 else "letter"
        self._write(
            "lists/crowd.csv", "email,first_name,town,visits\nann@example.org,Ann,Leeds,3\n"
        )
        for name, text in BARE.items() if kind == "bare" else ():
            self._write(name, text)
        self.bytes = self._fit(kind, kilobytes * 1000)
        self._people(people)

    def command(self, *arguments):
        return [str(self.announce), "-C", str(self.root), "--no-input", *arguments]

    def start(self, *arguments, **options):
        return child.Child(*self.command(*arguments), env=self.environment, **options)

    def run(self, *arguments, expected=(0,)):
        return self.start(*arguments).wait(expected)

    def settings(self, port=None, connections=4, limit=()):
        """Where to send, over how many connections, and how fast at most."""
        url = f"smtp://127.0.0.1:{port}" if port else "sandbox:"
        text = SETTINGS.format(url=url, connections=connections, limit=json.dumps(list(limit)))
        self._write("announce.toml", text)

    def forget(self):
        """Lets nothing have been sent."""
        for folder in (".announce", "state"):
            shutil.rmtree(self.root / folder, ignore_errors=True)
        for receipt in self.root.glob("drafts/*.sent.toml"):
            receipt.unlink()

    def sent_at(self):
        """The wall clock at the first and at the last answer, and how many there are in the log."""
        with tempfile.TemporaryFile("w+") as log:
            self.start("log", "mail", "--format", "jsonl", stdout=log).wait()
            log.seek(0)
            times = [line[len('{"at":"') :].split("Z", 1)[0] for line in log]
        return _seconds(min(times)), _seconds(max(times)), len(times)

    def ledger_bytes(self):
        return sum(path.stat().st_size for path in (self.root / ".announce").glob("ledger.db*"))

    def _fit(self, kind, wanted):
        """Writes the draft; returns the size of its mail on the wire."""
        one = self._size(kind, 1)
        each = (self._size(kind, 11) - one) / 10
        return self._size(kind, max(1, round(1 + (wanted - one) / each)))

    def _size(self, kind, paragraphs):
        self.settings()
        self._write("drafts/mail.md", DRAFT.format(kind=kind) + PARAGRAPH * paragraphs)
        self.run("send", "mail", "--yes")
        (mail,) = (self.root / ".announce/sandbox").glob("*.eml")
        size = mail.stat().st_size
        self.forget()
        return size

    def _people(self, count):
        with open(self.root / "lists/crowd.csv", "w", encoding="utf-8") as crowd:
            crowd.write("email,first_name,town,visits\n")
            for number in range(count):
                name, town = FIRST_NAMES[number % len(FIRST_NAMES)], TOWNS[number % len(TOWNS)]
                domain = f"d{number % 97}.example"
                crowd.write(f"p{number:07}@{domain},{name},{town},{number % 12}\n")

    def _write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def opened(announce, people, kilobytes):
    """A newsroom in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="side-by-side-") as root:
        yield Newsroom(announce, root, people, kilobytes)


def _seconds(timestamp):
    """Seconds since the epoch; Python's own reader takes no more than six decimals."""
    whole, _, fraction = timestamp.partition(".")
    at = datetime.datetime.fromisoformat(whole + "+00:00")
    return at.timestamp() + float(f"0.{fraction or 0}")
