"""Reads messages with Python's email package and prints what it found.

Standard input: a JSON array of messages as strings. Standard output: a JSON array with, for each,
its defects, the headers people see, the nesting of its parts and their decoded contents.
"""

import json
import sys
from email import message_from_bytes, policy


def defects(message):
    found = []
    for part in message.walk():
        found += part.defects
        for value in part.values():
            found += value.defects
    return [repr(defect) for defect in found]


def mailboxes(header):
    return [[address.display_name, address.addr_spec] for address in header.addresses]


def nesting(part):
    if part.is_multipart():
        return [part.get_content_type(), [nesting(child) for child in part.iter_parts()]]
    return part.get_content_type()


def leaf(part):
    found = {"type": part.get_content_type()}
    if part["content-disposition"] is not None:
        found["disposition"] = part.get_content_disposition()
        found["file_name"] = part.get_filename()
        found["bytes"] = list(part.get_payload(decode=True))
    else:
        found["text"] = part.get_content()
    method = part.get_param("method")
    if method is not None:
        found["method"] = method
    if part["content-id"] is not None:
        found["cid"] = str(part["content-id"])
    return found


def inspect(raw):
    message = message_from_bytes(raw.encode("ascii"), policy=policy.default)
    return {
        "defects": defects(message),
        "subject": str(message["subject"]),
        "from": mailboxes(message["from"]),
        "to": mailboxes(message["to"]),
        "date": message["date"].datetime.isoformat(),
        "nesting": nesting(message),
        "leaves": [leaf(part) for part in message.walk() if not part.is_multipart()],
    }


if __name__ == "__main__":
    json.dump([inspect(raw) for raw in json.load(sys.stdin)], sys.stdout)
