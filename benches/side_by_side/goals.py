"""What was meant to be reached: each goal, what was measured, and whether that meets it."""

from . import pace, rates


def all_of(results):
    """The goals of the sections that were run."""
    for section, goals in (
        ("send", _send),
        ("far", _far),
        ("growth", _growth),
        ("pace", _pace),
        ("start", _start),
    ):
        if section in results:
            yield from goals(results[section]["rows"])


def figure(ratio):
    """Two digits that count."""
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def _send(rows):
    near = [row for row in rows if row["server"] == "sandbox" and 10 < row["bytes"] / 1000 < 40]
    rate = {
        who: _best(near, who)
        for who in ("announce", "smtp-source", "smtp-source -d", "mailmerge")
    }
    for who, how in (
        ("smtp-source", "a connection for each message, its default"),
        ("smtp-source -d", "connections kept"),
    ):
        if rate[who]:
            ratio = rate["announce"] / rate[who]
            yield (
                f"at least half of smtp-source's rate ({how}), 20 KB, each at its best",
                _times(ratio),
                ratio >= 0.5,
            )
    if rate["mailmerge"]:
        ratio = rate["announce"] / rate["mailmerge"]
        yield (
            "at least 60 times mailmerge's rate, which has one connection",
            _times(ratio),
            ratio >= 60,
        )
    for row in near:
        if row["who"] == "announce" and row["connections"] == 16:
            goal = "at most 150 µs of CPU a message of 20 KB, planning and checking included"
            yield goal, f"{row['cpu_us']:.0f} µs", row["cpu_us"] <= 150


def _far(rows):
    for row in rows:
        if row["who"] != "announce" or row["connections"] != 16:
            continue
        share = rates.share_of_bound(row)
        if not row["pipelining"]:
            goal = "without PIPELINING at least 0.95 of one message in four waits and connection"
            yield goal, f"{share:.2f}", share >= 0.95
            continue
        goal = "20 ms, 16 connections: at least 0.9 of one message a wait and connection"
        yield goal, f"{share:.2f}", share >= 0.9
        ratio = row["rate"] / rates.beside(rows, row, "lettre")["rate"]
        yield "20 ms, 16 connections: at least 6 times lettre's pool", _times(ratio), ratio >= 6


def _growth(rows):
    last = rows[-1]
    people = f"{last['people']:,} people"
    most = max(last["send_mib"], last["dry_mib"])
    yield f"{people} in at most 128 MiB", f"{most:.0f} MiB", most <= 128
    yield (
        f"{people}: sending in at most 64 MiB",
        f"{last['sending_mib']:.0f} MiB",
        last["sending_mib"] <= 64,
    )
    bytes_each = last["ledger_bytes"]
    yield (
        "at most 250 bytes of ledger a finished person",
        f"{bytes_each:.0f} bytes",
        bytes_each <= 250,
    )
    each = [row["send_seconds"] / row["people"] for row in rows]
    off = max(abs(time / each[-1] - 1) for time in each)
    yield "as long a person on every list, ± 15 %", f"± {off:.0%}", off <= 0.15


def _pace(rows):
    error = max(abs(row["error"]) for row in rows)
    yield "the mean within 1 % of the limit", f"{error:.2%} at most", error <= 0.01
    for at, where in (("begun", "at MAIL"), ("accepted", "at the dot")):
        over = max(row["fullest_second"][at] - pace.most_a_second(row["limit"]) for row in rows)
        yield (
            f"no second above the limit and 5 ms' worth, {where}",
            f"{max(0, over):.0f} too many at most",
            over < 1,
        )


def _start(rows):
    least = rows[0]["ms"]
    for row in rows:
        if row["what"].startswith("`announce"):
            ratio = row["ms"] / least
            yield f"{row['what']} in at most 3 times the least", _times(ratio), ratio <= 3


def _best(rows, who):
    """The best rate of somebody over many connections; mailmerge has but one."""
    many = (row for row in rows if row["connections"] >= 16 or who == "mailmerge")
    return max((row["rate"] for row in many if row["who"] == who), default=None)


def _times(ratio):
    return f"{figure(ratio)} times"
