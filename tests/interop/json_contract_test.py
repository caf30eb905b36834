"""What the built program prints with --json, in good states and in bad ones, against docs/contracts/schemas."""

import copy
import json
import re
import signal
import subprocess
import unittest
from contextlib import closing

from jsonschema import Draft202012Validator

from json_contract import COINLAKE, PUBLISHED, SCHEMAS, STRICT, Contract, faults_of, fields_of, load, validator


class Normal(Contract):
    def test_a_market_is_collected_and_everything_reads_it(self):
        self.simulator("--coins", "300")
        done = self.collect("--top", "300", "--currency", "usd,brl")
        self.assertEqual((done["outcome"], done["new"], done["error"]), ("ok", 600, None))
        values = self.all_that_reads()
        self.assertEqual(len(values["show"]), 600)
        self.assertEqual(values["runs"][0]["id"], done["run"])
        self.check("show", ["show", "--history", "--json"])

    def test_schedules(self):
        self.simulator()
        self.collect("--top", "5")
        self.assertEqual(self.check("status", ["status", "--json"])["schedules"], {})
        self.assertEqual(self.check("slots", ["slots", "--json"]), [])
        self.tell_of_a_schedule()
        status = self.check("status", ["status", "--json"])
        self.assertEqual((status["schedules"]["top"]["state"], status["daemon"]["running"]), ("fresh", False))
        slot, = self.check("slots", ["slots", "--json"])
        run, = self.check("runs", ["runs", "show", slot["run"], "--json"])
        self.assertEqual((run["schedule"], run["slot"]), ("top", slot["at"]))

    def test_what_is_known_already_is_cached_or_equal(self):
        self.simulator()
        self.collect("--top", "5")
        cached = self.collect("--top", "5")
        self.assertEqual((cached["cached"], cached["run"], cached["requests"]), (True, None, 0))
        self.assertEqual(self.collect("--top", "5", "--no-cache")["equal"], 5)

    def test_strange_values_and_decisions(self):
        self.play_strange_rows()
        self.assertEqual(self.collect("--top", "9")["quarantined"], 4)
        waiting = self.check("quarantine-list", ["quarantine", "list", "--json"])
        ids = {row["rule"]: row["id"] for row in waiting}
        self.assertEqual(self.run_it("quarantine", "release", ids["negative"], "--why", "so it was").returncode, 0)
        self.assertEqual(self.run_it("quarantine", "drop", ids["wrong_type"], "--why", "a text").returncode, 0)
        values = self.all_that_reads()
        self.assertEqual({row["state"] for row in values["quarantine-list"]}, {"open", "released", "dropped"})
        coins = {coin["coin_id"]: coin for coin in values["show"]}
        self.assertTrue(coins["below"]["released"] and coins["untimed"]["time_assumed"])
        self.assertEqual((coins["tiny"]["price"], coins["tiny"]["market_cap"], coins["tiny"]["rank"]), (1e-12, None, None))
        self.assertEqual(json.loads(coins["tiny"]["roi"])["currency"], "btc")
        self.check("quarantine-show", ["quarantine", "show", *[row["id"] for row in waiting], "--json"])
        self.assertEqual({run["kind"] for run in values["runs"]}, {"collect", "quarantine"})

    def test_revisions(self):
        self.simulator("--change-price", "--on", "2")
        self.collect("--top", "3")
        self.assertEqual(self.collect("--top", "3", "--no-cache")["revised"], 1)
        history = self.check("show", ["show", "--history", "--json"])
        self.assertEqual([line["changed"] for line in history if line["revision"]], [["price"]])
        self.assertEqual(sum(line["superseded"] for line in history), 1)

    def test_coinmarketcap_and_what_it_says_of_the_key(self):
        self.simulator()
        self.collect("--source", "coinmarketcap", "--top", "5")
        self.collect("--preset", "bitcoin")
        self.all_that_reads()
        budgets = self.check("budget", ["budget", "--refresh", "--json"])
        told = {budget["source"]: budget["provider"] for budget in budgets}
        self.assertIsNone(told["coingecko"])
        self.assertIsInstance(told["coinmarketcap"]["credits_left"], int)
        self.assertIn("key", {run["kind"] for run in self.check("runs", ["runs", "--json"])})

    def test_plan_and_doctor_of_what_is_well_and_of_what_is_not(self):
        self.simulator()
        self.collect("--top", "5")
        plan = self.check("plan", ["plan", "--days", "1", "--json"])
        self.assertTrue(plan["fits"])
        self.assertTrue(plan["providers"]["coinmarketcap"]["told"])
        self.assertNotIn(False, [found["ok"] for found in self.check("doctor", ["doctor", "--json"])])
        self.environment["COINLAKE_COINMARKETCAP__CREDITS_PER_MONTH"] = "10"
        self.assertFalse(self.check("plan", ["plan", "--json"])["fits"])
        self.environment["COINLAKE_HTTP__RETRIES"] = "many"
        bad = [found["check"] for found in self.check("doctor", ["doctor", "--json"], code=1) if not found["ok"]]
        self.assertIn("configuration", bad)

    def test_the_list_of_coins(self):
        self.simulator()
        self.assertEqual(self.collect("--list")["new"], 300)
        self.check("query", ["query", "SELECT * FROM coin_list", "-o", "json"])

    def test_every_type_of_a_query(self):
        self.simulator()
        self.collect("--top", "1")
        row, = self.check("query", ["query", "SELECT 1 i, 0.1 r, 1e999 inf, NULL n, 'é' t, x'00ff' b, 2.0 w", "-o", "json"])
        self.assertEqual(row, {"i": 1, "r": 0.1, "inf": None, "n": None, "t": "é", "b": "00ff", "w": 2})
        self.assertEqual(self.check("query", ["query", "SELECT 1 i WHERE 0", "-o", "json"]), [])

    def test_the_schema_of_the_configuration_is_one_and_its_own_defaults_obey_it(self):
        schema = self.check("config-schema", ["config", "schema"])
        Draft202012Validator.check_schema(schema)
        good = {"coingecko": {"plan": "demo"}, "http": {"retries": 3, "cache_ttl": "60s"}}
        self.assertEqual(faults_of(validator(schema), good), [])
        for bad in {"http": {"retries": 11}}, {"http": {"retires": 1}}, {"coingecko": {"plan": "gold"}}, {"htp": {}}:
            self.assertNotEqual(faults_of(validator(schema), bad), [], bad)
        good = {"schedules": {"a-b_1": {"when": "every 5m", "ids": [1, "1027"], "currency": "usd,brl", "top": 5}}}
        self.assertEqual(faults_of(validator(schema), good), [])
        for bad in {"a": {"wen": "x"}}, {"A": {}}, {"a": 1}, {"a": {"top": "x"}}, {"a": {"ids": [[]]}}, {"a": {"source": "x"}}:
            self.assertNotEqual(faults_of(validator(schema), {"schedules": bad}), [], bad)
        sections = dict(schema["properties"])
        sections["schedules.top"], = sections.pop("schedules")["patternProperties"].values()
        keys = {f"{section}.{key}" for section, one in sections.items() for key in one["properties"]}
        shown = {key["key"] for key in self.check("config-show", ["config", "show", "--json"])["keys"]}
        self.assertEqual(keys, {key for key in shown if not key.startswith("schedules.bitcoin.")})


class Failed(Contract):
    def expect_error(self, kind, done, outcome="failed"):
        self.assertEqual((done["outcome"], done["error"]["kind"]), (outcome, kind), done)

    def test_what_providers_do_wrong(self):
        for options, kind, code in [
            (["--status", "500"], "upstream", 1), (["--status", "404"], "refused", 1), (["--status", "401"], "unauthorized", 1),
            (["--status", "429"], "rate_limited", 75), (["--html"], "undecodable", 1), (["--cut", "200"], "undecodable", 1),
            (["--reset"], "temporary", 75), (["--coins", "0"], "undecodable", 1)]:
            with self.subTest(options):
                self.environment["COINLAKE_LEDGER__PATH"] = str(self.folder / f"{kind}{options[0]}.db")
                self.simulator(*options)
                self.expect_error(kind, self.collect("--top", "5", code=code))
                run, = self.check("runs", ["runs", "--json"])
                self.assertEqual((run["outcome"], run["note"] is None), ("failed", False))
                self.assertEqual(self.check("quarantine-list", ["quarantine", "list", "--json"]), [])
                self.check("ledger-digest", ["ledger", "digest", "--json"])
                self.check("ledger-verify", ["ledger", "verify", "--json"])
                self.expect_nothing(["show", "--json"], 3)

    def test_a_blocked_source(self):
        self.simulator("--status", "429", "--retry-after", "86400")
        self.collect("--top", "5", code=75)
        self.expect_error("blocked", self.collect("--top", "5", code=75))
        block, = self.check("budget", ["budget", "--source", "coingecko", "--json"])[0]["blocks"]
        self.assertEqual((block["kind"], block["endpoint"]), ("rate_limited", None))

    def test_a_part_is_stored(self):
        self.simulator("--status", "404", "--on", "2")
        done = self.collect("--top", "300", code=1)
        self.expect_error("refused", done, "partial")
        self.assertEqual((done["new"], done["pages"]), (250, 1))
        self.all_that_reads()

    def test_nothing_could_begin(self):
        self.expect_error("usage", self.collect("--source", "coingeko", code=2))
        self.expect_error("config", self.collect(code=78, COINLAKE_HTTP__RETRYS="1"))
        self.expect_error("unwritable", self.collect("--db-path", "/proc/none/x.db", code=1))
        (self.folder / "alien.db").write_text("this is no ledger, and it is long enough to be looked at")
        self.expect_error("config", self.collect("--db-path", "alien.db", code=78))
        self.expect_nothing(["collect", "--json", "--top", "none"], 2)

    def test_a_second_writer_and_an_interruption(self):
        self.simulator("--delay", "60000")
        first = subprocess.Popen([COINLAKE, "collect", "--json"], env=self.environment, cwd=self.folder, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        while not self.is_open():
            self.assertIsNone(first.poll())
        self.expect_error("locked", self.collect(code=75))
        run, = self.check("runs", ["runs", "--json"])
        self.assertEqual((run["outcome"], run["ended_at"]), ("open", None))
        first.send_signal(signal.SIGINT)
        out, _ = first.communicate()
        self.assertEqual(first.returncode, 130)
        self.assertEqual(faults_of(STRICT["collect"], load(out)), [])
        self.expect_error("temporary", load(out))

    def is_open(self):
        return self.run_it("runs", "--json").stdout.count('"outcome":"open"') == 1

    def test_a_key_of_which_the_provider_does_not_want_to_tell(self):
        self.simulator("--cmc-key", "cmc-another-one")
        budgets = self.check("budget", ["budget", "--refresh", "--json"], code=1)
        self.assertEqual([budget["provider_error"] is None for budget in budgets], [True, False])

    def test_a_damaged_ledger(self):
        self.simulator()
        self.collect("--top", "5")
        with closing(self.ledger()) as ledger:
            ledger.execute("DROP VIEW bitcoin_precos")
        verdict = self.check("ledger-verify", ["ledger", "verify", "--json"], code=3)
        self.assertEqual(len(verdict["problems"]), 1)

    def test_without_a_ledger_only_what_needs_none_answers(self):
        for words in (["show", "--json"], ["runs", "--json"], ["slots", "--json"], ["status", "--json"], ["quarantine", "list", "--json"], ["query", "SELECT 1", "-o", "json"],
                      ["ledger", "digest", "--json"], ["ledger", "verify", "--json"]):
            self.expect_nothing(words, 3)
        for command in "budget", "version":
            self.check(command, [command, "--json"])
        self.check("config-show", ["config", "show", "--json"])
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_an_error_leaves_stdout_empty(self):
        self.simulator()
        self.collect("--top", "5")
        for words, code in [(["show", "nonesuch", "--json"], 3), (["show", "--as-of", "2001-01-01", "--json"], 3),
                            (["show", "--as-of", "noon", "--json"], 2), (["quarantine", "show", "9/9/9", "--json"], 3),
                            (["query", "SELECT 1 a, 2 a", "-o", "json"], 2), (["query", "DELETE FROM run", "-o", "json"], 2),
                            (["query", "SELECT 1 UNION SELECT 2", "--max-rows", "1", "-o", "json"], 1),
                            (["show", "--json", "--config", "none.toml"], 78),
                            (["config", "show", "--json", "--config", "none.toml"], 78),
                            (["budget", "--source", "coingeko", "--json"], 2), (["version", "--jsom"], 2),
                            (["slots", "--schedule", "none", "--json"], 3), (["slots", "--since", "noon", "--json"], 2),
                            (["status", "--watch", "--json"], 2)]:
            self.expect_nothing(words, code)


def objects_of(schema, value, at=()):
    """Each object in `value` whose fields its schema names, with the path to it."""
    for option in schema.get("anyOf", []):
        if (option.get("type") == "object") == isinstance(value, dict):
            yield from objects_of(option, value, at)
    if isinstance(value, list):
        for index, item in enumerate(value[:3]):
            yield from objects_of(schema.get("items", {}), item, (*at, index))
    if isinstance(value, dict) and schema.get("additionalProperties") is True:
        yield at
        for key, item in value.items():
            yield from objects_of(schema["properties"][key], item, (*at, key))
    if isinstance(value, dict) and isinstance(schema.get("additionalProperties"), dict):
        for key, item in value.items():
            yield from objects_of(schema["additionalProperties"], item, (*at, key))


def at_path(value, path):
    for step in path:
        value = value[step]
    return value


ALIEN = {"there": [None]}


def other_types(value):
    """Values that a field which held `value` must not hold."""
    yield ALIEN
    if isinstance(value, bool):
        yield from (int(value), str(value).lower())
    elif isinstance(value, (int, float)):
        yield str(value)
    elif isinstance(value, str):
        yield from (7.5, [value])
    elif isinstance(value, list):
        yield from (None, "text", [ALIEN])


class TheCheckItself(Contract):
    """A check that cannot fail checks nothing: what programs must never do to real outputs is refused."""

    def samples(self):
        self.play_strange_rows()
        yield "collect", self.collect("--top", "9")
        self.tell_of_a_schedule()
        yield from self.all_that_reads().items()
        ids = [row["id"] for row in self.check("quarantine-list", ["quarantine", "list", "--json"])]
        yield "quarantine-show", self.check("quarantine-show", ["quarantine", "show", *ids, "--json"])
        yield "doctor", self.check("doctor", ["doctor", "--json"], code=1)  # a schedule is stale
        self.simulator("--status", "429")
        yield "collect", self.collect("--no-cache", code=75)
        yield "budget", self.check("budget", ["budget", "--json"])
        for key, code in ("cmc-another-one", 1), ("cmc-0123456789", 0):
            self.simulator("--cmc-key", key)
            self.environment["COINLAKE_LEDGER__PATH"] = str(self.folder / f"{key}.db")
            yield "budget", self.check("budget", ["budget", "--refresh", "--json"], code)

    def test_a_field_that_goes_changes_its_type_or_comes_without_a_word_is_found(self):
        tried = set()
        for name, value in self.samples():
            for path in objects_of(SCHEMAS[name], value):
                self.break_fields(name, value, path, tried)
        for name, schema in SCHEMAS.items():
            if name not in ("query", "config-schema"):
                named = set(fields_of(schema))
                self.assertEqual({path for one, path in tried if one == name}, named, f"{name}: not every field was tried")

    @staticmethod
    def field_at(path):
        """As the document has it: without the names of schedules and providers."""
        steps = ("[]" if isinstance(step, int) else f".{step}" for step in path)
        return re.sub(r"^(schedules|providers)\.[^.]+\.", r"\1.NAME.", "".join(steps).removeprefix("[]").lstrip("."))

    def break_fields(self, name, value, path, tried):
        for key in at_path(value, path):
            tried.add((name, self.field_at((*path, key))))
            broken = copy.deepcopy(value)
            del at_path(broken, path)[key]
            self.assertNotEqual(faults_of(PUBLISHED[name], broken), [], f"{name} without {key}")
            for other in other_types(at_path(value, path)[key]):
                at_path(broken, path)[key] = other
                if not (key == "value" and isinstance(other, str)):  # of the configuration: an integer or a text
                    self.assertNotEqual(faults_of(PUBLISHED[name], broken), [], f"{name} with {key} = {other!r}")
        more = copy.deepcopy(value)
        at_path(more, path)["surprise"] = 1
        self.assertEqual(faults_of(PUBLISHED[name], more), [], "fields may be added")
        self.assertNotEqual(faults_of(STRICT[name], more), [], f"{name}{path}: a field that no document names")

    def test_words_and_forms_that_are_promised_are_checked(self):
        self.simulator()
        done = self.collect("--top", "5")
        coins = self.check("show", ["show", "--json"])
        for key, bad in [("outcome", "fine"), ("new", -1), ("new", 1.5), ("run", "0123"), ("error", {}), ("cached", True)]:
            self.assertNotEqual(faults_of(PUBLISHED["collect"], {**done, key: bad}), [], f"{key} {bad}")
        for bad in ("2026-11-24T09:00:00Z", "2026-11-24 09:00:00.000000", "2026-13-24T09:00:00.000000Z",
                    "2026-11-24T09:00:00.000000+00:00"):
            self.assertNotEqual(faults_of(PUBLISHED["show"], [{**coins[0], "known_at": bad}]), [], bad)
        new_word = [{**coins[0], "kind": "candles"}]
        self.assertEqual(faults_of(PUBLISHED["show"], new_word), [])
        self.assertNotEqual(faults_of(STRICT["show"], new_word), [])
        for text in ('[1', '[]', '[]\n\n', '[NaN]\n', '{"a":1,"a":2}\n', '[0.10000000000000001]\n', '[1.50]\n'):
            self.assertRaises(ValueError, load, text)

    def test_the_schemas_are_schemas_and_name_no_host(self):
        for name, schema in SCHEMAS.items():
            Draft202012Validator.check_schema(schema)
            self.assertEqual(schema["$id"], f"urn:coinlake:json:{name}")


if __name__ == "__main__":
    unittest.main()
