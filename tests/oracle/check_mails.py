#!/usr/bin/env python3
"""Checks caught mail against the draft and the lists it was made from.

usage: tests/oracle/check_mails.py MAILS --draft FILE --list FILE... [--public FILE...]

MAILS is a folder with one file a message, each below X-Rcpt-Args lines that name whom the server
was told to deliver it to (tests/foreign/receive.py and smtp-sink write them). Every row of the
lists, in their order, must have exactly one message, and every message must

- parse with Python's email package without a defect,
- be for one person, on the envelope and in its header,
- have a text and an HTML part, the pictures and the papers of the draft, byte for byte,
- carry its own person's first name where the draft asks for it, and no value of anybody else's row.

A value that stands in the draft or in a --public file (settings, templates) is nobody's secret.
Prints a PASS line, or FAIL lines that name files, never people; ends 1 when something is wrong.
"""

import argparse
import calendar
import csv
import hashlib
import html
import pathlib
import re
import sys
import unicodedata
from email import message_from_bytes, policy

EMAIL_COLUMNS = {"email", "e_mail", "mail", "email_address"}


def key(address):
    """The form under which an address is one person."""
    local, _, domain = unicodedata.normalize("NFC", address.strip()).lower().rpartition("@")
    return f"{local}@{domain.encode('idna').decode()}" if domain else ""


def people(files):
    """Rows by person; the list named first wins."""
    found = {}
    for file in files:
        text = file.read_text(encoding="utf-8-sig")
        separator = max(",;\t", key=text.splitlines()[0].count)
        rows = csv.reader(text.splitlines(), delimiter=separator)
        header = [re.sub(r"\W+", "_", name.strip().lower()) for name in next(rows)]
        (column,) = [at for at, name in enumerate(header) if name in EMAIL_COLUMNS]
        for row in filter(None, rows):
            found.setdefault(key(row[column]), dict(zip(header, (cell.strip() for cell in row))))
    return found


def digest(content):
    return hashlib.sha256(content).hexdigest()


class Draft:
    """What a draft promises to every reader."""

    def __init__(self, file):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        self.text = front + body
        folder = file.parent
        pictures = set(re.findall(r"!\[[^\]]*\]\((\S+?)[\s)]", body))
        self.pictures = sorted(digest((folder / path).read_bytes()) for path in pictures)
        attachments = re.search(r"^attachments:(.*?)(?=^\S)", front + "end:", re.M | re.S)
        papers = re.findall(r"[\w./-]+\.\w+", attachments[1]) if attachments else []
        self.papers = sorted(digest((folder / path).read_bytes()) for path in papers)
        self.greets = "first_name" in body


def readable(markup):
    """The text of HTML as a reader sees it."""
    markup = re.sub(r"<(style|head)\b.*?</\1>", " ", markup, flags=re.S | re.I)
    return html.unescape(re.sub(r"<[^>]+>", " ", markup))


def squeezed(text):
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def mentions(text, value):
    """Whether a value stands in a text; in scripts without spaces, anywhere."""
    if value not in text or not value.isascii():
        return value in text
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


class Mail:
    """One caught message."""

    def __init__(self, file):
        self.name = file.name
        self.raw = file.read_bytes()
        self.message = message_from_bytes(self.raw, policy=policy.default)
        self.leaves = [part for part in self.message.walk() if not part.is_multipart()]
        told = self.message.get_all("x-rcpt-args", [])
        self.recipients = [str(line).strip("<> ") for line in told]
        self.person = key(self.recipients[0]) if self.recipients else ""

    def part(self, subtype):
        """The only part of this text type that is not an attachment."""
        found = [
            part
            for part in self.leaves
            if part.get_content_type() == f"text/{subtype}" and not part.is_attachment()
        ]
        return found[0].get_content() if len(found) == 1 else ""

    def header_text(self):
        """The headers of all parts, but for what the server wrote."""
        return "\n".join(
            f"{name}: {value}"
            for part in self.message.walk()
            for name, value in part.items()
            if not name.lower().startswith("x-")
        )

    def faults(self, draft):
        """What is wrong with it whoever it is for."""
        yield from (f"defect {found!r}" for found in self.defects())
        message = self.message
        if len(self.recipients) != 1:
            yield f"{len(self.recipients)} recipients on the envelope"
        for name in ("from", "to", "subject", "date", "message-id", "mime-version"):
            if len(message.get_all(name, [])) != 1:
                yield f"{len(message.get_all(name, []))} {name} headers"
        to = [address for value in message.get_all("to", []) for address in value.addresses]
        if [key(address.addr_spec) for address in to] != [self.person]:
            yield "To is not the one it was sent to"
        if message["cc"] or message["bcc"]:
            yield "it has Cc or Bcc"
        for subtype in ("plain", "html"):
            if not self.part(subtype).strip():
                yield f"no text/{subtype} part, or several"
        yield from self.faults_of_files(draft)

    def defects(self):
        for part in self.message.walk():
            yield from part.defects
            for value in part.values():
                yield from value.defects

    def faults_of_files(self, draft):
        pictures = [part for part in self.leaves if part.get_content_maintype() == "image"]
        if sorted(digest(part.get_content()) for part in pictures) != draft.pictures:
            yield f"{len(pictures)} pictures, not the {len(draft.pictures)} of the draft"
        shown = set(re.findall(r"""\bsrc=["']([^"']+)""", self.part("html")))
        ids = {"cid:" + str(part["content-id"]).strip("<> ") for part in pictures}
        if shown != ids:
            yield "the HTML part does not show exactly the pictures that travel with it"
        papers = [
            part
            for part in self.leaves
            if part.is_attachment() and part.get_content_type() != "text/calendar"
        ]
        if sorted(digest(part.get_payload(decode=True)) for part in papers) != draft.papers:
            yield f"{len(papers)} papers, not the {len(draft.papers)} of the draft"
        if not all(part.get_filename() for part in papers):
            yield "a paper has no name"

    def indiscretions(self, own, strangers, draft):
        """What it says of others, and does not say of its person."""
        text, markup = squeezed(self.part("plain")), squeezed(readable(self.part("html")))
        name = squeezed(own.get("first_name", ""))
        if draft.greets and name:
            for part, where in ((text, "text"), (markup, "HTML")):
                if not mentions(part, name):
                    yield f"the {where} part lacks its person's first name"
        texts = [part for part in self.leaves if part.get_content_maintype() == "text"]
        whole = "\n".join([self.header_text(), *(part.get_content() for part in texts)])
        decoded = "\n".join([text, markup, squeezed(whole)])
        raw = self.raw.decode("latin-1").lower()
        for column, value in sorted(strangers):
            if mentions(decoded, value) or ("@" in value and value in raw):
                yield f"it holds somebody else's {column}"


def strangers_of(person, rows, public):
    """The values that stand in other people's rows only, and are long enough to tell."""
    own = {squeezed(value) for value in rows[person].values()}
    found = set()
    for row in rows.values():
        for column, cell in row.items():
            value = squeezed(cell)
            telling = len(value) >= (3 if value.isascii() else 2)
            if telling and value not in own and not mentions(public, value):
                found.add((column, value))
    return found


def check(arguments):
    """Yields what is wrong, file by file."""
    draft = Draft(arguments.draft)
    rows = people(arguments.list)
    dates = [*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr]
    public = [draft.text, *(file.read_text(encoding="utf-8") for file in arguments.public), *dates]
    public = squeezed("\n".join(public))
    mails = [Mail(file) for file in sorted(arguments.mails.iterdir()) if file.is_file()]
    for mail in mails:
        yield from (f"{mail.name}: {fault}" for fault in mail.faults(draft))
        if mail.person not in rows:
            yield f"{mail.name}: for somebody who is on no list"
            continue
        strangers = strangers_of(mail.person, rows, public)
        if len(rows) > 1 and not strangers:
            yield f"{mail.name}: the lists hold nothing to tell people apart by"
        found = mail.indiscretions(rows[mail.person], strangers, draft)
        yield from (f"{mail.name}: {fault}" for fault in found)
    for name in ("message-id", "list-unsubscribe"):
        values = {str(mail.message[name]) for mail in mails}
        if len(values) != len(mails):
            yield f"{len(mails)} messages have {len(values)} different {name} headers"
    reached = [mail.person for mail in mails]
    if len(set(reached)) != len(reached):
        yield f"{len(reached)} messages for {len(set(reached))} people"
    missed = len(rows.keys() - set(reached))
    if missed:
        yield f"{missed} of {len(rows)} people got nothing"


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n")[2].removeprefix("usage: "))
    parser.add_argument("mails", type=pathlib.Path)
    parser.add_argument("--draft", type=pathlib.Path, required=True)
    parser.add_argument("--list", type=pathlib.Path, nargs="+", required=True)
    parser.add_argument("--public", type=pathlib.Path, nargs="*", default=[])
    arguments = parser.parse_args()
    faults = list(check(arguments))
    for fault in faults:
        print(f"FAIL {fault}")
    if not faults:
        count = sum(1 for file in arguments.mails.iterdir() if file.is_file())
        print(f"PASS {count} messages of {arguments.draft.name}: whole, and each one person's own")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
