"""Programs that are run and measured."""

import os
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

SAMPLE_EVERY = 0.02


class Failed(Exception):
    """A program that is measured has to succeed."""


@dataclass
class Usage:
    """What a program took: seconds, CPU seconds (user and system), and the most memory in MiB."""

    seconds: float
    cpu: float
    peak: float


class Child:
    """A program at work.

    Its peak is sampled: the one that the system adds up for a finished child begins with what this
    script occupied when it started it.
    """

    def __init__(self, *command, stdout=None, **options):
        self.command = [str(part) for part in command]
        self.talk = tempfile.TemporaryFile()
        self.memory = []  # (wall clock, MiB now)
        self.peak = 0.0
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=stdout if stdout is not None else self.talk,
            stderr=self.talk,
            **options,
        )
        self.over = threading.Event()
        self.sampler = threading.Thread(target=self._sample, daemon=True)
        self.sampler.start()

    def wait(self, expected=(0,)):
        """Waits for its end, and fails with what it said when that is not as expected."""
        _, status, usage = os.wait4(self.process.pid, 0)
        seconds = time.perf_counter() - self.begun
        self.over.set()
        self.sampler.join()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.talk.seek(0)
        said = self.talk.read().decode(errors="replace")
        self.talk.close()
        if self.process.returncode not in expected:
            raise Failed(
                f"{' '.join(self.command)} ended {self.process.returncode}\n{said[-2000:]}"
            )
        return Usage(seconds, usage.ru_utime + usage.ru_stime, self.peak)

    def peak_between(self, begin, end):
        """The most memory between two readings of the wall clock, in MiB."""
        return max((mib for at, mib in self.memory if begin <= at <= end), default=0.0)

    def _sample(self):
        path = f"/proc/{self.process.pid}/status"
        while True:
            try:
                with open(path, encoding="ascii", errors="replace") as status:
                    fields = dict(line.split(":", 1) for line in status)
                now, peak = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
            except (OSError, KeyError):
                return  # it is over, and waited for
            self.memory.append((time.time(), now))
            self.peak = max(self.peak, peak)
            if self.over.wait(SAMPLE_EVERY):
                return


def run(*command, expected=(0,), **options):
    """Runs a program to its end."""
    return Child(*command, **options).wait(expected)
