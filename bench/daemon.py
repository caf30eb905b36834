"""`coinlake run` beside the Python collectors as processes that stay, both at the same time: what they hold, what they use.

Memory is what is resident (VmRSS), in MB of 1,000,000 bytes: one reading a second, the last minute of them. CPU is the share of one
core in percent, over the whole time, all threads.
"""

import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path

from figures import Bar, Figure, Measurement

PYTHON = [sys.executable, str(Path(__file__).with_name("reference_loop.py"))]
SETTLE, IDLE = 10, 60  # seconds; the first are a process's start
LOAD = int(os.environ.get("BENCH_LOAD_SECONDS", "120"))
EACH_SECOND = '[schedules.load]\nwhen = "every 1s"\ntop = 250\n'
SLOTS = "SELECT count(*) FROM slot WHERE state IN ('done', 'late')"


class Resident:
    """A process that stays until it is left, which is when it must still be there."""

    def __init__(self, command, folder, environment):
        self.log = folder / (Path(command[0]).name + ".log")
        with self.log.open("w") as log:
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)

    def __enter__(self):
        return self

    def memory(self):
        """MB."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) * 1024 / 1e6
        sys.exit(f"{self.process.args} is gone:\n{self.log.read_text()[-2000:]}")

    def cpu(self):
        """Seconds, of threads that ended too: the process's own clock, clock_getcpuclockid(3)."""
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


def watch(residents, seconds):
    """[(memory, CPU)]"""
    memory = [deque(maxlen=60) for _ in residents]
    begin, before = time.monotonic(), [one.cpu() for one in residents]
    for second in range(seconds):
        time.sleep(max(0, begin + second + 1 - time.monotonic()))
        for one, readings in zip(residents, memory):
            readings.append(one.memory())
    took = time.monotonic() - begin
    used = [Figure.of([(one.cpu() - start) / took * 100], "%") for one, start in zip(residents, before)]
    return [(Figure.of(readings, "MB"), share) for readings, share in zip(memory, used)]


@contextlib.contextmanager
def both(bench, url, job, schedules=None):
    """A folder where they run: coinlake by these schedules or its own, Python by this job."""
    market = url.removesuffix("/api/v3")
    environment = {**os.environ, "COINLAKE_COINMARKETCAP__BASE_URL": market, "CMC_API_KEY": "bench"}
    with tempfile.TemporaryDirectory(dir=bench.folder) as name, contextlib.ExitStack() as running:
        folder = Path(name)
        if schedules:
            (folder / "coinlake.toml").write_text(schedules)
        python = [*PYTHON, job, url if job == "page" else market, "python.db"]
        yield folder, [running.enter_context(Resident(command, folder, environment))
                       for command in ([bench.programs / "coinlake", "run"], python)]


def rounds(bench, folder, question):
    """How many collections were stored: by coinlake, by Python."""
    answer = subprocess.check_output([bench.programs / "coinlake", "query", SLOTS, "-o", "csv"], cwd=folder, text=True)
    with contextlib.closing(sqlite3.connect(folder / "python.db")) as database:
        return int(answer.split()[-1]), database.execute(question).fetchone()[0]


def held_against(name, how, mine, peer_is, peers, bar, note=""):
    out = [Measurement.share(name, how, mine, peer_is, peers, None, better="less", note=note)]
    return out + ([Measurement.alone(name + ": the limit", how, mine, Bar(bar), note)] if bar else [])


def idle(bench, url):
    """By its own schedules, after a first collection of each: a page, and Bitcoin. None may fall into the minute."""
    left = 300 - time.time() % 300
    time.sleep(left if left < SETTLE + IDLE + 5 else 0)
    with both(bench, url, "bitcoin") as (folder, residents):
        time.sleep(SETTLE)
        mine, peers = watch(residents, IDLE)
        done = rounds(bench, folder, "SELECT count(*) FROM bitcoin_precos")
    assert done == (2, 1), f"{done} collections, not 2 and 1"
    how, peer_is = f"coinlake run, its own schedules; {IDLE} s between two collections", "requests, sqlite3: Bitcoin every five minutes"
    return [*held_against("run, idle, memory", how, mine[0], peer_is, peers[0], 20),
            *held_against("run, idle, CPU", how, mine[1], peer_is, peers[1], 0.1)]


def load(bench, url):
    with both(bench, url, "page", EACH_SECOND) as (folder, residents):
        time.sleep(SETTLE)  # starting is not part of it
        mine, peers = watch(residents, LOAD)
        done = rounds(bench, folder, "SELECT count(DISTINCT collected_at) FROM cryptocurrency_data")
    assert min(done) >= 0.9 * (SETTLE + LOAD), f"{done} collections in {SETTLE + LOAD} s"
    note = f"{LOAD:,} s"
    how = (f'coinlake run, when = "every 1s", top = 250; for {note}, after {SETTLE} s of starting; '
           f"{done[0]:,} collections, Python {done[1]:,}")
    return [*held_against("run, a page each second, memory", how, mine[0], "requests, pandas, to_sql", peers[0], 40, "after " + note),
            *held_against("run, a page each second, CPU", how, mine[1], "requests, pandas, to_sql", peers[1], None, "over " + note)]
