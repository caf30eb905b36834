"""The reference's own dashboard query on its own table, with pandas, as its users run it."""

import os
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

import pandas as pd

COINLAKE = os.environ["COINLAKE_BINARY"]
SIM = os.environ["COINLAKE_SIM_BINARY"]
QUERY = "SELECT * FROM bitcoin_precos ORDER BY last_updated DESC LIMIT 100"
COLUMNS = ["id", "price", "volume_24h", "market_cap", "last_updated", "inserted_at"]


class Reference(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / ".env").write_text("CMC_API_KEY=a-key-of-coinmarketcap\n")

    def simulator(self, *options):
        """Its address as CoinMarketCap."""
        process = subprocess.Popen([SIM, *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.wait(), process.stdout.close()))
        process.stdout.readline()
        return process.stdout.readline().split()[-1]

    def preset(self, url, **more):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COINLAKE_", "CMC_"))}
        return subprocess.Popen([COINLAKE, "collect", "--preset", "bitcoin", "--no-cache"], cwd=self.folder, text=True,
                                env={**kept, "COINLAKE_COINMARKETCAP__BASE_URL": url, **more},
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def collect(self, url):
        done = self.preset(url)
        out, err = done.communicate(timeout=60)
        self.assertEqual(done.returncode, 0, err)
        return out

    def dashboard(self):
        """What the dashboard did with its table."""
        connection = sqlite3.connect(self.folder / "data/coinlake.db")
        try:
            frame = pd.read_sql(QUERY, connection)
        finally:
            connection.close()
        frame["last_updated"] = pd.to_datetime(frame["last_updated"])
        frame["inserted_at"] = pd.to_datetime(frame["inserted_at"])
        return frame

    def assert_a_table(self, frame, rows):
        self.assertEqual(list(frame.columns), COLUMNS)
        self.assertEqual(len(frame), rows)
        self.assertTrue((frame[["price", "volume_24h", "market_cap"]] > 0).all(axis=None))
        self.assertEqual([str(frame[column].dtype) for column in ("price", "volume_24h", "market_cap")], ["float64"] * 3)
        self.assertEqual([str(frame[column].dt.tz) for column in ("last_updated", "inserted_at")], ["UTC", "UTC"])
        self.assertTrue(frame["last_updated"].is_monotonic_decreasing)
        self.assertTrue(frame["id"].is_unique)
        self.assertTrue((frame["last_updated"] <= frame["inserted_at"]).all())

    def test_the_dashboards_query_on_a_moving_market(self):
        url = self.simulator("--moving", "--coins", "20")
        shown = [self.collect(url) for _ in range(5)]
        frame = self.dashboard()
        self.assert_a_table(frame, 5)
        self.assertEqual(frame["price"].nunique(), 5)
        self.assertTrue(all(f"{price:,.2f} brl" in line for price, line in zip(frame["price"][::-1], shown)),
                        "the table has other prices than those that were shown")
        latest = frame.iloc[0]  # as its dashboard's tiles had it
        self.assertEqual(latest["price"], frame.loc[frame["last_updated"].idxmax(), "price"])
        self.assertLess(pd.Timestamp.now(tz="UTC") - latest["inserted_at"], pd.Timedelta(minutes=5))

    def test_a_price_that_stands_still_is_one_row(self):
        url = self.simulator("--coins", "20")
        for _ in range(3):
            self.collect(url)
        self.assert_a_table(self.dashboard(), 1)

    def test_a_corrected_price_replaces_the_one_of_its_moment(self):
        url = self.simulator("--coins", "20", "--change-price", "--on", "2")
        self.collect(url)
        before = self.dashboard()
        self.collect(url)
        after = self.dashboard()
        self.assert_a_table(after, 1)
        self.assertEqual(list(after["last_updated"]), list(before["last_updated"]))
        self.assertNotEqual(list(after["price"]), list(before["price"]))

    def test_other_coins_and_currencies_are_not_in_it(self):
        url = self.simulator("--coins", "20")
        kept = {**os.environ, "COINLAKE_COINMARKETCAP__BASE_URL": url}
        for question in (["--ids", "1", "--convert", "USD"], ["--ids", "1027", "--convert", "BRL"], ["--top", "20", "--convert", "BRL"]):
            subprocess.run([COINLAKE, "collect", "--source", "coinmarketcap", *question], cwd=self.folder, env=kept,
                           check=True, capture_output=True)
        self.assertEqual(len(self.dashboard()), 0)
        self.collect(url)
        self.assert_a_table(self.dashboard(), 1)

    def test_it_can_be_read_while_a_collection_runs(self):
        url = self.simulator("--moving", "--coins", "20", "--delay", "300", "--on", "3,4,5,6")
        for _ in range(2):
            self.collect(url)
        reads = []
        for number in range(3, 7):
            running = self.preset(url)
            while running.poll() is None:
                frame = self.dashboard()
                self.assert_a_table(frame, len(frame))
                reads.append(len(frame))
            _, err = running.communicate()
            self.assertEqual(running.returncode, 0, err)
            self.assertEqual(len(self.dashboard()), number)
        self.assertEqual(reads, sorted(reads))
        self.assertGreaterEqual(len(reads), 4)
        self.assertEqual(min(reads), 2)


if __name__ == "__main__":
    unittest.main()
