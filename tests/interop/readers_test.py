"""Plain sqlite3 and pandas read the views while a collection runs, as users of the Python collector do."""

import os
import sqlite3
import subprocess
import tempfile
import unittest
from pathlib import Path

import pandas as pd

COINLAKE = os.environ["COINLAKE_BINARY"]
SIM = os.environ["COINLAKE_SIM_BINARY"]
REFERENCE_COLUMNS = [
    "id", "coin_id", "symbol", "name", "current_price", "market_cap", "market_cap_rank", "total_volume", "high_24h", "low_24h",
    "price_change_24h", "price_change_percentage_24h", "circulating_supply", "total_supply", "max_supply", "ath", "ath_date",
    "atl", "atl_date", "volatility_24h", "distance_from_ath", "distance_from_atl", "volume_to_mcap_ratio", "last_updated",
    "collected_at",
]


class Readers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.ledger = str(Path(self.folder.name) / "ledger.db")

    def simulator(self, *options):
        process = subprocess.Popen([SIM, *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.wait(), process.stdout.close()))
        return process.stdout.readline().split()[-1]

    def environment(self, url):
        return {**os.environ, "COINLAKE_COINGECKO__BASE_URL": url, "COINLAKE_COINGECKO__REQUESTS_PER_MINUTE": "6000"}

    def collect(self, url, *options):
        command = [COINLAKE, "collect", "--no-cache", "--db-path", self.ledger, *options]
        return subprocess.run(command, env=self.environment(url), check=True, capture_output=True, text=True)

    def read(self, sql):
        connection = sqlite3.connect(self.ledger)
        try:
            return pd.read_sql(sql, connection)
        finally:
            connection.close()

    def test_the_compatibility_view_has_the_reference_columns_and_formats(self):
        self.collect(self.simulator("--coins", "300"), "--top", "250")
        frame = self.read("SELECT * FROM cryptocurrency_data")
        self.assertEqual(list(frame.columns), REFERENCE_COLUMNS)
        self.assertEqual(len(frame), 250)
        self.assertTrue((frame.symbol == frame.symbol.str.upper()).all())
        self.assertTrue(frame.collected_at.str.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}").all())
        self.assertEqual(str(pd.to_datetime(frame.last_updated.dropna()).dt.tz), "UTC")
        self.assertEqual(len(self.read("SELECT * FROM cryptocurrency_data WHERE collected_at >= datetime('now', '-1 hour')")), 250)
        self.assertEqual(len(self.read("SELECT * FROM bitcoin_precos")), 0)

    def test_derived_columns_are_what_pandas_computed(self):
        self.collect(self.simulator("--coins", "300"), "--top", "250")
        f = self.read("SELECT * FROM cryptocurrency_data").dropna(subset=["high_24h", "low_24h", "ath", "atl"])
        expected = {
            "volatility_24h": (f.high_24h - f.low_24h) / f.current_price * 100,
            "distance_from_ath": (f.current_price - f.ath) / f.ath * 100,
            "distance_from_atl": (f.current_price - f.atl) / f.atl * 100,
        }
        for column, values in expected.items():
            pd.testing.assert_series_equal(f[column], values, check_names=False, rtol=1e-12)

    def test_views_can_be_read_all_the_time_while_a_sweep_runs(self):
        url = self.simulator("--coins", "3000", "--delay", "20")
        command = [COINLAKE, "collect", "--all", "--verbose", "--db-path", self.ledger]
        sweep = subprocess.Popen(command, env=self.environment(url), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        seen = []
        for line in sweep.stderr:  # a line a page: read while the next one is fetched
            if " stored" in line:
                seen.append(len(self.read("SELECT coin_id, current_price FROM cryptocurrency_data")))
        sweep.stderr.close()
        self.assertEqual(sweep.wait(), 0)
        self.assertEqual(seen, sorted(seen))
        self.assertGreaterEqual(len(seen), 12)
        self.assertTrue(all(count % 250 == 0 for count in seen), "a reader saw half a page")
        self.assertEqual(len(self.read("SELECT * FROM cryptocurrency_latest")), 3000)


if __name__ == "__main__":
    unittest.main()
