"""docs/contracts/ledger.md against a ledger: every table, view and column that is there, with its type, and no other."""

import re
import unittest
from contextlib import closing

from json_contract import CONTRACTS, Contract

STORED = {"integer": "INTEGER", "time": "INTEGER", "real": "REAL", "text": "TEXT", "blob": "BLOB"}
UNFILLED = {"plan_version", "slot", "run_plan", "condition"}  # no command of today collects by a schedule
FORMS = {"ISO 8601, microseconds": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00",
         "HH:MM:SS.ffffff": r"[-\d]{10} [:\d]{8}\.\d{6}", "HH:MM:SS`": r"[-\d]{10} [:\d]{8}", "hex digits": r"[0-9a-f]+"}


def documented():
    """{"quote": {"price": ("real", True, "money"), …}}: type, may be NULL, meaning."""
    out = {}
    for section in (CONTRACTS / "ledger.md").read_text().split("\n### ")[1:]:
        title, _, body = section.partition("\n")
        out[title.strip("`")] = {}
        for line in re.split(r"\n## ", body)[0].splitlines():
            if not line.startswith("| `"):
                continue
            names, kind, meaning = (cell.strip() for cell in line.strip("|").split("|"))
            for name in re.findall(r"`([^`]+)`", names):
                out[title.strip("`")][name] = (kind.removesuffix(" or NULL"), kind.endswith(" or NULL"), meaning)
    return out


class LedgerContract(Contract):
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.play_strange_rows()
        self.collect("--top", "9")
        row, = self.check("quarantine-list", ["quarantine", "list", "--rule", "negative", "--json"])
        self.run_it("quarantine", "release", row["id"], "--why", "so it was")
        self.simulator("--change-price", "--on", "2")
        self.collect("--list")
        for words in ("--top", "20"), ("--top", "20", "--no-cache"), ("--preset", "bitcoin"):
            self.collect(*words)
        self.simulator("--status", "429")
        self.collect("--no-cache", code=75)

    def read(self, sql):
        with closing(self.ledger()) as ledger:
            return ledger.execute(sql).fetchall()

    def objects(self):
        """{"quote": {"price": (declared type, not null or of the key)}} of what SQLite says is there."""
        names = self.read("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%'")
        return {name: {column: (kind, bool(held or key))
                       for _, column, kind, held, _, key in self.read(f"PRAGMA table_info({name})")} for name, in names}

    def test_tables_views_and_their_columns_are_those_of_the_document(self):
        there = {name: sorted(columns) for name, columns in self.objects().items()}
        self.assertEqual(there, {name: sorted(columns) for name, columns in documented().items()})

    def test_tables_declare_the_types_of_the_document(self):
        views = {name for name, in self.read("SELECT name FROM sqlite_schema WHERE type = 'view'")}
        for name, columns in self.objects().items():
            for column, (kind, held) in columns.items() if name not in views else ():
                promised, may_be_null, _ = documented()[name][column]
                self.assertEqual((kind, held), (STORED[promised], not may_be_null), f"{name}.{column}")

    def test_values_have_the_types_and_forms_of_the_document(self):
        now = self.read("SELECT max(known_at) FROM batch")[0][0]
        for name, columns in documented().items():
            for column, (promised, may_be_null, meaning) in columns.items():
                kinds = {kind for kind, in self.read(f'SELECT DISTINCT typeof("{column}") FROM {name}')}
                self.assertTrue(kinds or name in UNFILLED, f"{name} is empty: it tells nothing")
                allowed = {STORED[promised].lower()} | ({"null"} if may_be_null else set())
                self.assertLessEqual(kinds, allowed, f"{name}.{column}")
                values = [v for v, in self.read(f'SELECT "{column}" FROM {name} WHERE "{column}" IS NOT NULL')]
                self.expect_form(f"{name}.{column}", promised, meaning, values, now)

    def expect_form(self, what, promised, meaning, values, now):
        if promised == "time":  # microseconds: no other unit of this century lies there
            self.assertTrue(all(1e15 < value < now + 7.2e9 for value in values), f"{what} {values[:3]}")
        for words, pattern in FORMS.items():
            if words in meaning:
                self.assertTrue(all(re.fullmatch(pattern, value) for value in values), f"{what} {values[:3]}")

    def test_the_version_and_the_rules_are_those_of_the_document(self):
        text = (CONTRACTS / "ledger.md").read_text()
        version = self.check("version", ["version", "--json"])["ledger_schema"]
        self.assertIn(f"`user_version` = schema version ({version})", text)
        self.assertEqual(self.read("PRAGMA user_version"), [(version,)])
        rules = set(re.findall(r"(?m)^\| `(\w+)` \|", text.split("## Quarantine rules")[1]))
        self.assertLess({rule for rule, in self.read("SELECT DISTINCT rule FROM quarantine")}, rules)


if __name__ == "__main__":
    unittest.main()
