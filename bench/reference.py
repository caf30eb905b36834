"""The peer: what the Python collector does with a page (requests, pandas, to_sql), its table and its indexes.

As a program, `reference.py URL DATABASE` is its whole collection of one page, and `reference.py --newest DATABASE` the twenty
largest coins of the newest one, as its users read them.
"""

import json
import sqlite3
import sys
from datetime import datetime

import pandas as pd
import requests

FIELDS = [
    "id", "symbol", "name", "current_price", "market_cap", "market_cap_rank", "total_volume", "high_24h", "low_24h",
    "price_change_24h", "price_change_percentage_24h", "circulating_supply", "total_supply", "max_supply", "ath", "ath_date",
    "atl", "atl_date", "last_updated",
]
DATES = ["ath_date", "atl_date", "last_updated"]
NUMBERS = [field for field in FIELDS[3:] if field not in DATES]

SCHEMA = """
CREATE TABLE IF NOT EXISTS cryptocurrency_data (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  coin_id TEXT NOT NULL, symbol TEXT NOT NULL, name TEXT NOT NULL,
  current_price REAL, market_cap REAL, market_cap_rank INTEGER, total_volume REAL, high_24h REAL, low_24h REAL,
  price_change_24h REAL, price_change_percentage_24h REAL, circulating_supply REAL, total_supply REAL, max_supply REAL,
  ath REAL, ath_date TEXT, atl REAL, atl_date TEXT,
  volatility_24h REAL, distance_from_ath REAL, distance_from_atl REAL, volume_to_mcap_ratio REAL,
  last_updated TEXT, collected_at TEXT NOT NULL,
  UNIQUE (coin_id, collected_at)
);
CREATE INDEX IF NOT EXISTS idx_coin_id ON cryptocurrency_data (coin_id);
CREATE INDEX IF NOT EXISTS idx_collected_at ON cryptocurrency_data (collected_at);
CREATE INDEX IF NOT EXISTS idx_market_cap_rank ON cryptocurrency_data (market_cap_rank);
"""


def clean(coins):
    """Rows as answered to typed columns and the four derived ones."""
    frame = pd.DataFrame([{**{field: coin.get(field) for field in FIELDS}, "symbol": coin["symbol"].upper()} for coin in coins])
    frame["collected_at"] = datetime.now()
    for column in DATES:
        frame[column] = pd.to_datetime(frame[column], errors="coerce")
    for column in NUMBERS:
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
    frame["volatility_24h"] = (frame["high_24h"] - frame["low_24h"]) / frame["current_price"] * 100
    frame["distance_from_ath"] = (frame["current_price"] - frame["ath"]) / frame["ath"] * 100
    frame["distance_from_atl"] = (frame["current_price"] - frame["atl"]) / frame["atl"] * 100
    frame["volume_to_mcap_ratio"] = frame["total_volume"] / frame["market_cap"]
    return frame


def decode(body):
    return clean(json.loads(body))


class Database:
    def __init__(self, path):
        self.connection = sqlite3.connect(path)
        self.connection.executescript(SCHEMA)

    def insert(self, frame):
        frame = frame.rename(columns={"id": "coin_id"})
        frame.to_sql("cryptocurrency_data", self.connection, if_exists="append", index=False)
        self.connection.commit()

    def rows(self):
        return self.connection.execute("SELECT count(*) FROM cryptocurrency_data").fetchone()[0]


def fetch(url):
    with requests.Session() as session:
        session.headers.update({"Accept": "application/json", "User-Agent": "CryptoDataCollector/1.0"})
        query = {"vs_currency": "usd", "order": "market_cap_desc", "per_page": 250, "page": 1, "sparkline": "false",
                 "price_change_percentage": "24h"}
        response = session.get(url + "/coins/markets", params=query, timeout=10)
        response.raise_for_status()
        return response.json()


def newest(path):
    return pd.read_sql(
        "SELECT symbol, name, current_price, market_cap FROM cryptocurrency_data WHERE collected_at = "
        "(SELECT max(collected_at) FROM cryptocurrency_data) ORDER BY market_cap_rank LIMIT 20", sqlite3.connect(path))


if __name__ == "__main__":
    first, path = sys.argv[1:]
    if first == "--newest":
        print(newest(path).to_string())
    else:
        Database(path).insert(clean(fetch(first)))
