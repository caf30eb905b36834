"""A soak: `coinlake run` for SOAK_HOURS (default 1; 24 is the long one, 0.05 a trial) with sixty times the requests of a job that asks
every five minutes, against a simulator whose answers fail in most of the ways it knows, one in five or so.

One daemon lives all the time; commands read beside it, it is told to reload and it is stopped for seconds now and then. Its memory (the
least in each minute, since a large answer needs some for a moment), its file descriptors, its -wal and its log must stay flat, after a
quarter of the time to warm up. A second one on a ledger of its own is killed or terminated again and again. In the end neither ledger has
lost or doubled anything: each batch that was seen is there, each slot has a row, `ledger verify` and `replay --check` are clean.

Takes SOAK_HOURS and a minute for each (24 hours: 4 GB). A slope of the memory means something from an hour on; a trial only finds what
grows by megabytes. It prints one line with what it counted."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
from daemon_test import COINLAKE, PATIENCE, Provider  # noqa: E402

HOURS = float(os.environ.get("SOAK_HOURS", "1"))
SECONDS = HOURS * 3600
SAMPLE = min(10, SECONDS / 72)
MIB = 1 << 20
CONFIGURATION = """
[time]
zone = "UTC"
[schedules.gecko]
when = "every 5s"
top = 250
freshness = "15s"
[schedules.cap]
when = "every 5s"
source = "coinmarketcap"
ids = ["1"]
currency = "brl"
freshness = "15s"
"""
# Every fault that passes by itself; a refused key would rest its provider for a quarter of an hour each time.
FAULTS = """
title = "Everything at once, rarely"
seed = 126
[market]
coins = 1000
speed = 60
no_limits = true
""" + "".join(f"[[fault]]\nprobability = {often}\n{what}\n" for often, what in (
    (0.02, "status = 500"), (0.02, "status = 503"), (0.01, 'status = 503\nretry_after = "2"'), (0.01, 'status = 429\nretry_after = "3"'),
    (0.001, "status = 429"), (0.005, 'provider = "coinmarketcap"\ncmc_error = "500"'), (0.005, "html = true"),
    (0.005, 'status = 302\nredirect = "https://example.invalid/"'), (0.005, 'status = 307\nredirect = "itself"'),
    (0.002, "bomb = 200"), (0.005, "deep = 100000"), (0.02, "bad_row = 1"), (0.02, "change_price = true"),
    (0.005, 'rename = "current_price=price_now"'), (0.01, "shuffle = true"), (0.02, "freeze = true"), (0.02, "age = 20"),
    (0.001, "date = 3600"), (0.005, "headers = 10000"), (0.005, "header_bytes = 1048576"), (0.05, "delay = 700"),
    (0.005, "slow_head = 100"), (0.01, "slow_body = 5000"), (0.01, "cut = 400"), (0.01, "reset_after = 300"), (0.01, "reset = true"),
    (0.004, "stall = true"), (0.002, "stall = true\ncut = 200"), (0.002, "endless = true"), (0.005, 'bad_chunk = "-2"'),
    (0.005, 'bad_chunk = "FFFFFFFFFFFFFFFF"')))


class Collector:
    """A folder, a provider and a daemon."""

    def __init__(self, test):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        (self.path / "coinlake.toml").write_text(CONFIGURATION)
        (self.path / "faults.toml").write_text(FAULTS)
        provider = Provider("scenario", str(self.path / "faults.toml"), "--log", str(self.path / "requests"))
        test.addCleanup(provider.stop)
        host = provider.url.split("/api")[0]
        self.environment = {**os.environ, "CMC_API_KEY": "cmc-0123456789", "COINLAKE_COINGECKO__BASE_URL": provider.url,
                            "COINLAKE_COINMARKETCAP__BASE_URL": host, "COINLAKE_COINMARKETCAP__CREDITS_PER_MONTH": "100000000",
                            "COINLAKE_COINGECKO__REQUESTS_PER_MINUTE": "600", "COINLAKE_COINMARKETCAP__REQUESTS_PER_MINUTE": "600"}
        self.log = open(self.path / "log", "a")
        test.addCleanup(self.log.close)
        test.addCleanup(lambda: self.end(signal.SIGKILL))
        self.seen = {}  # the link of each batch that a reader has seen
        self.start()

    def start(self):
        self.daemon = subprocess.Popen([COINLAKE, "run"], cwd=self.path, env=self.environment, stdout=self.log, stderr=self.log)

    def end(self, how):
        self.daemon.send_signal(how)  # nothing, if it has ended
        return self.daemon.wait(timeout=PATIENCE)

    def coinlake(self, *words, patience=PATIENCE):
        return subprocess.run([COINLAKE, *words], cwd=self.path, env=self.environment, capture_output=True, text=True, timeout=patience)

    def sql(self, text):
        return self.coinlake("query", text, "-o", "csv").stdout.splitlines()[1:]

    def note_newest(self):
        self.seen.update(line.split(",") for line in self.sql("SELECT seq, hex(link) FROM batch ORDER BY seq DESC LIMIT 1"))

    def size(self, name):
        file = self.path / name
        return file.stat().st_size if file.exists() else 0

    def memory(self):
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.daemon.pid}/status").read_text())[1])  # KiB

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.daemon.pid}/fd"))


def least_squares(points):
    """The slope."""
    n = len(points)
    x, y = sum(p[0] for p in points) / n, sum(p[1] for p in points) / n
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


class Soak(unittest.TestCase):
    def now_and_then(self, often, what):
        """Does it each `often` seconds; in a trial ten times at least."""
        often = min(often, SECONDS / 10)
        self.due.append([often * (1 + len(self.due) / 10), often, what])

    def expect_alive(self, which):
        self.assertIsNone(which.daemon.poll(), (which.path / "log").read_text()[-3000:])

    def pause(self):
        self.steady.daemon.send_signal(signal.SIGSTOP)
        time.sleep(min(12, SAMPLE))
        self.steady.daemon.send_signal(signal.SIGCONT)

    def restart(self, how):
        self.expect_alive(self.killed)
        self.killed.note_newest()
        self.assertEqual(self.killed.end(how), -how if how == signal.SIGKILL else 0)
        self.killed.start()

    def read(self):
        for which in self.steady, self.killed:
            which.note_newest()
        said = self.steady.coinlake("status")
        self.assertIn(said.returncode, (0, 5), said.stdout + said.stderr)

    def plan_disturbances(self):
        self.due = []
        self.now_and_then(30, self.read)
        self.now_and_then(300, lambda: self.assertIn(self.steady.coinlake("doctor").returncode, (0, 1)))
        self.now_and_then(120, lambda: self.steady.sql("SELECT count(*), sum(price) FROM quote"))
        self.now_and_then(200, lambda: self.steady.daemon.send_signal(signal.SIGHUP))
        self.now_and_then(400, self.pause)
        self.now_and_then(300, lambda: self.restart(signal.SIGKILL))
        self.now_and_then(500, lambda: self.restart(signal.SIGTERM))

    def watch(self):
        """For HOURS: [(hours, KiB, descriptors, bytes of the -wal)]."""
        begin, samples = time.monotonic(), []
        while (now := time.monotonic() - begin) < SECONDS:
            for one in self.due:
                if one[0] <= now:
                    one[0] += one[1]
                    one[2]()
            self.expect_alive(self.steady)
            samples.append(((time.monotonic() - begin) / 3600, self.steady.memory(), self.steady.descriptors(),
                            self.steady.size("data/coinlake.db-wal")))
            time.sleep(max(0.0, SAMPLE - (time.monotonic() - begin - now)))
        return samples

    def expect_flat(self, samples):
        warm = samples[len(samples) // 4:]
        calm = [min(warm[i:i + 6], key=lambda one: one[1]) for i in range(0, len(warm) - 5, 6)]
        slope = least_squares([(one[0], one[1] / 1024) for one in calm])
        grown = min(one[1] for one in calm[-3:]) - min(one[1] for one in calm[:3])
        descriptors, wal, log = [one[2] for one in samples], [one[3] for one in samples], self.steady.size("log") / HOURS
        print(f"counted: {HOURS:g} h, {self.count()}, RSS from {calm[0][1] / 1024:.1f} to {calm[-1][1] / 1024:.1f} MiB (slope {slope:+.2f} MiB/h, "
              f"at most {max(one[1] for one in samples) / 1024:.1f}), {min(descriptors)} to {max(descriptors)} file descriptors, "
              f"WAL at most {max(wal) / MIB:.1f} MiB, log {log / 1000:.0f} kB/h", flush=True)
        said = f"RSS in KiB, each minute's least: {[one[1] for one in calm]}"
        self.assertLess(calm[-1][1], 40 * 1024, f"memory that one answer needed is kept; {said}")  # docs/performance.md's bar
        self.assertLess(grown, 4 * 1024, said)
        if HOURS >= 1:
            self.assertLess(slope, 1, said)
        quarter, half = len(samples) // 4, len(samples) // 2
        self.assertLessEqual(max(descriptors[quarter:]), max(descriptors[:quarter]) + 4, descriptors)
        self.assertLessEqual(max(wal[half:]), max(wal[:half]) + 4 * MIB, wal)
        self.assertLess(max(wal), 16 * MIB)
        self.assertLess(log, 1_000_000)

    def count(self):
        slots = {state: int(n) for state, n in (line.split(",") for line in self.steady.sql(
            "SELECT state, count(*) FROM slot GROUP BY state"))}
        total, collected = sum(slots.values()), slots.get("done", 0) + slots.get("late", 0)
        self.assertGreater(collected, total * 0.6, slots)
        return f"{total} slots ({collected} collected), {len(self.requests())} requests"

    def requests(self):
        return [json.loads(line) for line in (self.steady.path / "requests").read_text().splitlines()]

    def expect_nothing_lost_or_doubled(self, which):
        for words in ("ledger", "verify"), ("replay", "--check"):
            said = which.coinlake(*words, patience=PATIENCE + SECONDS)
            self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        kept = dict(line.split(",") for line in which.coinlake("query", "SELECT seq, hex(link) FROM batch", "-o", "csv", "--max-rows",
                                                               "10000000").stdout.splitlines()[1:])
        self.assertEqual({seq: link for seq, link in which.seen.items() if kept.get(seq) != link}, {}, "seen, and not there any more")
        self.assertGreater(len(which.seen), 5)
        twice = "SELECT count(*) FROM (SELECT 1 FROM quote WHERE flags & 8 = 0 GROUP BY series, event_time HAVING count(*) > 1)"
        gaps = ("SELECT count(*) FROM slot a WHERE at < (SELECT max(at) FROM slot b WHERE b.plan = a.plan) AND NOT EXISTS "
                "(SELECT 1 FROM slot b WHERE b.plan = a.plan AND b.at = a.at + 5000000)")
        self.assertEqual(which.sql(twice), ["0"])
        self.assertEqual(which.sql(gaps), ["0"], "a slot without a row")

    def expect_each_whole_answer_kept(self):
        """What the simulator sent whole and unhurt is in the ledger, but for those that came while the run's time was over."""
        whole = sum(one["status"] == 200 and not one["faults"] and ("markets" in one["path"] or "quotes" in one["path"])
                    for one in self.requests())
        kept = int(self.steady.sql("SELECT count(*) FROM raw WHERE status = 200 AND fault IS NULL")[0])
        given_up = int(self.steady.sql("SELECT count(*) FROM batch WHERE kind = 'failure'")[0])
        self.assertGreaterEqual(kept + given_up, whole)

    def test_f126_with_faults_on_memory_descriptors_wal_and_log_stay_flat_and_nothing_is_lost(self):
        self.steady, self.killed = Collector(self), Collector(self)
        self.plan_disturbances()
        samples = self.watch()
        for which in self.steady, self.killed:
            self.expect_alive(which)
            self.assertEqual(which.end(signal.SIGTERM), 0)
        self.expect_flat(samples)
        for which in self.steady, self.killed:
            self.expect_nothing_lost_or_doubled(which)
        self.expect_each_whole_answer_kept()


if __name__ == "__main__":
    unittest.main()
