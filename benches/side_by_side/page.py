"""Writes `docs/performance.md` from what was measured."""

from . import goals, pace, rates

INTRODUCTION = """\
# Performance

How long an announcement takes is decided by how often it waits for the server; where the answers come at once, by what it
costs to make, to record and to send each message. This page is written by `benches/side-by-side`, which runs `announce`
beside other programs on one machine:

```console
benches/side-by-side                  # everything, about a quarter of an hour on a quiet machine
benches/side-by-side --only pace      # one section: send, far, growth, pace or start
benches/side-by-side --quick          # that it works, in a minute; its figures are not kept
benches/side-by-side --page           # this page again, from the last figures
```

A section alone replaces its own figures, and the page is written when there are figures of all. It needs Rust and Python;
Debian's `postfix` for `smtp-source` and `smtp-sink`, and PyPI for mailmerge, are left out where they are missing. Client,
server and the ledger's disk share the machine, so ratios say more than rates; *CPU a message* (user and system) is what to
reckon with on another one. Rates are medians of three runs, with the worst and the best behind them.

`announce` always runs with everything on: all copies rendered and checked before the first connection, every delivery
marked durably before its body leaves, the private ledger kept; only the pace is set out of the way. The others do less:

- **smtp-source** (Postfix, C) sends one message of `X` again and again: no list, no template, no record. By default it
  opens a connection for each; with `-d` it keeps them.
- **lettre** is a loop over that library's pooled transport with one message built beforehand, a thread a connection. Its
  rate is no measure of its work: it sets no `TCP_NODELAY` and writes the final dot on its own, so each message waits some
  40 ms for a delayed acknowledgement, and it asks NOOP before each. That is what a program gets that uses it as it is.
- **mailmerge** (Python) reads a list and fills a template, and opens a connection for each message; it keeps no record.
"""

SEND = """\
## Replies at once

The server is `announce sandbox --discard`, or Postfix's `smtp-sink` where it says so. *Sending* is the time from the first
answer to the last, without planning and checking. *Server µs* is the CPU that the server used for a message. The last
column divides the rate of `announce` by that of the row.
"""

FAR = """\
## Replies after 20 ms

The same server with `--latency 20ms`: every group of replies is that long on its way, as from another country. Here the
machine idles, and what counts is how often a client waits. *Of the bound* compares the sending (of the others: the whole)
with one message for each wait and connection, the waits as measured, or for each four waits where the server offers no
pipelining.
"""

GROWTH = """\
## Long lists

Mails of 2 KB to the sandbox over 16 connections. A dry run plans and checks every copy; a send does the same first, and
then sends. Memory is the most that was occupied in each phase.
"""

PACE = """\
## The pace on the wire

Measured at the server over ten seconds or ten messages: at MAIL, where a message begins and most servers count, and at
its final dot. A second may hold the limit and what may be caught up at once, which is 5 ms' worth.
"""

MISSED = """
What stands behind a *no*:

- `smtp-source -d` has its one message ready, and no list, template or books. Most of what `announce` needs beyond it goes
  into the ledger (a claim, a mark and a record for each person), the checked copy of the plan and the copy that is sent.
- Permits are granted evenly, at most 5 ms late. Between a permit and MAIL a thread has to wake and a mail to be made, and
  between MAIL and the dot lies the durable mark: what was granted evenly can arrive some milliseconds together. What a
  longer stall cost a pace is given up, not made good by a burst, which is where a mean falls short.
- `announce status` opens the ledger twice, to write (it could have to bring it up to date) and to read, and starts a
  thread for the first. The rest is loading a program with a database in it.
"""

START = """\
## Beginning

From the start of the process to its end, medians of 50 runs.
"""


def write(path, results):
    """Writes the page with the sections there are."""
    parts = [INTRODUCTION, _machine(results)]
    for name, text, tables in (
        ("send", SEND, _send),
        ("far", FAR, _far),
        ("growth", GROWTH, _growth),
        ("pace", PACE, _pace),
        ("start", START, _start),
    ):
        if name in results:
            parts += [text, tables(results[name]["rows"])]
    parts += ["## Goals\n", _goals(results) + MISSED]
    path.write_text("\n".join(parts), encoding="utf-8")


def _machine(results):
    dates = sorted({results[name]["date"] for name in results if name != "machine"})
    dates = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
    machine = "{cores} cores, {memory_gib} GiB, Linux, loopback".format(**results["machine"])
    return f"Measured {dates}: {machine}.\n"


def _table(heads, rows, texts=1):
    """A table whose first columns are texts and whose others are figures."""
    lines = [heads, [*["---"] * texts, *["---:"] * (len(heads) - texts)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _send(rows):
    heads = [
        "server, size, connections", "who", "messages/s", "sending/s", "CPU µs a message",
        "peak MiB", "server µs", "`announce` is",
    ]  # fmt: skip
    return _table(heads, [_rate_cells(rows, row) for row in rows], texts=2)


def _rate_cells(rows, row):
    ratio = rates.beside(rows, row, "announce")["rate"] / row["rate"]
    return [
        f"{row['server']}, {row['bytes'] / 1000:.0f} KB, {row['connections']}",
        row["who"],
        f"{row['rate']:,.0f} ({row['worst']:,.0f}–{row['best']:,.0f})",
        f"{row['sending_rate']:,.0f}" if row["sending_rate"] else "",
        f"{row['cpu_us']:,.0f}",
        f"{row['peak_mib']:.0f}",
        f"{row['server_cpu_us']:,.0f}",
        "" if row["who"] == "announce" else f"{goals.figure(ratio)} ×",
    ]


def _far(rows):
    heads = [
        "connections", "who", "wait, ms", "messages/s", "sending/s", "of the bound",
        "`announce` is",
    ]  # fmt: skip
    cells = []
    for row in rows:
        ratio = rates.beside(rows, row, "announce")["rate"] / row["rate"]
        cells.append(
            [
                f"{row['connections']}{'' if row['pipelining'] else ', no PIPELINING'}",
                row["who"],
                f"{row['reply_ms']:.1f}",
                f"{row['rate']:,.0f} ({row['worst']:,.0f}–{row['best']:,.0f})",
                f"{row['sending_rate']:,.0f}" if row["sending_rate"] else "",
                f"{rates.share_of_bound(row):.2f}",
                "" if row["who"] == "announce" else f"{goals.figure(ratio)} ×",
            ]
        )
    return _table(heads, cells, texts=2)


def _growth(rows):
    heads = [
        "people", "dry run", "its MiB", "send", "of that, sending", "CPU µs a person",
        "MiB planning", "MiB sending", "ledger bytes a person",
    ]  # fmt: skip
    cells = [
        [
            f"{row['people']:,}",
            f"{row['dry_seconds']:.1f} s",
            f"{row['dry_mib']:.0f}",
            f"{row['send_seconds']:.1f} s",
            f"{row['sending_seconds']:.1f} s",
            f"{row['send_cpu_us']:.0f}",
            f"{row['planning_mib']:.0f}",
            f"{row['sending_mib']:.0f}",
            f"{row['ledger_bytes']:.0f}",
        ]
        for row in rows
    ]
    last = rows[-1]
    resume = (
        f"\n`announce resume`, nine tenths of {last['people']:,} done: "
        f"{last['resume_seconds']:.1f} s from its start to the first message at the server.\n"
    )
    return _table(heads, cells) + resume


def _pace(rows):
    heads = [
        "limit", "connections", "mean error", "most a second", "at MAIL", "at the dot",
        "in 5 ms at MAIL", "at the dot",
    ]  # fmt: skip
    cells = [
        [
            f"{row['limit']:,}/s",
            f"{row['connections']}",
            f"{row['error']:+.2%}",
            f"{pace.most_a_second(row['limit']):,.0f}",
            f"{row['fullest_second']['begun']:,}",
            f"{row['fullest_second']['accepted']:,}",
            f"{row['fullest_5_ms']['begun']}",
            f"{row['fullest_5_ms']['accepted']}",
        ]
        for row in rows
    ]
    return _table(heads, cells)


def _start(rows):
    least = rows[0]["ms"]
    heads = ["what", "ms", "ratio"]
    cells = [[row["what"], f"{row['ms']:.1f}", goals.figure(row["ms"] / least)] for row in rows]
    return _table(heads, cells)


def _goals(results):
    cells = [
        [goal, measured, "yes" if met else "**no**"]
        for goal, measured, met in goals.all_of(results)
    ]
    return _table(["goal", "measured", "met"], cells, texts=3)
