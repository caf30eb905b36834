"""The daemon on a machine that misbehaves: its clock is set, its disk fills up, its provider hangs, freezes or refuses the key.

The clock is libfaketime's (the monotonic one stays real), the full disk a tmpfs of its own (who may not mount one fails that test),
the provider coinlake-sim. `coinlake status` must say in one line what is wrong; nothing is lost; it goes on alone."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

COINLAKE, SIMULATOR = os.environ["COINLAKE_BINARY"], os.environ["COINLAKE_SIM_BINARY"]
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
PATIENCE = 40


class Provider:
    """coinlake-sim on one port, whatever it plays."""

    def __init__(self, *options, port=0):
        self.process = subprocess.Popen([SIMULATOR, *options, "--port", str(port), "--until-stdin-closes"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.split(":")[2].split("/")[0])

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


class Daemon(unittest.TestCase):
    """A daemon in a folder of its own, and what is asked of it; without tests."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.daemon = self.provider = None
        self.more = {}

    def tearDown(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait()
        if self.provider:
            self.provider.stop()
        self.folder.cleanup()

    def play(self, *options):
        """Another provider at the same address."""
        port = self.provider.port if self.provider else 0
        if self.provider:
            self.provider.stop()
        self.provider = Provider(*options, port=port)

    def configure(self, schedule='when = "every 1s"\ntop = 20\nfreshness = "2s"\n'):
        (self.path / "coinlake.toml").write_text("[schedules.fast]\n" + schedule)

    def environment(self):
        return {**os.environ, "COINLAKE_COINGECKO__BASE_URL": self.provider.url,
                "COINLAKE_COINGECKO__REQUESTS_PER_MINUTE": "6000", **self.more}

    def start(self):
        with open(self.path / "log", "a") as log:
            self.daemon = subprocess.Popen([COINLAKE, "run"], cwd=self.path, env=self.environment(), stdout=log, stderr=log)

    def stop(self):
        self.daemon.send_signal(signal.SIGTERM)
        self.assertEqual(self.daemon.wait(timeout=PATIENCE), 0)

    def coinlake(self, *words):
        plain = {**os.environ, "COINLAKE_COINGECKO__BASE_URL": self.provider.url}
        return subprocess.run([COINLAKE, *words], cwd=self.path, env=plain, capture_output=True, text=True, timeout=PATIENCE)

    def sql(self, text):
        return self.coinlake("query", text, "-o", "csv").stdout.splitlines()[1:]

    def status(self):
        return json.loads(self.coinlake("status", "--json").stdout)

    def eventually(self, true, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if true():
                    return
            except (json.JSONDecodeError, KeyError, IndexError, TypeError):
                pass  # there is no ledger yet
        self.fail(f"never: {what}\n{self.coinlake('status').stdout}\n{(self.path / 'log').read_text()[-3000:]}")

    def collects(self, n=2):
        done = "SELECT count(*) FROM slot WHERE state IN ('done', 'late')"
        before = int((self.sql(done) or ["0"])[0])
        self.eventually(lambda: int(self.sql(done)[0]) >= before + n, "it collects")

    def expect_sound(self):
        self.assertEqual(self.coinlake("ledger", "verify").returncode, 0)
        self.assertEqual(self.coinlake("replay", "--check").returncode, 0)
        gaps = ("SELECT count(*) FROM slot a WHERE at < (SELECT max(at) FROM slot) AND NOT EXISTS "
                "(SELECT 1 FROM slot b WHERE b.at = a.at + 1000000)")
        self.assertEqual(self.sql(gaps), ["0"], "a slot without a row")

    def fill_disk(self):
        with open(self.path / "fill", "wb", buffering=0) as fill:
            for size in (65536, 4096, 1):
                try:
                    while fill.write(b"\0" * size):
                        pass
                except OSError:
                    pass


class DaemonTest(Daemon):
    # --- clocks

    def step_clock(self, there, back="+0"):
        clock = self.path / "clock"
        clock.write_text("+0")
        self.more = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
                     "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        self.play("--coins", "50", "--moving")
        self.configure()
        self.start()
        self.collects()
        last = self.sql("SELECT max(known_at) FROM batch")[0]
        clock.write_text(there)
        self.eventually(lambda: self.status()["clock"], "the status speaks of the clock")
        text = self.coinlake("status").stdout
        self.assertEqual(text.count("! the clock is not believed"), 1, text)
        clock.write_text(back)
        self.collects()
        self.eventually(lambda: self.status()["clock"] is None, "the clock is believed again")
        self.stop()
        self.assertLess(int(self.sql("SELECT max(known_at) FROM batch")[0]) - int(last), PATIENCE * 3_000_000,
                        "known_at followed a wrong clock")
        self.expect_sound()

    def test_f56_a_clock_set_ahead_by_an_hour_pauses_says_so_and_goes_on_alone(self):
        self.step_clock("+1h")

    def test_f56_a_clock_set_back_by_an_hour_pauses_says_so_and_goes_on_alone(self):
        self.step_clock("-1h")

    def test_f56_ten_years_ahead_write_no_row(self):
        self.step_clock("+10y")
        self.assertEqual(self.sql("SELECT count(*) FROM slot WHERE at > 1000000 * (strftime('%s', 'now') + 60)"), ["0"])

    # --- the disk

    def test_f17_a_full_disk_pauses_says_so_loses_nothing_and_goes_on_alone(self):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24M", "tmpfs", self.path], capture_output=True)
        self.play("--coins", "50", "--moving")
        self.configure()
        self.assertEqual(mounted.returncode, 0, mounted.stderr)  # a skipped proof would count as one
        try:
            self.start()
            self.collects()
            self.fill_disk()
            self.eventually(lambda: "disk" in self.coinlake("status").stdout.split("schedule")[0], "the status says why")
            self.assertNotEqual(self.sql("SELECT count(*) FROM quote"), [], "reading goes on")
            os.remove(self.path / "fill")
            self.collects()
            self.stop()
            self.expect_sound()
            self.assertRegex((self.path / "log").read_text(), "disk.* full|No space left", "the log says it, too")
            shutil.rmtree(self.path / "data")
            self.fill_disk()
            self.start()
            self.assertEqual(self.daemon.wait(timeout=PATIENCE), 1, "a matter of the moment: a supervisor tries again")
        finally:
            if self.daemon and self.daemon.poll() is None:
                self.daemon.kill()
                self.daemon.wait()
            subprocess.run(["umount", "-l", self.path], check=True)

    # --- the provider

    def test_f127_the_same_page_for_ever_is_stale_within_three_intervals_of_the_objective(self):
        self.play("--coins", "50")  # it stands still
        self.configure()
        self.start()
        self.collects(1)
        self.eventually(lambda: self.coinlake("status").returncode == 5, "it is stale")
        self.assertEqual(self.status()["schedules"]["fast"]["state"], "stale")
        self.assertEqual(self.sql("SELECT count(*) FROM run_summary WHERE outcome <> 'ok'"), ["0"], "each run was fine")
        self.stop()

    def test_f43_a_revoked_key_is_said_in_one_line_and_a_good_one_goes_on(self):
        self.play("--coins", "50", "--moving")
        self.configure()
        self.start()
        self.collects()
        self.play("--coins", "50", "--status", "401")
        self.eventually(lambda: self.status()["schedules"]["fast"]["slots_24h"]["skipped"] > 1, "slots are skipped")
        self.assertIn("401", self.coinlake("status").stdout)
        spent = "SELECT count(*) FROM spend"
        before = self.sql(spent)
        self.eventually(lambda: self.status()["schedules"]["fast"]["slots_24h"]["skipped"] > 4, "more are skipped")
        self.assertEqual(self.sql(spent), before, "nobody is asked while the key is refused")
        self.stop()
        self.expect_sound()

    def test_f44_a_network_that_is_gone_is_said_and_it_goes_on_alone(self):
        self.play("--coins", "50", "--moving")
        self.configure()
        self.start()
        self.collects()
        port = self.provider.port
        self.provider.stop()
        self.eventually(lambda: self.status()["providers"]["coingecko"]["breaker"] == "open", "the breaker opens")
        self.assertIn("no connection", self.coinlake("status").stdout)
        self.provider = Provider("--coins", "50", "--moving", port=port)
        self.collects()
        self.eventually(lambda: self.status()["providers"]["coingecko"]["breaker"] == "closed", "the breaker closes")
        self.stop()
        self.expect_sound()


if __name__ == "__main__":
    unittest.main()
