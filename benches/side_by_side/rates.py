"""How many messages a second, beside others: sections `send` and `far`."""

import itertools
import statistics
import sys
import tempfile
from dataclasses import dataclass, replace

from . import child, contenders, newsroom, servers


@dataclass(frozen=True)
class Setting:
    """One comparison: sizes and servers, and how many messages are sent by us and by `smtp-source`,
    by those who take minutes for so many, and by mailmerge where it takes part."""

    kilobytes: int
    connections: int
    messages: int
    lettre: int
    mailmerge: int = 0
    server: str = "sandbox"
    options: tuple = ()

    def shorter(self):
        """The same with next to no messages."""
        return replace(
            self,
            messages=max(self.messages // 50, 2 * self.connections),
            lettre=max(self.lettre // 50, self.connections),
            mailmerge=self.mailmerge // 20,
        )


SEND = (
    Setting(20, 1, 6_000, lettre=60, mailmerge=200),
    Setting(20, 4, 12_000, lettre=200),
    Setting(20, 16, 20_000, lettre=800),
    Setting(20, 64, 20_000, lettre=2_000),
    Setting(2, 16, 20_000, lettre=800),
    Setting(60, 16, 10_000, lettre=800),
    Setting(20, 16, 10_000, lettre=800, server="smtp-sink"),
)

FAR_AWAY = ("--latency", "20ms")
ONE_BY_ONE = (*FAR_AWAY, "--without", "PIPELINING")
FAR = (
    Setting(20, 1, 150, lettre=20, options=FAR_AWAY),
    Setting(20, 16, 2_500, lettre=250, options=FAR_AWAY),
    Setting(20, 64, 8_000, lettre=1_000, options=FAR_AWAY),
    Setting(20, 16, 800, lettre=250, options=ONE_BY_ONE),
)


def measure(tools, settings, quick):
    """The rows of a section."""
    rows = []
    for setting in settings:
        if setting.server == "smtp-sink" and tools.smtp_sink is None:
            continue
        rows += _compare(tools, setting.shorter() if quick else setting, rounds=1 if quick else 3)
    return rows


def beside(rows, like, who):
    """The row of somebody else in the same comparison, if they took part."""
    same = ("server", "bytes", "connections", "pipelining")
    fits = (row for row in rows if row["who"] == who and all(row[k] == like[k] for k in same))
    return next(fits, None)


def share_of_bound(row):
    """How near a row comes to one message for each wait and connection, or four waits where the
    server takes one command at a time."""
    waits = 1 if row["pipelining"] else 4
    bound = row["connections"] * 1000 / row["reply_ms"] / waits
    return (row["sending_rate"] or row["rate"]) / bound


def _compare(tools, setting, rounds):
    """Everybody in turn, so that a disturbance of the machine meets all of them."""
    replies = []
    with (
        newsroom.opened(tools.announce, setting.messages, setting.kilobytes) as room,
        tempfile.TemporaryDirectory(prefix="side-by-side-") as scratch,
    ):
        runs = _contenders(tools, setting, room, scratch)
        taken = {who: [] for who in runs}
        for _, (who, run) in itertools.product(range(rounds), runs.items()):
            with _server(tools, setting) as server:
                replies.append(server.seconds_a_reply())
                sent = run(server.port)
            if server.taken not in (None, sent.messages):
                raise child.Failed(f"{who}: {server.taken} of {sent.messages} arrived")
            taken[who].append((sent, server.usage.cpu / sent.messages))
    common = {
        "server": setting.server,
        "bytes": room.bytes,
        "connections": setting.connections,
        "pipelining": setting.options != ONE_BY_ONE,
        "reply_ms": statistics.median(replies) * 1000,
    }
    for who, sent in taken.items():
        row = {**common, "who": who, **_figures(sent, setting.connections)}
        print(
            "  {who:<14} {bytes:>6} bytes, {connections:>2} connections, {server},"
            " {reply_ms:.1f} ms: {rate:,.0f}/s, {cpu_us:,.0f} µs".format(**row),
            file=sys.stderr,
        )
        yield row


def _contenders(tools, setting, room, scratch):
    """Who takes part, and how each of them is run against the server on a port."""
    connections, size = setting.connections, room.bytes
    runs = {
        "announce": lambda port: contenders.announce(room, port, connections),
        "lettre": lambda port: contenders.lettre(tools, port, connections, setting.lettre, size),
    }
    if tools.smtp_source:
        # It waits four times a message.
        count = max(setting.messages // (4 if setting.options else 1), connections)
        for who, keep in (("smtp-source", False), ("smtp-source -d", True)):
            runs[who] = lambda port, keep=keep: contenders.smtp_source(
                tools, port, connections, count, size, keep
            )
    if tools.mailmerge and setting.mailmerge:
        runs["mailmerge"] = lambda port: contenders.mailmerge(
            tools, scratch, port, setting.mailmerge, size
        )
    return runs


def _server(tools, setting):
    if setting.server == "smtp-sink":
        return servers.sink()
    return servers.sandbox(tools.announce, *setting.options)


def _figures(runs, connections):
    """The medians of some runs, and how far apart their rates are."""
    rates = [sent.messages / sent.usage.seconds for sent, _ in runs]
    # When the first answer comes, every connection has a message on its way.
    sending = [(sent.messages - connections) / sent.sending for sent, _ in runs if sent.sending]
    return {
        "messages": runs[0][0].messages,
        "rate": statistics.median(rates),
        "best": max(rates),
        "worst": min(rates),
        "sending_rate": statistics.median(sending) if sending else None,
        "cpu_us": statistics.median(sent.usage.cpu / sent.messages for sent, _ in runs) * 1e6,
        "server_cpu_us": statistics.median(cpu for _, cpu in runs) * 1e6,
        "peak_mib": max(sent.usage.peak for sent, _ in runs),
    }
