"""What happens when the list grows: section `growth`."""

import signal
import sys
import time

from . import newsroom, pace, servers

PEOPLE = (10_000, 100_000, 1_000_000)
CONNECTIONS = 16
KILOBYTES = 2


def measure(tools, quick):
    """The rows of the section."""
    sizes = (200, 1_000) if quick else PEOPLE
    rows = []
    for people in sizes:
        with newsroom.opened(tools.announce, people, KILOBYTES) as room:
            rows.append(_whole(tools, room))
            if people == sizes[-1]:
                rows[-1]["resume_seconds"] = _resume(tools, room)
        print(
            "  {people:,}: {send_seconds:.1f} s, {send_mib:.0f} MiB".format(**rows[-1]),
            file=sys.stderr,
        )
    return rows


def _whole(tools, room):
    """One campaign from the plan to the last answer."""
    with servers.sandbox(tools.announce) as server:
        room.settings(server.port, CONNECTIONS)
        dry = room.run("send", "mail", "--dry-run")
        begun = time.time()
        sending = room.start("send", "mail", "--yes")
        usage = sending.wait()
    first, last, _ = room.sent_at()
    return {
        "people": room.people,
        "bytes": room.bytes,
        "dry_seconds": dry.seconds,
        "dry_mib": dry.peak,
        "send_seconds": usage.seconds,
        "send_cpu_us": usage.cpu / room.people * 1e6,
        "send_mib": usage.peak,
        "planning_mib": sending.peak_between(begun, first),
        "sending_seconds": last - first,
        "sending_mib": sending.peak_between(first, last),
        "ledger_bytes": room.ledger_bytes() / room.people,
    }


def _resume(tools, room):
    """Seconds from the start of `resume` to the first message at the server, nine tenths done."""
    room.forget()
    with servers.sandbox(tools.announce) as server:
        port = server.port
        room.settings(port, CONNECTIONS)
        room.run("send", "mail", "--yes", "--limit", str(room.people * 9 // 10), expected=(0, 75))
    with pace.Watcher(port) as watcher:
        resuming = room.start("resume", "mail")
        watcher.first.wait(timeout=600)
        resuming.process.send_signal(signal.SIGTERM)
        resuming.wait(expected=(0, 130))
    return watcher.begun[0] - resuming.begun
