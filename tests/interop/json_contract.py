"""What the tests of JSON share: the schemas of docs/contracts, as published and strictly, and a program to hold them against.

A schema is used twice: as it is published, where fields may be added, and strictly, where a field or a word that it does not
name is refused. So whoever adds one documents it."""

import json
import os
import re
import sqlite3
import subprocess
import tempfile
import unittest
from contextlib import closing
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

COINLAKE = os.environ["COINLAKE_BINARY"]
SIM = os.environ["COINLAKE_SIM_BINARY"]
CONTRACTS = Path(os.environ["COINLAKE_SOURCE_DIR"]) / "docs" / "contracts"
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted((CONTRACTS / "schemas").glob("*.json"))}

# Values as providers send them: tiny, huge, too many digits, null, absent; rows without a time; rows that cannot be true.
STRANGE_ROWS = """[
{"id":"bitcoin","symbol":"btc","name":"Bitcoin","image":"https://example.test/1.png","current_price":49251.000001,
 "market_cap":921814213711.0,"market_cap_rank":1,"ath":64805,"ath_date":"2021-04-14T11:54:46.763Z","roi":null,
 "low_24h":48868.30000000001,"price_change_24h":-1234.5678901234567,"last_updated":"2026-01-02T03:04:05.678Z"},
{"id":"tiny","symbol":"tny","name":"Tiny","current_price":1e-12,"market_cap":null,"market_cap_rank":null,
 "total_volume":1.7976931348623157e308,"roi":{"times":96.1,"currency":"btc","percentage":9610.5},
 "last_updated":"2026-01-02T03:04:06Z"},
{"id":"untimed","symbol":"utm","name":"Untimed \\u202e\\"x\\"","current_price":3.5},
{"id":"silent","symbol":"sil","name":"Silent","current_price":null},
{"id":"upside","symbol":"up","name":"Upside","current_price":1,"high_24h":1,"low_24h":2,"last_updated":"2026-01-02T03:04:05Z"},
{"id":"worded","symbol":"wrd","name":"Worded","current_price":"12"},
{"symbol":"nob","name":"Nobody","current_price":2},
{"id":"below","symbol":"bel","name":"Below","current_price":-7.5,"last_updated":"2026-01-02T03:04:05Z"}]"""


def strict(schema):
    """Nothing that the schema does not name: neither a field nor a word of a list that may grow."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {key: strict(value) for key, value in schema.items()}
    if out.get("additionalProperties") is True:
        out["additionalProperties"] = False
    if "x-known" in out:
        out["enum"] = out.pop("x-known")
    return out


def validator(schema):
    return Draft202012Validator(schema, format_checker=FormatChecker(["date-time"]))


PUBLISHED = {name: validator(schema) for name, schema in SCHEMAS.items()}
STRICT = {name: validator(strict(schema)) for name, schema in SCHEMAS.items()}


def faults_of(checker, value):
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(value)]


def significant(number):
    """Its digits without sign, point, exponent and the zeros at both ends."""
    return re.sub(r"[eE].*|[-.]", "", number).strip("0")


def shortest(text):
    value = float(text)
    if significant(text) != significant(repr(value)) or re.search(r"\.\d*0(?!\d)", text):
        raise ValueError(f"{text} is not the shortest form of {value!r}")
    return value


def distinct(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError(f"a key is there twice: {[key for key, _ in pairs]}")
    return dict(pairs)


def no_constant(word):
    raise ValueError(f"{word} is not JSON")


def load(text):
    if not text.endswith("\n") or text.endswith("\n\n") or "\r" in text:
        raise ValueError(f"it does not end in one newline: {text[-40:]!r}")
    return json.loads(text, parse_float=shortest, parse_constant=no_constant, object_pairs_hook=distinct)


WORDS = {"boolean": "flag", "integer": "integer", "number": "number", "string": "text", "object": "object", "null": "null"}


def words_of(schema):
    """A field's type as the document writes it: "time or null"."""
    if "anyOf" in schema:
        return [word for option in schema["anyOf"] for word in words_of(option)]
    if "$ref" in schema:
        return ["time" if schema["$ref"].endswith("time") else "integer"]
    if schema.get("type") == "array":
        return ["array of texts" if schema["items"].get("type") == "string" else "array"]
    kinds = schema.get("type", "string")  # a list of words without a type is of texts
    return [WORDS[kind] for kind in (kinds if isinstance(kinds, list) else [kinds])]


def as_text(words):
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def fields_of(schema, at=""):
    """"blocks[].why" to "text", of every field that the schema names."""
    out = {}
    for option in [schema, *schema.get("anyOf", [])]:
        if option.get("type") == "array":
            out |= fields_of(option["items"], f"{at}[]." if at else "")
        for key, value in option.get("properties", {}).items():
            path = at + key
            out[path] = as_text(words_of(value))
            out |= fields_of(value, path if value.get("type") == "array" else path + ".")
            if isinstance(value.get("additionalProperties"), dict):  # one of a kind for each name
                out |= fields_of(value["additionalProperties"], path + ".NAME.")
    return out


class Contract(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.environment = {**{k: v for k, v in os.environ.items() if not k.startswith("COINLAKE_")},
                            "COINLAKE_LEDGER__PATH": str(self.folder / "ledger.db"), "CMC_API_KEY": "cmc-0123456789",
                            "COINLAKE_HTTP__RETRIES": "0", "COINLAKE_COINGECKO__REQUESTS_PER_MINUTE": "600"}
        self.environment["COINLAKE_COINGECKO__BASE_URL"] = "http://127.0.0.1:1/api/v3"
        self.environment["COINLAKE_COINMARKETCAP__BASE_URL"] = "http://127.0.0.1:1"

    def simulator(self, *options):
        process = subprocess.Popen([SIM, *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.wait(), process.stdout.close()))
        url = process.stdout.readline().split()[-1]
        self.environment["COINLAKE_COINGECKO__BASE_URL"] = url
        self.environment["COINLAKE_COINMARKETCAP__BASE_URL"] = url.removesuffix("/api/v3")

    def run_it(self, *words, **more):
        return subprocess.run([COINLAKE, *words], env={**self.environment, **more}, cwd=self.folder, capture_output=True,
                              text=True)

    def check(self, schema, words, code=0, **more):
        """The value that the words print, which both forms of the schema allow."""
        done = self.run_it(*words, **more)
        self.assertEqual(done.returncode, code, f"{words}: {done.stderr}")
        value = load(done.stdout)
        for checker in PUBLISHED[schema], STRICT[schema]:
            self.assertEqual(faults_of(checker, value), [], f"{words}")
        return value

    def collect(self, *words, code=0, **more):
        return self.check("collect", ["collect", "--json", *words], code, **more)

    def ledger(self):
        return sqlite3.connect(self.environment["COINLAKE_LEDGER__PATH"])

    def expect_nothing(self, words, code):
        done = self.run_it(*words)
        self.assertEqual((done.returncode, done.stdout), (code, ""), words)
        self.assertNotEqual(done.stderr, "", words)

    def tell_of_a_schedule(self):
        """As if coinlake run had been at work: the last run was for a schedule, and all that can be wrong is."""
        with closing(self.ledger()) as ledger, ledger:
            ledger.execute("""INSERT INTO plan_version VALUES (NULL, 'top', 0, 0, 'every 5m', 'UTC', 'coingecko', 'top 250 usd',
                              600000000, 300000000, 'first seen')""")
            ledger.execute("""INSERT INTO run_plan SELECT NULL, id, 'top', started_at FROM run ORDER BY started_at DESC LIMIT 1""")
            ledger.execute("""INSERT INTO slot SELECT 'top', r.started_at, 'late', b.seq, '60 s after its time' FROM run r
                              JOIN batch b ON b.run = r.id AND b.close_seq IS NOT NULL ORDER BY r.started_at DESC LIMIT 1""")
            for subject, state in (("coingecko", "open"), ("collection", "paused"), ("clock", "doubted"), ("configuration", "refused")):
                ledger.execute("INSERT INTO condition VALUES (?, ?, 1, 2, 3, 'a reason')", (subject, state))

    def play_strange_rows(self):
        (self.folder / "markets_usd.json").write_text(STRANGE_ROWS)
        self.simulator("--bodies", str(self.folder))

    def all_that_reads(self):
        """Every command that reads a ledger with something in it, by its schema."""
        return {
            "show": self.check("show", ["show", "--json"]),
            "runs": self.check("runs", ["runs", "--json"]),
            "slots": self.check("slots", ["slots", "--json"]),
            "status": self.check("status", ["status", "--json"]),
            "budget": self.check("budget", ["budget", "--json"]),
            "plan": self.check("plan", ["plan", "--json"]),
            "quarantine-list": self.check("quarantine-list", ["quarantine", "list", "--all", "--json"]),
            "query": self.check("query", ["query", "SELECT * FROM cryptocurrency_data", "-o", "json"]),
            "ledger-digest": self.check("ledger-digest", ["ledger", "digest", "--json"]),
            "ledger-verify": self.check("ledger-verify", ["ledger", "verify", "--json"]),
            "config-show": self.check("config-show", ["config", "show", "--json"]),
            "version": self.check("version", ["version", "--json"]),
        }
