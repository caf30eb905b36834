"""coinlake run through each scenario of the simulator, twenty times as fast: what is asked for stays within the budget, nothing that was
acknowledged is lost or doubled, memory stays flat, and `status` and `doctor` name the cause in one line.

Takes about five minutes. PROVE_SCENARIOS=bad-monday,silent-stall plays only these."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
from daemon_test import COINLAKE, PATIENCE, Provider  # noqa: E402

SPEED_UP = 20
LIMITS = {"coingecko": 70, "coinmarketcap": 40}  # a minute; the schedules alone use 61 and 31
CONFIGURATION = """
[time]
zone = "UTC"
[schedules.gecko]
when = "every 1s"
top = 250
freshness = "2s"
timeout = "5s"
[schedules.cap]
when = "every 2s"
source = "coinmarketcap"
ids = ["1", "1027"]
freshness = "3s"
timeout = "5s"
"""
# Its fault's number, how long it lasts in its own minutes, and what names its cause in doctor's lines while it lasts, and in status's.
SCENARIOS = {
    "bad-monday": (27, 12, r"429|slow down|Throttled"),
    "captive-portal": (34, 6, r"HTML|redirect"),
    "key-revoked-at-noon": (43, 6, r"401|1001|[Kk]ey"),
    "silent-stall": (127, 11, r"newest values|stale"),
    "torn-answers": (32, 12, r"cut|reset|chunk|header|limit|larger|malformed|list of coins|closed"),
    "shifting-market": (56, 13, r"clock"),
}


class Scenario(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        (self.path / "coinlake.toml").write_text(CONFIGURATION)

    def play(self, name):
        provider = Provider("scenario", name, "--speed-up", str(SPEED_UP), "--log", str(self.path / "requests"))
        self.addCleanup(provider.stop)
        host = provider.url.split("/api")[0]
        self.environment = {**os.environ, "CMC_API_KEY": "cmc-0123456789", "COINLAKE_COINGECKO__BASE_URL": provider.url,
                            "COINLAKE_COINMARKETCAP__BASE_URL": host, "COINLAKE_COINMARKETCAP__CREDITS_PER_MONTH": "100000000",
                            **{f"COINLAKE_{source.upper()}__REQUESTS_PER_MINUTE": str(most) for source, most in LIMITS.items()}}
        log = open(self.path / "log", "w")
        self.addCleanup(log.close)
        self.daemon = subprocess.Popen([COINLAKE, "run"], cwd=self.path, env=self.environment, stdout=log, stderr=log)
        self.addCleanup(lambda: self.daemon.poll() is None and self.daemon.kill())

    def coinlake(self, *words):
        return subprocess.run([COINLAKE, *words], cwd=self.path, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)

    def sql(self, text):
        return self.coinlake("query", text, "-o", "csv").stdout.splitlines()[1:]

    def memory(self):
        status = Path(f"/proc/{self.daemon.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def watch(self, minutes):
        """Until the scenario is over: what doctor and status say is wrong, and the memory meanwhile."""
        doctor, status, memory = set(), set(), []
        end = time.monotonic() + minutes * 60 / SPEED_UP
        while time.monotonic() < end:
            self.assertIsNone(self.daemon.poll(), (self.path / "log").read_text()[-2000:])
            said = self.coinlake("doctor", "--json")
            doctor.update(found["text"] for found in (json.loads(said.stdout) if said.stdout else []) if not found["ok"])
            status.update(self.coinlake("status").stdout.splitlines())
            memory.append(self.memory())
        return doctor, status, memory

    def expect_within_the_budget(self):
        asked = {source: [] for source in LIMITS}
        for line in (self.path / "requests").read_text().splitlines():
            request = json.loads(line)
            asked[request["provider"]].append(datetime.fromisoformat(request["time"].replace("Z", "+00:00")))
        for source, times in asked.items():
            self.assertGreater(len(times), 0, source)
            most = max(sum(begin <= at < begin + timedelta(seconds=60) for at in times) for begin in times)
            self.assertLessEqual(most, LIMITS[source], source)

    def expect_nothing_lost_or_doubled(self):
        self.assertEqual(self.coinlake("ledger", "verify").returncode, 0, self.coinlake("ledger", "verify").stderr)
        self.assertEqual(self.coinlake("replay", "--check").returncode, 0)
        twice = ("SELECT count(*) FROM (SELECT 1 FROM quote WHERE flags & 8 = 0 GROUP BY series, event_time HAVING count(*) > 1)")
        self.assertEqual(self.sql(twice), ["0"])
        for plan, seconds in ("gecko", 1), ("cap", 2):
            gaps = (f"SELECT count(*) FROM slot a WHERE plan = '{plan}' AND at < (SELECT max(at) FROM slot WHERE plan = '{plan}') AND NOT "
                    f"EXISTS (SELECT 1 FROM slot b WHERE b.plan = '{plan}' AND b.at = a.at + {seconds}000000)")
            self.assertEqual(self.sql(gaps), ["0"], f"{plan}: a slot without a row")

    def go_through(self, name):
        _, minutes, cause = SCENARIOS[name]
        self.play(name)
        doctor, status, memory = self.watch(minutes)
        self.daemon.send_signal(signal.SIGTERM)
        self.assertEqual(self.daemon.wait(timeout=PATIENCE), 0)
        self.assertTrue(any(re.search(cause, line) for line in doctor), f"doctor does not name it: {doctor}")
        self.assertTrue(any(re.search(cause, line) for line in status), f"status does not name it: {status}")
        self.expect_within_the_budget()
        self.expect_nothing_lost_or_doubled()
        self.assertLess(memory[-1] - memory[len(memory) // 3], 4000, f"memory grows: {memory}")


def test_of(name):
    return lambda self: self.go_through(name)


for scenario, (number, _, _) in SCENARIOS.items():
    if scenario in os.environ.get("PROVE_SCENARIOS", scenario).split(","):
        setattr(Scenario, f"test_f{number}_{scenario.replace('-', '_')}", test_of(scenario))


if __name__ == "__main__":
    unittest.main()
