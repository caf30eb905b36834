"""Damaged files of a ledger (F12): a thousand samples, a byte flipped, a page zeroed or the end cut off, in the ledger and in the -wal that
a kill -9 left. `ledger verify` finds each, or nothing that can be read is another. No file is changed or deleted by whoever finds it.

Takes two or three minutes. PROVE_SAMPLES=100 tries fewer. It prints one line with what it counted."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import zstandard

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
from daemon_test import COINLAKE, PATIENCE, Provider  # noqa: E402

SAMPLES = int(os.environ.get("PROVE_SAMPLES", "1000"))
PAGE = 4096
# What verify may say: all is well, it is damaged, or it is no ledger any more (or one of a newer version).
WELL, CORRUPT, NO_LEDGER = 0, 3, 78
CONFIGURATION = '[schedules.fast]\nwhen = "every 1s"\ntop = 20\nfreshness = "2s"\n'


def rows_of(db, table):
    """A compressed answer counts as what it unpacks to: some of its bits say nothing."""
    rows = db.execute(f'SELECT * FROM "{table}"')
    if table == "raw_body":
        return [(seq, n, zstandard.decompress(packed)) for seq, n, packed in rows]
    return rows


def dump(path):
    """Every row of every table, as any program reads them."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        names = [name for name, in db.execute(tables)]
        rows = {name: sorted(map(repr, rows_of(db, name))) for name in names}
    db.close()
    return rows


class Ledger:
    """What a daemon that was killed left: a part of it is in the -wal only."""

    def __init__(self, folder):
        self.path = Path(folder) / "whole.db"
        (Path(folder) / "coinlake.toml").write_text(CONFIGURATION)
        provider = Provider("--coins", "50", "--moving")
        try:
            self.collect(folder, provider, lambda daemon: daemon.terminate())
            self.collect(folder, provider, lambda daemon: daemon.kill())
        finally:
            provider.stop()
        self.bytes = {suffix: Path(f"{self.path}{suffix}").read_bytes() for suffix in ("", "-wal", ".lock")}

    def collect(self, folder, provider, end):
        environment = {**os.environ, "COINLAKE_COINGECKO__BASE_URL": provider.url, "COINLAKE_LEDGER__PATH": str(self.path),
                       "COINLAKE_COINGECKO__REQUESTS_PER_MINUTE": "6000"}
        with open(Path(folder) / "log", "a") as log:
            daemon = subprocess.Popen([COINLAKE, "run"], cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            self.wait_for_pages(8)
        finally:
            end(daemon)
            daemon.wait(timeout=PATIENCE)

    def wait_for_pages(self, n):
        pages = "SELECT count(*) FROM batch WHERE kind = 'answer'"
        began, end = None, time.monotonic() + PATIENCE
        while time.monotonic() < end:
            said = subprocess.run([COINLAKE, "query", pages, "-o", "csv", "--db-path", self.path], capture_output=True, text=True)
            now = int(said.stdout.splitlines()[1]) if said.returncode == 0 else 0
            began = now if began is None else began
            if now >= began + n:
                return
        raise AssertionError(f"never {n} pages more")


class CorruptionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.ledger = Ledger(cls.folder.name)
        cls.rows = dump(cls.place(cls.ledger.bytes))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def place(cls, content):
        """These files in a folder of their own; the ledger's path."""
        folder = Path(cls.folder.name) / "sample"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for suffix, data in content.items():
            (folder / f"ledger.db{suffix}").write_bytes(data)
        return folder / "ledger.db"

    def coinlake(self, path, *words):
        environment = {**os.environ, "COINLAKE_COINGECKO__BASE_URL": "http://127.0.0.1:1/api/v3"}
        return subprocess.run([COINLAKE, *words, "--db-path", path], cwd=self.folder.name, env=environment, capture_output=True, text=True,
                              timeout=PATIENCE)

    def is_found(self, path):
        said = self.coinlake(path, "ledger", "verify")
        self.assertIn(said.returncode, (WELL, CORRUPT, NO_LEDGER), said.stdout + said.stderr)
        return said.returncode != WELL

    def expect_untouched(self, path, content):
        for suffix, data in content.items():
            self.assertEqual(Path(f"{path}{suffix}").read_bytes(), data, f"ledger.db{suffix} was changed")

    def sample(self, suffix, damage):
        """Whether verify finds it; otherwise every row is as it was."""
        content = {**self.ledger.bytes, suffix: damage(self.ledger.bytes[suffix])}
        path = self.place(content)
        found = self.is_found(path)
        self.expect_untouched(path, content)
        if not found:
            self.assertEqual(dump(path), self.rows)
        return found

    def run_samples(self, number, suffix, damage, what):
        found = []
        for k in range(number):
            chance = random.Random(f"{what} {suffix} {k}")
            with self.subTest(file=suffix or "ledger", sample=k):
                found.append(self.sample(suffix, lambda data: damage(chance, bytearray(data))))
        self.assertEqual(len(found), number, "some samples failed")
        self.assertGreater(sum(found), number // 10, "few are found: is anything damaged at all?")
        print(f"counted: {what} in the {suffix or 'ledger'}: {sum(found)} of {number} found, the others changed no row")

    @staticmethod
    def flip(chance, data):
        data[chance.randrange(1, len(data))] ^= 1 << chance.randrange(8)
        return bytes(data)

    @staticmethod
    def zero(chance, data):
        begin = chance.randrange(len(data) // PAGE) * PAGE
        data[begin:begin + PAGE] = bytes(len(data[begin:begin + PAGE]))
        return bytes(data)

    @staticmethod
    def cut(chance, data):
        return bytes(data[:chance.randrange(1, len(data))])

    def test_f12_the_whole_one_is_found_well(self):
        path = self.place(self.ledger.bytes)
        self.assertFalse(self.is_found(path))
        self.assertGreater(len(self.ledger.bytes["-wal"]), 10 * PAGE, "nothing is in the -wal alone")

    def test_f12_a_flipped_bit_in_the_ledger_is_found_or_changes_no_row(self):
        self.run_samples(SAMPLES // 2, "", self.flip, "a flipped bit")

    def test_f12_a_flipped_bit_in_the_wal_is_found_or_changes_no_row(self):
        self.run_samples(SAMPLES // 2, "-wal", self.flip, "a flipped bit")

    def test_f12_a_page_of_zeros_is_found_or_changes_no_row(self):
        self.run_samples(SAMPLES // 20, "", self.zero, "a page of zeros")
        self.run_samples(SAMPLES // 20, "-wal", self.zero, "a page of zeros")

    def test_f12_an_end_that_is_cut_off_is_found_or_changes_no_row(self):
        self.run_samples(SAMPLES // 20, "", self.cut, "a cut-off end")
        self.run_samples(SAMPLES // 20, "-wal", self.cut, "a cut-off end")

    def test_f12_a_writer_refuses_what_lacks_its_end_and_leaves_it_as_it_is(self):
        tried = 0
        for k in range(20):
            content = {**self.ledger.bytes, "-wal": self.cut(random.Random(k), bytearray(self.ledger.bytes["-wal"]))}
            path = self.place(content)
            if self.is_found(path):
                tried += 1
                self.expect_refused(path, {suffix: content[suffix] for suffix in ("", "-wal")})
        self.assertGreaterEqual(tried, 15, "of 20 cuts")

    def expect_refused(self, path, content):
        said = self.coinlake(path, "collect", "--top", "20")
        self.assertEqual(said.returncode, CORRUPT, said.stderr)
        self.assertIn("acknowledged", said.stderr)
        self.expect_untouched(path, content)


if __name__ == "__main__":
    unittest.main()
