"""Memory and size. Under a limit of memory a large result is whole, or refused in one line with nothing written; the newest values of
thousands of coins need no more than those of one. After a kill -9 with a long -wal a daemon on a ledger of a million observations collects
within ten seconds, with less than twice the memory that it needs on an empty one.

A million observations, a quarter of a gigabyte, are a sample of the ten that a ledger may have after years. They come from a provider in
this process, which has little to do for a page. Takes about four minutes."""

import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from contextlib import closing
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
from daemon_test import COINLAKE, PATIENCE  # noqa: E402

COINS, OBSERVATIONS = 20_000, 1_000_000
MANY = 1_000_000
MIB = 1 << 20
MORE = 16 * 1024  # KiB
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) SELECT i, i * 1.5 AS x, 'text ' || i AS t FROM n"


def row(i):
    return (f'{{"id":"coin-{i}","symbol":"c{i}","name":"Coin {i}","image":"https://example.invalid/{i}.png","current_price":{i}.TICK,'
            f'"market_cap":{10 ** 9 - i}.TICK,"market_cap_rank":{i},"fully_diluted_valuation":{10 ** 9},"total_volume":{i}000.TICK,'
            f'"high_24h":{i + 2}.5,"low_24h":{i - 1}.5,"price_change_24h":0.TICK,"price_change_percentage_24h":0.TICK,'
            f'"circulating_supply":{10 ** 6},"total_supply":{10 ** 6},"max_supply":null,"last_updated":"NOW"}}')


class Market(BaseHTTPRequestHandler):
    """COINS coins, each of them new in each answer."""

    protocol_version, wbufsize = "HTTP/1.1", MIB
    pages, ticks = {}, 0

    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        page, size = int(query["page"][0]), int(query["per_page"][0])
        first, Market.ticks = (page - 1) * size + 1, Market.ticks + 1
        rows = self.pages.setdefault((page, size), "[" + ",".join(row(i) for i in range(first, min(first + size, COINS + 1))) + "]")
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = rows.replace("TICK", f"{100000 + Market.ticks}").replace("NOW", now).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Ledger:
    """A folder, and what runs in it."""

    def __init__(self, url):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.environment = {**os.environ, "COINLAKE_COINGECKO__BASE_URL": url, "COINLAKE_COINGECKO__REQUESTS_PER_MINUTE": "10000"}
        self.daemon = None

    def run(self, top):
        (self.path / "coinlake.toml").write_text(f'[schedules.top-{top}]\nwhen = "every 1s"\ntop = {top}\ntimeout = "1m"\n')
        with open(self.path / "log", "a") as log:
            self.daemon = subprocess.Popen([COINLAKE, "run"], cwd=self.path, env=self.environment, stdout=log, stderr=log)

    def fill(self, observations, at_a_time):
        """By answers of 250 rows, the newest tenth of them in a -wal that a reader holds up. Then the daemon is killed."""
        pages = observations // 250
        self.run(at_a_time)
        self.wait_for(pages * 9 // 10, 900)
        with closing(self.connect()) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM run").fetchone()
            self.wait_for(pages, 300)
            self.end(signal.SIGKILL)

    def end(self, how=signal.SIGKILL):
        if self.daemon:
            self.daemon.send_signal(how)
            return self.daemon.wait(timeout=PATIENCE)

    def remove(self):
        self.end()
        self.folder.cleanup()

    def connect(self):
        return sqlite3.connect(f"file:{self.path}/data/coinlake.db?mode=ro", uri=True, isolation_level=None)

    def wal(self):
        return (self.path / "data/coinlake.db-wal").stat().st_size

    def batches(self):
        try:
            with closing(self.connect()) as ledger:
                return ledger.execute("SELECT coalesce(max(seq), 0) FROM batch").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # not yet

    def wait_for(self, batches, seconds):
        end = time.monotonic() + seconds
        while self.batches() < batches:
            if self.daemon.poll() is not None or time.monotonic() > end:
                raise AssertionError((self.path / "log").read_text()[-2000:])
            time.sleep(0.05)

    def memory(self):
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.daemon.pid}/status").read_text())[1])  # KiB

    def export(self, *words, at_most=None):
        """(exit code, peak in KiB, bytes written, what it said); with a limit of its data in bytes."""
        def confine():
            if at_most:
                resource.setrlimit(resource.RLIMIT_DATA, (at_most, at_most))

        with open(self.path / "out", "wb") as out, open(self.path / "err", "wb") as err:
            process = subprocess.Popen([COINLAKE, *words], cwd=self.path, env=self.environment, stdout=out, stderr=err, preexec_fn=confine)
            _, ended, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(ended)
        return process.returncode, used.ru_maxrss, (self.path / "out").stat().st_size, (self.path / "err").read_text()


class WithMarket(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.market = ThreadingHTTPServer(("127.0.0.1", 0), Market)
        cls.market.daemon_threads, cls.market.block_on_close = True, False
        threading.Thread(target=cls.market.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.market.server_close)
        cls.addClassCleanup(cls.market.shutdown)

    @classmethod
    def new_ledger(cls):
        ledger = Ledger(f"http://127.0.0.1:{cls.market.server_port}/api/v3")
        cls.addClassCleanup(ledger.remove)
        return ledger


class Start(WithMarket):
    def memory_of_a_start(self, ledger, before):
        """Seconds to the first page, and KiB after ten."""
        begin = time.monotonic()
        ledger.run(250)
        ledger.wait_for(before + 1, 60)
        seconds = time.monotonic() - begin
        ledger.wait_for(before + 10, 60)
        memory = ledger.memory()
        self.assertEqual(ledger.end(signal.SIGTERM), 0)
        return seconds, memory

    def test_f15_after_a_kill_a_million_observations_are_ready_in_ten_seconds_and_twice_the_memory_of_none(self):
        begin, large = time.monotonic(), self.new_ledger()
        large.fill(OBSERVATIONS, COINS)
        before, wal = large.batches(), large.wal()
        print(f"counted: {before * 250} observations in {time.monotonic() - begin:.0f} s, "
              f"{(large.path / 'data/coinlake.db').stat().st_size / MIB:.0f} MiB and a -wal of {wal / MIB:.0f} MiB", flush=True)
        self.assertGreater(wal, 16 * MIB)
        _, small = self.memory_of_a_start(self.new_ledger(), 0)
        seconds, memory = self.memory_of_a_start(large, before)
        print(f"counted: ready in {seconds:.1f} s; RSS {memory / 1024:.1f} MiB, of an empty ledger {small / 1024:.1f} MiB", flush=True)
        self.assertLess(seconds, 10)
        self.assertLess(memory, 2 * small)
        with closing(large.connect()) as reader:
            observations, = reader.execute("SELECT count(*) FROM obs").fetchone()
        self.assertGreaterEqual(observations, OBSERVATIONS)


class Export(WithMarket):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ledger = cls.new_ledger()
        cls.ledger.fill(100_000, 5000)

    def query(self, rows, form):
        return "query", NUMBERS.format(rows), "--timeout", "300", "--max-rows", str(MANY), "-o", form

    def test_f24_the_ten_newest_values_of_many_coins_need_no_more_memory_than_those_of_one(self):
        peaks = []
        for words in ("show", "coin-1", "--history", "--limit", "10"), ("show", "--history", "--limit", "10"):
            code, peak, _, said = self.ledger.export(*words, at_most=2048 * MIB)
            self.assertEqual((code, said), (0, ""), words)
            peaks.append(peak)
        print(f"counted: ten values of one coin in {peaks[0] / 1024:.0f} MiB, of {5000} in {peaks[1] / 1024:.0f} MiB", flush=True)
        self.assertLess(peaks[1], peaks[0] + MORE)

    def test_f24_without_a_word_a_million_rows_are_refused_and_nothing_is_written(self):
        code, _, size, said = self.ledger.export("query", NUMBERS.format(MANY), "-o", "csv")
        self.assertEqual((code, size), (1, 0), said)
        self.assertIn("--max-rows", said)

    def test_f24_under_a_limit_of_memory_an_export_is_whole_or_refused_in_one_line(self):
        for words in (self.query(MANY, "csv"), self.query(MANY, "json"), self.query(MANY, "table"), ("show", "--history"),
                      ("show", "--history", "--json"), ("runs", "--limit", str(MANY)), ("slots", "--limit", str(MANY))):
            with self.subTest(words=words[0], form=words[-1]):
                code, _, size, said = self.ledger.export(*words, at_most=64 * MIB)
                print(f"{words[0]} {words[-1]} within 64 MiB: exit {code}, {size} bytes, {said.strip()}", flush=True)
                if code != 0:
                    self.assertEqual(code, 1, said)
                    self.assertIn("memory", said)
                    self.assertLessEqual(said.count("\n"), 2)
                    self.assertEqual(size, 0, "a part was written")


if __name__ == "__main__":
    unittest.main()
