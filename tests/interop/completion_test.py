"""Tab in real shells (bash without the package bash-completion, zsh, fish), and the manual page in its two readers."""

import ctypes
import json
import os
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SOURCE = Path(os.environ["COINLAKE_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tools"))
from terminal import Terminal  # noqa: E402

COINLAKE = os.environ["COINLAKE_BINARY"]
SIM = os.environ["COINLAKE_SIM_BINARY"]
ODD = "a&b $c'd"  # an id that a shell would take apart


class Touched:
    """What happens to the files of a folder between its making and names(), as Linux tells it (inotify)."""

    OPENED, CHANGED = 0x20, 0x02 | 0x04 | 0xc0 | 0x100 | 0x200  # IN_OPEN; IN_MODIFY, _ATTRIB, _MOVE, _CREATE, _DELETE

    def __init__(self, folder):
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if libc.inotify_add_watch(self.fd, os.fsencode(folder), self.OPENED | self.CHANGED) < 0:
            raise OSError(ctypes.get_errno(), "inotify_add_watch")

    def names(self):
        """(opened, changed); the folder itself is no name."""
        opened, changed = set(), set()
        try:
            while True:
                data, at = os.read(self.fd, 65536), 0
                while at < len(data):
                    _, mask, _, size = struct.unpack_from("iIII", data, at)
                    name = data[at + 16:at + 16 + size].rstrip(b"\0").decode()
                    at += 16 + size
                    if name:
                        (opened if mask & self.OPENED else changed).add(name)
        except BlockingIOError:
            os.close(self.fd)
        return opened, changed


class Ledgers(unittest.TestCase):
    """One folder with a ledger at its default place, one with other coins, and files to choose from."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        (cls.folder / "bin").mkdir()
        (cls.folder / "bin/coinlake").symlink_to(COINLAKE)
        cls.env = {name: value for name, value in os.environ.items() if not name.startswith(("COINLAKE_", "CMC_", "LC_", "LANG", "XDG_"))}
        cls.env.update(PATH=f"{cls.folder}/bin:{os.environ['PATH']}", HOME=str(cls.folder), TERM="xterm", LC_ALL="C.UTF-8")
        cls.simulated("data/coinlake.db", "--coins", "60", "--bad-row", "7")
        cls.simulated("other ledger.db", "--coins", "3")
        cls.run_id = json.loads(cls.said("runs", "--json"))[0]["id"]
        cls.row_id = json.loads(cls.said("quarantine", "--json"))[0]["id"]

    @classmethod
    def simulated(cls, ledger, *options):
        with subprocess.Popen([SIM, *options], stdout=subprocess.PIPE, text=True) as process:
            url = process.stdout.readline().split()[-1]
            cls.said("collect", "--top", "60", "--db-path", ledger, COINLAKE_COINGECKO__BASE_URL=url)
            process.kill()

    @classmethod
    def said(cls, *words, **more):
        done = subprocess.run([COINLAKE, *words], cwd=cls.folder, env={**cls.env, **more}, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done
        return done.stdout

    def words(self, *typed, **more):
        lines = self.said("__complete", *typed, **more).splitlines()
        return [line.split("\t")[0] for line in lines]


class Answers(Ledgers):
    def test_what_is_nothing_to_complete_is_silent(self):
        (self.folder / "no ledger").write_text("text")
        (self.folder / "broken.toml").write_text("[[[")
        for typed in (["--db-path", "/nope/x.db", "show", ""], ["--db-path", "no ledger", "show", ""], ["--db-path", ".", "runs", "show", ""],
                      ["show", "--no-such-option="], ["nonsense", ""], ["version", ""], ["ledger", "digest", ""],
                      ["quarantine", "list", ""], ["--lang", "xx", "shoo"]):
            done = subprocess.run([COINLAKE, "__complete", *typed], cwd=self.folder, env=self.env, capture_output=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"", b""), typed)
        self.assertIn("bitcoin", self.words("--config", "broken.toml", "show", ""))
        self.assertFalse(Path("/nope").exists())

    def test_the_ledger_is_the_one_that_the_command_would_read(self):
        (self.folder / "c.toml").write_text('[ledger]\npath = "other ledger.db"\n')
        for typed in (["--config", "c.toml", "show", ""], ["--config=c.toml", "show", ""], ["show", "--db-path", "other ledger.db", ""],
                      ["--config", "c.toml", "--db-path=other ledger.db", "show", ""]):
            self.assertEqual(len(self.words(*typed)), 3, typed)
        self.assertGreater(len(self.words("--config", "c.toml", "--db-path", "data/coinlake.db", "show", "")), 30)
        self.assertEqual(len(self.words("show", "", COINLAKE_LEDGER__PATH="other ledger.db")), 3)

    def test_nothing_is_written(self):
        before = self.data_files()
        self.assertIn("coinlake.db.lock", before)
        for typed in (["show", ""], ["runs", ""], ["quarantine", "drop", ""], ["quarantine", "--rule", ""], ["collect", "--ids", ""]):
            self.assertTrue(self.words(*typed))
        self.assertEqual(before, self.data_files())

    def data_files(self):
        """Each with what it holds and when it was written; not the -shm and the empty -wal that any reader of SQLite leaves."""
        left = {"coinlake.db-shm"} | {path.name for path in self.folder.glob("data/coinlake.db-wal") if path.stat().st_size == 0}
        return {path.name: (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
                for path in self.folder.glob("data/*") if path.name not in left}

    def test_nothing_is_opened_but_the_ledger_and_that_only_where_it_is_asked(self):
        for typed, opens in ((["show", ""], True), (["collect", "--ids", "bitcoin,"], True), (["runs", ""], True),
                             (["sh"], False), (["show", "--"], False), (["help", ""], False), (["ledger", ""], False)):
            here, data = Touched(self.folder), Touched(self.folder / "data")
            self.assertTrue(self.words(*typed))
            self.assertEqual(here.names(), (set(), set()), typed)
            opened, changed = data.names()
            self.assertEqual("coinlake.db" in opened, opens, typed)
            self.assertLessEqual(opened | changed, {"coinlake.db", "coinlake.db-shm", "coinlake.db-wal"} if opens else set(), typed)
            self.assertNotIn("coinlake.db", changed, typed)

    def test_five_thousand_coins_are_all_offered(self):
        with subprocess.Popen([SIM, "--coins", "5000"], stdout=subprocess.PIPE, text=True) as process:
            url = process.stdout.readline().split()[-1]
            self.said("collect", "--all", "--db-path", "many.db", COINLAKE_COINGECKO__BASE_URL=url,
                      COINLAKE_COINGECKO__REQUESTS_PER_MINUTE="600")
            process.kill()
        for typed in (["show", ""], ["collect", "--ids", ""]):
            self.assertEqual(len(self.words("--db-path", "many.db", *typed)), 5000, typed)

    def test_descriptions_are_in_the_readers_language(self):
        self.assertIn("show\tmostrar valores", self.said("__complete", "sh", LC_ALL="pt_BR.UTF-8"))
        self.assertIn("show\tmostrar valores", self.said("__complete", "--lang", "pt-BR", "sh"))
        self.assertIn("show\tprint values", self.said("__complete", "sh"))


class Shell:
    """What Tab makes of a line, in each shell. `start` gives a shell with the script loaded, that prints what it would run."""

    def setUp(self):
        self.assertTrue(shutil.which(self.name), f"{self.name} is missing: tools/setup --check")
        script = self.said("completion", self.name)
        (self.folder / f"script.{self.name}").write_text(script)
        self.terminal = Terminal(self.start(), 200, 24, self.env, self.folder)
        self.terminal.screen.feed = lambda text: None  # line editors move about: only what they pass on counts
        self.addCleanup(self.terminal.close)
        self.terminal.until(lambda _: b"ready> " in self.terminal.raw)
        self.settle()

    def typed(self, line):
        """The words of the line after Tab, as the shell would pass them to a program."""
        out = self.folder / "words"
        out.unlink(missing_ok=True)
        self.terminal.send(b"\x15" + line.encode() + b"\t")
        self.settle()
        self.terminal.send(b"\x01words \x05\r")
        end = time.monotonic() + 10
        while not out.exists() or not out.read_text().endswith("\n"):
            self.assertLess(time.monotonic(), end, f"{line}: {self.terminal.raw[-600:]}")
            self.terminal.read_some(0.05)
        self.settle()
        return out.read_text().splitlines()[1:]

    def settle(self):
        last = time.monotonic()
        while time.monotonic() - last < self.quiet:
            before = len(self.terminal.raw)
            self.terminal.read_some(0.05)
            if len(self.terminal.raw) != before:
                last = time.monotonic()

    def test_commands_actions_topics_options_and_choices(self):
        for line, words in {
            "coinlake sh": ["show"],
            "coinlake show --curr": ["show", "--currency"],
            "coinlake quarantine rel": ["quarantine", "release"],
            "coinlake help exit": ["help", "exit-codes"],
            "coinlake help ledger ba": ["help", "ledger", "backup"],
            "coinlake show --kind mar": ["show", "--kind", "markets"],
            "coinlake show --source=coinm": ["show", "--source=coinmarketcap"],
            "coinlake query -o js": ["query", "-o", "json"],
            "coinlake --lang pt": ["--lang", "pt-BR"],
            "coinlake completion fi": ["completion", "fish"],
        }.items():
            self.assertEqual(self.typed(line), words, line)

    def test_coins_runs_and_rows_of_the_ledger(self):
        self.assertEqual(self.typed("coinlake show bitcoin-c"), ["show", "bitcoin-cash"])
        self.assertEqual(self.typed(f"coinlake runs {self.run_id[:3]}"), ["runs", self.run_id])
        self.assertEqual(self.typed(f"coinlake quarantine show {self.row_id[:1]}"), ["quarantine", "show", self.row_id])
        self.assertEqual(self.typed("coinlake --db-path 'other ledger.db' show ethe"), ["--db-path", "other ledger.db", "show", "ethereum"])
        self.assertEqual(self.typed("coinlake --db-path other\\ ledger.db show ethe"), ["--db-path", "other ledger.db", "show", "ethereum"])

    def test_the_last_piece_of_a_list(self):
        self.assertEqual(self.typed("coinlake collect --ids bitcoin-c"), ["collect", "--ids", "bitcoin-cash"])
        self.assertEqual(self.typed("coinlake collect --ids ethereum,bitcoin-c"), ["collect", "--ids", "ethereum,bitcoin-cash"])
        self.assertEqual(self.typed("coinlake collect --ids=x,ethereum,bitcoin-c"), ["collect", "--ids=x,ethereum,bitcoin-cash"])
        self.assertEqual(self.typed("coinlake collect --ids bitcoin-c\t\x7f,ethere"), ["collect", "--ids", "bitcoin-cash,ethereum"])
        self.assertEqual(self.typed("coinlake collect --ids 'ethereum,bitcoin-c"), ["collect", "--ids", "ethereum,bitcoin-cash"])
        self.assertEqual(self.typed("coinlake collect --currency us"), ["collect", "--currency", "usd"])
        self.assertNotIn(b"\\,", self.terminal.raw)  # bash's %q would

    def make_odd_ledger(self):
        shutil.copy(self.folder / "other ledger.db", self.folder / "odd.db")
        subprocess.run([sys.executable, "-c", "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
                        "db.execute('UPDATE series SET coin = ? WHERE coin = ?', (sys.argv[2], 'ethereum')); db.commit()",
                        str(self.folder / "odd.db"), ODD], check=True)

    def test_an_id_that_a_shell_would_take_apart(self):
        self.make_odd_ledger()
        self.assertEqual(self.typed("coinlake --db-path odd.db show a"), ["--db-path", "odd.db", "show", ODD])

    def test_files_also_with_a_blank(self):
        (self.folder / "a file.db").touch()
        self.assertEqual(self.typed("coinlake --db-path a\\ f"), ["--db-path", "a file.db"])
        self.assertEqual(self.typed("coinlake --db-path a"), ["--db-path", "a file.db"])
        self.assertEqual(self.typed("coinlake ledger backup a"), ["ledger", "backup", "a file.db"])

    def test_without_a_ledger_there_is_no_noise(self):
        self.assertEqual(self.typed("coinlake --db-path /nope/x.db show bit"), ["--db-path", "/nope/x.db", "show", "bit"])
        self.assertNotIn(b"no ledger", self.terminal.raw)
        self.assertNotIn(b"rror", self.terminal.raw)


WORDS = """words() { printf '%s\\n' "$@" > words; }\n"""


class Bash(Shell, Ledgers):
    name, quiet = "bash", 0.25

    def start(self):
        rc = self.folder / "bashrc"
        rc.write_text(WORDS + "PS1='ready> '\nsource script.bash\nbind 'set bell-style none'\n")
        return ["bash", "--noprofile", "--rcfile", str(rc), "-i"]


    def test_within_quotes_nothing_is_offered_that_would_end_them(self):
        """bash puts a word in as it is there: an id with a quote in it once ran what followed."""
        self.make_odd_ledger()
        for quote in "'\"":
            self.assertEqual(self.typed(f"coinlake --db-path odd.db show {quote}a\t{quote}"), ["--db-path", "odd.db", "show", "a"])


class Zsh(Shell, Ledgers):
    name, quiet = "zsh", 0.4

    def start(self):
        (self.folder / ".zshrc").write_text(WORDS + "PS1='ready> '\nautoload -Uz compinit\ncompinit -u -D\nsource script.zsh\nbindkey -e\n")
        return ["zsh", "-d", "-i"]


class Fish(Shell, Ledgers):
    name, quiet = "fish", 0.5

    def start(self):
        config = self.folder / ".config/fish"
        (config / "completions").mkdir(parents=True, exist_ok=True)
        (config / "completions/coinlake.fish").write_text((self.folder / "script.fish").read_text())
        (config / "config.fish").write_text("function words; printf '%s\\n' $argv > words; end\n"
                                            "function fish_prompt; echo -n 'ready> '; end\n"
                                            "function fish_title; end\nset -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n")
        return ["fish", "-i"]


class ManualPage(Ledgers):
    def page(self, *more):
        path = self.folder / "coinlake.1"
        path.write_text(self.said("help", "--man", *more))
        return path

    def test_its_readers_have_nothing_to_say_about_it(self):
        for more in ([], ["--lang", "pt-BR"]):
            for reader in ("mandoc -T lint -W warning", "groff -ww -man -z -T utf8"):
                done = subprocess.run([*shlex.split(reader), self.page(*more)], capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""), reader)

    def test_its_readers_show_the_texts(self):
        for more, words in (([], ["NAME", "COMMANDS", "OPTIONS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES", "coinlake ledger backup",
                                  "--db-path FILE", "COINLAKE_LEDGER__PATH", "'SELECT * FROM cryptocurrency_latest LIMIT 5'", "ID…"]),
                            (["--lang", "pt-BR"], ["NOME", "OPÇÕES", "CÓDIGO DE SAÍDA", "execuções", "coinlake ledger backup"])):
            shown = subprocess.run(["mandoc", "-T", "utf8", self.page(*more)], capture_output=True, text=True, check=True).stdout
            plain = "".join(sign for at, sign in enumerate(shown) if sign != "\b" and shown[at + 1:at + 2] != "\b")
            for word in words:
                self.assertIn(word, plain)


if __name__ == "__main__":
    unittest.main()
