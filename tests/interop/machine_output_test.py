"""JSON and CSV are the same bytes whatever the locale, the zone, the width, and whether stdout is a terminal or a pipe; but
CSV on a terminal has no signs that would steer it."""

import os
import pty
import re
import subprocess
import tempfile
import tty
import unittest

from json_contract import COINLAKE, Contract

LOCALES = tempfile.TemporaryDirectory()


def make_brazilian():
    """A locale whose decimal sign is a comma, since most machines have none."""
    subprocess.run(["localedef", "-i", "pt_BR", "-f", "UTF-8", f"{LOCALES.name}/pt_BR.UTF-8"], check=True, capture_output=True)


BRAZILIAN = {"LOCPATH": LOCALES.name, "LANG": "pt_BR.UTF-8", "LC_ALL": "pt_BR.UTF-8", "LANGUAGE": "pt_BR"}
SURROUNDINGS = {
    "Brazilian": BRAZILIAN,
    "C": {"LANG": "C", "LC_ALL": "C"},
    "narrow": {"COLUMNS": "40", "TERM": "dumb"},
    "colourful": {"CLICOLOR_FORCE": "1", "FORCE_COLOR": "1", "TERM": "xterm-256color"},
    "far away": {"TZ": "Asia/Kathmandu"},
}
STEERING = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")  # JSON escapes these
OUTPUTS = [
    ["show", "--json"], ["show", "--history", "--json"], ["runs", "--json"], ["budget", "--json"], ["slots", "--json"],
    ["quarantine", "list", "--all", "--json"], ["quarantine", "show", "1/0/4", "--json"], ["ledger", "digest", "--json"],
    ["ledger", "verify", "--json"], ["config", "show", "--json"], ["config", "schema"], ["version", "--json"],
    ["query", "SELECT * FROM cryptocurrency_data", "-o", "json"], ["query", "SELECT * FROM cryptocurrency_data", "-o", "csv"],
    ["query", "SELECT 1234567.25 AS a, 1e-12 AS b, 'ação' AS c", "-o", "csv"], ["show", "nonesuch", "--json"],
]


class MachineOutput(Contract):
    @classmethod
    def setUpClass(cls):
        make_brazilian()

    def setUp(self):
        super().setUp()
        self.play_strange_rows()
        self.collect("--top", "9")
        self.settle()

    def settle(self):
        """What was sent in the last minute changes by itself while the test runs: nothing was."""
        with self.ledger() as ledger:
            ledger.execute("UPDATE spend SET at = at - 120000000")
        ledger.close()

    def bytes_of(self, words, on_terminal=False, **more):
        environment = {**self.environment, **more}
        if not on_terminal:
            return subprocess.run([COINLAKE, *words], env=environment, cwd=self.folder, capture_output=True).stdout
        here, there = pty.openpty()
        tty.setraw(there)  # or the terminal itself would write \r\n
        process = subprocess.Popen([COINLAKE, *words], env=environment, cwd=self.folder, stdout=there, stderr=subprocess.DEVNULL)
        os.close(there)
        out = b""
        while True:
            try:
                piece = os.read(here, 65536)
            except OSError:  # how a terminal says that nobody writes to it any more
                break
            if not piece:
                break
            out += piece
        os.close(here)
        process.wait()
        return out

    def test_the_locale_of_this_test_is_one(self):
        environment = {**os.environ, **BRAZILIAN}
        said = subprocess.run(["/bin/bash", "-c", "printf %.1f 1,5"], env=environment, capture_output=True, text=True)
        self.assertEqual(said.stdout, "1,5", said.stderr)

    def test_surroundings_change_no_byte(self):
        for words in OUTPUTS:
            usual = self.bytes_of(words)
            self.assertEqual(usual == b"", words == ["show", "nonesuch", "--json"], words)
            for name, surroundings in SURROUNDINGS.items():
                self.assertEqual(self.bytes_of(words, **surroundings), usual, f"{words} {name}")

    def test_a_terminal_gets_the_bytes_of_a_pipe_but_for_signs_in_csv_that_would_steer_it(self):
        self.simulator("--coins", "100")  # more than a table on a terminal has
        self.collect("--top", "100", "--no-cache")
        self.settle()
        for words in OUTPUTS:
            in_pipe = self.bytes_of(words)
            expected = STEERING.sub("\ufffd", in_pipe.decode()).encode() if "csv" in words else in_pipe
            for name in "narrow", "colourful", "Brazilian", "C":
                self.assertEqual(self.bytes_of(words, True, **SURROUNDINGS[name]), expected, f"{words} {name}")

    def test_collect_too(self):
        def collected(on_terminal=False, **more):
            text = self.bytes_of(["collect", "--json", "--no-cache", "--top", "9"], on_terminal, **more)
            return re.sub(rb'"run":"[0-9a-f]{16}"', b'"run":"RUN"', text)

        usual = collected()
        self.assertIn(b'"equal":', usual)
        self.assertEqual(usual, collected(**BRAZILIAN))
        self.assertEqual(usual, collected(True, **BRAZILIAN))
        self.simulator("--html")  # errors are in English
        self.assertEqual(collected(), collected(**BRAZILIAN))


if __name__ == "__main__":
    unittest.main()
