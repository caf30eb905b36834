"""The peer of `coinlake run`: the Python collectors as a process that stays. reference_loop.py bitcoin|page URL DATABASE

`bitcoin` is the one that runs all the time: a coin every five minutes, a look at the clock each second. SQLite stands in for
PostgreSQL; schedule, dotenv, psycopg2 and boto3, which it imports besides, would only make it larger. `page` does each second what
reference.py does with a page. What fails ends it.
"""

import sqlite3
import sys
import time
from datetime import datetime, timezone

import requests

EVERY = 300  # seconds
SCHEMA = """
CREATE TABLE IF NOT EXISTS bitcoin_precos (
  id INTEGER PRIMARY KEY, price NUMERIC, volume_24h NUMERIC, market_cap NUMERIC, last_updated TEXT UNIQUE,
  inserted_at TEXT DEFAULT CURRENT_TIMESTAMP
)"""


def quote(url):
    with requests.Session() as session:
        session.headers.update({"Accepts": "application/json", "X-CMC_PRO_API_KEY": "bench"})
        response = session.get(url + "/v2/cryptocurrency/quotes/latest", params={"symbol": "BTC", "convert": "BRL"}, timeout=10)
        response.raise_for_status()
        return response.json()["data"]["BTC"][0]["quote"]["BRL"]


def keep(path, brl):
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(SCHEMA)
        connection.execute(
            "INSERT INTO bitcoin_precos (price, volume_24h, market_cap, last_updated) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (last_updated) DO NOTHING",
            (brl["price"], brl["volume_24h"], brl["market_cap"], datetime.fromisoformat(brl["last_updated"]).isoformat()))
    connection.close()


def bitcoin(url, path):
    """The first at once; then as the library schedule does it."""
    due = datetime.now(timezone.utc).timestamp()
    while True:
        if datetime.now(timezone.utc).timestamp() >= due:
            keep(path, quote(url))
            due += EVERY
        time.sleep(1)


def page(url, path):
    import reference  # with pandas, which the other one does not need

    database = reference.Database(path)
    while True:
        time.sleep(1 - time.time() % 1)
        database.insert(reference.clean(reference.fetch(url)))


if __name__ == "__main__":
    job, address, file = sys.argv[1:]
    {"bitcoin": bitcoin, "page": page}[job](address, file)
