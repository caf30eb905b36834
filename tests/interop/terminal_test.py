"""The program on a real terminal (a pty): what it shows at several widths, in several locales, while it works, and how it leaves."""

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree
from pathlib import Path

SOURCE = Path(os.environ["COINLAKE_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tools"))
from terminal import Terminal  # noqa: E402

COINLAKE = os.environ["COINLAKE_BINARY"]
SIM = os.environ["COINLAKE_SIM_BINARY"]
READING = ["show", "show --limit 3", "show bitcoin --history", "runs", "budget", "plan", "doctor", "status", "slots", "quarantine", "quarantine show 2/0/6", "config show",
           "config check", "replay --check", "replay", "ledger verify", "query 'SELECT * FROM cryptocurrency_latest LIMIT 9'",
           "query 'SELECT 1 AS x WHERE 0'", "show nonsense", "nonsense", "show --as-of never", "show --watch --json"]


class OnATerminal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.env = {name: value for name, value in os.environ.items()
                    if not name.startswith(("COINLAKE_", "CMC_", "LC_", "LANG", "NO_COLOR", "COLUMNS"))}
        self.env.update(TERM="xterm", LC_ALL="C.UTF-8", CMC_API_KEY="any", COINLAKE_COINGECKO__REQUESTS_PER_MINUTE="600")

    def simulator(self, *options):
        process = subprocess.Popen([SIM, *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lambda: (process.kill(), process.wait(), process.stdout.close()))
        gecko, cap = (process.stdout.readline().split()[-1] for _ in range(2))
        self.env.update(COINLAKE_COINGECKO__BASE_URL=gecko, COINLAKE_COINMARKETCAP__BASE_URL=cap)

    def start(self, words, columns=80, rows=24, **more):
        terminal = Terminal([COINLAKE, *shlex.split(words)], columns, rows, {**self.env, **more}, self.folder)
        self.addCleanup(terminal.close)
        return terminal

    def run_to_its_end(self, words, columns=80, **more):
        terminal = self.start(words, columns, **more)
        terminal.wait()
        return terminal

    def collected(self, *options):
        self.simulator(*options)
        for words in ("collect --top 250", "collect --top 250 --no-cache"):
            self.assertEqual(self.run_to_its_end(words).code, 0)

    def in_folder(self, words, code=0, **more):
        """In pipes."""
        done = subprocess.run([COINLAKE, *shlex.split(words)], cwd=self.folder, env={**self.env, **more}, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr)
        return done


class Width(OnATerminal):
    def test_no_line_is_wider_than_the_terminal(self):
        self.collected("--coins", "300", "--bad-row", "7", "--change-price", "--on", "2")
        for columns in (40, 80, 120):
            for words in [*READING, "collect --top 250", "collect --preset bitcoin --no-cache", f"ledger backup copy{columns}.db"]:
                terminal = self.run_to_its_end(words, columns)
                self.assertLessEqual(terminal.screen.widest, columns, f"{words}\n{terminal.screen.text()}")

    def test_what_a_narrow_table_leaves_out_is_named(self):
        self.collected()
        shown = self.run_to_its_end("show --limit 3", 40).screen.text()
        self.assertIn("not shown, for want of room: 24 h,", shown)
        self.assertNotIn("not shown", self.run_to_its_end("show --limit 3", 120).screen.text())

    def test_a_configuration_is_never_cut(self):
        url = "http://127.0.0.1:1/" + "a-long-path/" * 8
        shown = self.run_to_its_end("config show", 40, COINLAKE_COINGECKO__BASE_URL=url).screen
        self.assertIn(url, "".join(line.strip() for line in shown.lines()))

    def test_an_empty_table_says_so(self):
        self.simulator("--status", "500")
        self.assertIn("(no rows)", self.empty_ledger("query 'SELECT 1 AS x WHERE 0'"))
        self.assertIn("no quarantined row", self.empty_ledger("quarantine"))
        self.assertIn("nothing had been collected", self.empty_ledger("show"))

    def empty_ledger(self, words):
        self.run_to_its_end("collect --top 5")
        return self.run_to_its_end(words).screen.text()


class Signs(OnATerminal):
    def test_colours_are_for_terminals_that_want_them(self):
        self.collected()
        self.assertRegex(self.run_to_its_end("show").raw, rb"\x1b\[3[12]m")
        for more in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn(b"\x1b", self.run_to_its_end("show", **more).raw)
        self.assertRegex(self.run_to_its_end("show", NO_COLOR="").raw, rb"\x1b\[3[12]m")
        self.assertNotIn(b"\x1b", self.in_folder("show").stdout)

    def test_a_locale_without_utf8_gets_ascii_on_the_terminal_and_utf8_in_a_pipe(self):
        self.collected()
        for more in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "", "LANG": "C"}, {"LC_ALL": "de_DE.ISO-8859-1"},
                     {"LC_ALL": "pt_BR"}):
            for words in [*READING, "show --help", "quarantine --help", "collect --top 250"]:
                terminal = self.run_to_its_end(words, 40, **more)
                self.assertTrue(terminal.raw.isascii(), f"{words} {more}: {terminal.raw}")
                self.assertLessEqual(terminal.screen.widest, 40, f"{words} {more}\n{terminal.screen.text()}")
        self.assertFalse(self.run_to_its_end("config show").raw.isascii())
        self.assertFalse(self.in_folder("config show", LC_ALL="C").stdout.isascii())


    def test_the_locale_of_signs_alone_is_enough_and_beats_lang(self):
        self.collected("--coins", "5")
        for more in ({"LC_CTYPE": "C"}, {"LC_CTYPE": "C", "LANG": "pt_BR.UTF-8"}):
            terminal = self.run_to_its_end("config show", LC_ALL="", **more)
            self.assertTrue(terminal.raw.isascii(), f"{more}: {terminal.raw}")
        self.assertFalse(self.run_to_its_end("config show", LC_ALL="", LC_CTYPE="C.UTF-8", LANG="C").raw.isascii())


    def test_what_programs_read_is_the_same_on_any_terminal(self):
        self.collected("--coins", "5")
        for words in ("query \"SELECT 'ação — 漢' AS x\" -o json", "query \"SELECT 'ação — 漢' AS x\" -o csv", "show --json", "config show --json"):
            on_terminal = self.run_to_its_end(words, LC_ALL="C", COINLAKE_LOG__FILE="ação.log").raw
            self.assertEqual(on_terminal.replace(b"\r\r\n", b"\r\n").replace(b"\r\n", b"\n"),
                             self.in_folder(words, COINLAKE_LOG__FILE="ação.log").stdout.replace(b"\r\n", b"\n"), words)

    def test_no_text_of_others_steers_the_terminal(self):
        self.collected("--coins", "5")
        for words in ("show --db-path '\x1b[7mx.db'", "config check --config '\x1b[7mx.toml'", "query \"SELECT '\x1b[7m' AS x\" -o csv",
                      "query \"SELECT '\x1b[7m\"", "ledger backup '/none/\x1b[7m'", "init --config '/none/\x1b[7m'", "runs '\x1b[7m'"):
            self.assertNotIn(b"\x1b[7m", self.run_to_its_end(words).raw, words)


class Progress(OnATerminal):
    def test_pages_are_counted_while_they_come_and_nothing_is_left_over(self):
        self.simulator("--coins", "1000", "--delay", "150")
        terminal = self.start("collect --top 1000", 40).until("rows, page:")
        terminal.until(" of 4")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(terminal.screen.lines()[0], "coingecko: 1000 new, 0 equal, 0")
        self.assertNotIn("page", terminal.screen.text())
        self.assertLessEqual(terminal.screen.widest, 40)

    def test_without_a_known_end_there_is_no_share_and_no_time(self):
        self.simulator("--coins", "1000", "--delay", "150")
        terminal = self.start("collect --all").until("rows, page: 2")
        self.assertNotIn("%", terminal.screen.text())
        terminal.wait()

    def test_all_are_about_as_many_as_the_last_time(self):
        self.simulator("--coins", "1000", "--delay", "150")
        self.run_to_its_end("collect --all")
        terminal = self.start("collect --all --no-cache").until(" of about 5")  # the fifth page is empty
        self.assertIn("%", terminal.screen.text())
        self.assertEqual(terminal.wait(), 0)
        self.assertNotIn("about", terminal.screen.text())

    def test_there_is_none_in_a_pipe_or_on_a_dumb_terminal(self):
        self.simulator("--coins", "1000", "--delay", "100")
        self.assertEqual(self.in_folder("collect --top 1000").stderr, b"")
        self.assertNotIn(b"page", self.run_to_its_end("collect --top 1000 --no-cache", TERM="dumb").raw)

    def test_proofs_and_copies_leave_nothing_over(self):
        self.collected()
        for words in ("ledger verify", "replay --check", "replay"):
            terminal = self.run_to_its_end(words)
            self.assertIn(b"%", terminal.raw, words)
            self.assertNotIn("%", terminal.screen.text(), words)


class Stopping(OnATerminal):
    def test_the_first_says_what_a_second_one_does_and_closes_the_run(self):
        self.simulator("--coins", "1000", "--delay", "60000", "--on", "2")
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number):
                terminal = self.start("collect --top 1000 --no-cache").until("rows, page: 1")
                terminal.signal(number)
                self.assertEqual(terminal.wait(), code)
                self.assertIn("stopping; again to stop at once", terminal.screen.text())
                self.assertIn("interrupted", terminal.screen.text())
                self.assertNotIn("page: 1", terminal.screen.lines()[-1])
                self.simulator("--coins", "1000", "--delay", "60000", "--on", "2")
        self.assertIn("partial", self.in_folder("runs").stdout.decode())
        self.in_folder("ledger verify")

    def test_control_c_is_that_signal(self):
        self.simulator("--delay", "60000")
        terminal = self.start("collect")
        self.wait_for_the_lock(terminal.pid)
        self.assertEqual(terminal.send(b"\x03").wait(), 130)

    def wait_for_the_lock(self, pid):
        lock = self.folder / "data/coinlake.db.lock"
        end = time.monotonic() + 20
        while not (lock.exists() and lock.read_text().split("\n")[0] == str(pid)):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)

    def test_a_second_one_ends_what_nothing_else_can_at_once_and_loses_nothing(self):
        self.collected()
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            reader, writer = os.pipe()  # nobody reads: it hangs in write()
            process = subprocess.Popen([COINLAKE, "show", "--json"], cwd=self.folder, env=self.env, stdout=writer)
            os.close(writer)
            self.wait_until_it_hangs(process.pid)
            process.send_signal(number)
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(0.3)
            process.send_signal(number)
            self.assertEqual(process.wait(5), code)
            os.close(reader)
        self.in_folder("ledger verify")

    def wait_until_it_hangs(self, pid):
        end = time.monotonic() + 20
        while "pipe" not in Path(f"/proc/{pid}/wchan").read_text() and "(coinlake) S" not in Path(f"/proc/{pid}/stat").read_text():
            self.assertLess(time.monotonic(), end)
            time.sleep(0.01)


class Watching(OnATerminal):
    def live(self, columns=80, rows=24, words="show --watch 0.2", **more):
        return self.start(words, columns, rows, **more).until("q ends")

    def assert_left(self, terminal, code):
        self.assertEqual(terminal.wait(), code)
        self.assertTrue(terminal.screen.cursor_is_shown)
        self.assertFalse(terminal.screen.is_other_page)
        self.assertIn(b"\x1b[?7h", terminal.raw)

    def test_prices_that_move_are_marked(self):
        self.simulator("--coins", "5", "--change-price", "--on", "2")
        self.run_to_its_end("collect --top 5")
        terminal = self.live()
        self.assertTrue(terminal.screen.is_other_page)
        self.assertFalse(terminal.screen.cursor_is_shown)
        self.run_to_its_end("collect --top 5 --no-cache")
        terminal.until(lambda screen: any(sign in screen.text() for sign in "▲▼"))
        self.assert_left(terminal.send(b"q"), 0)

    def test_it_waits_for_a_ledger(self):
        terminal = self.live()
        self.assertIn("there is no data yet", terminal.screen.text())
        self.collected("--coins", "5")
        terminal.until("Bitcoin")
        self.assert_left(terminal.send(b"q"), 0)

    def test_it_follows_the_terminals_size(self):
        self.collected()
        terminal = self.live()
        terminal.resize(40, 9).until(lambda screen: len(screen.lines()) == 9 and "larger" in screen.text())
        terminal.screen.widest = 0
        terminal.resize(40, 12).until(lambda screen: len(screen.lines()) == 12)
        self.assertLessEqual(terminal.screen.widest, 40)
        self.assert_left(terminal.send(b"q"), 0)

    def test_every_end_gives_the_terminal_back(self):
        self.collected("--coins", "5")
        self.assert_left(self.live().send(b"\x03"), 130)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGABRT, signal.SIGQUIT):
            self.assert_left(self.live().signal(number), 128 + number)

    def test_control_z_gives_the_terminal_back_meanwhile(self):
        self.collected("--coins", "5")
        terminal = self.live(words="show --watch").signal(signal.SIGTSTP)
        terminal.until(lambda screen: screen.cursor_is_shown and not screen.is_other_page).until_stopped()
        terminal.signal(signal.SIGCONT).until(lambda screen: screen.is_other_page and "Bitcoin" in screen.text())
        self.assert_left(terminal.send(b"q"), 0)

    def test_a_hangup_that_was_ignored_before_stays_ignored(self):
        self.collected("--coins", "5")
        terminal = Terminal(["bash", "-c", 'trap "" HUP; exec "$0" show --watch 0.2', COINLAKE], 80, 24, self.env, self.folder)
        self.addCleanup(terminal.close)
        terminal.until("q ends").signal(signal.SIGHUP)
        terminal.resize(80, 9).until(lambda screen: "Bitcoin" in screen.text() and screen.text().endswith("q ends"))
        self.assert_left(terminal.send(b"q"), 0)

    def test_a_coin_after_it_is_all_that_it_shows(self):
        self.collected("--coins", "5")
        self.assertIn("Ethereum", self.live().screen.text())
        terminal = self.live(words="show --watch bitcoin")
        self.assertIn("Bitcoin", terminal.screen.text())
        self.assertNotIn("Ethereum", terminal.screen.text())
        self.assertEqual(len(terminal.screen.lines()), 4)  # title, head, one row, "q ends"

    def test_a_job_in_the_background_leaves_the_terminal_alone_until_it_comes_to_the_front(self):
        self.collected("--coins", "5")
        shell = Terminal(["bash", "--norc", "--noprofile", "-i"], 80, 24, {**self.env, "PS1": "ready> "}, self.folder)
        self.addCleanup(shell.close)
        shell.until("ready>").send(b"set -b\n" + f"{shlex.quote(COINLAKE)} show --watch &\n".encode()).until("Stopped")
        self.assertTrue(shell.screen.cursor_is_shown)
        self.assertFalse(shell.screen.is_other_page)
        shell.send(b"fg\n").until(lambda screen: screen.is_other_page and "Bitcoin" in screen.text())
        shell.send(b"\x1a").until(lambda screen: not screen.is_other_page and screen.text().count("Stopped") == 2)
        shell.send(b"bg\n").until(lambda screen: screen.text().count("Stopped") == 3)
        self.assertFalse(shell.screen.is_other_page)
        shell.send(b"fg\n").until(lambda screen: screen.is_other_page and "Bitcoin" in screen.text())
        shell.send(b"q").until(lambda screen: not screen.is_other_page)
        self.assertTrue(shell.screen.cursor_is_shown)

    def test_it_needs_a_terminal_that_can_redraw(self):
        self.assertIn(b"needs a terminal", self.in_folder("show --watch", 2).stderr)
        self.assertEqual(self.run_to_its_end("show --watch", TERM="dumb").code, 2)


class Pipes(OnATerminal):
    def test_tables_are_as_wide_as_columns_says_and_words_stay_as_written(self):
        self.collected()
        for more, widest in (({}, 1000), ({"COLUMNS": "40"}, 40), ({"COLUMNS": "7"}, 1000), ({"COLUMNS": "wide"}, 1000)):
            lines = self.in_folder("show", **more).stdout.decode().splitlines()
            self.assertTrue(all(len(line) <= widest for line in lines), f"{more} {lines}")
            self.assertEqual(any(len(line) > 40 for line in lines), widest > 40, f"{more} {lines}")
        for words in ("help show", "collect --help", "quarantine"):
            self.assertEqual(self.in_folder(words, COLUMNS="40").stdout, self.in_folder(words).stdout, words)

    def test_a_reader_who_leaves_ends_each_printing_command_quietly(self):
        self.collected("--coins", "300", "--bad-row", "7")
        for words in [*READING[:12], "show --json", "runs --json", "query 'SELECT * FROM quote' -o csv", "--help", "help config",
                      "config schema", "ledger digest"]:
            done = subprocess.run(["bash", "-c", '"$@" | true; exit ${PIPESTATUS[0]}', "bash", COINLAKE, *shlex.split(words)],
                                  cwd=self.folder, env=self.env, capture_output=True, timeout=60)
            self.assertEqual(done.stderr, b"", words)
            self.assertEqual(done.returncode, 0, words)

    def test_a_full_disk_is_an_error(self):
        self.collected("--coins", "300", "--bad-row", "7")
        for words in [*READING[:12], "show --json", "--help", "version"]:
            with open("/dev/full", "wb") as full:
                done = subprocess.run([COINLAKE, *shlex.split(words)], cwd=self.folder, env=self.env, stdout=full, stderr=subprocess.PIPE)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn(b"could not write", done.stderr, words)


class Tools(OnATerminal):
    def test_the_pictures_are_what_a_run_shows_and_well_formed(self):
        env = {**os.environ, "COINLAKE_BUILD": str(Path(COINLAKE).parent)}
        for name, words in (("picture.svg", []), ("picture.pt-BR.svg", ["--lang", "pt-BR"])):
            with self.subTest(name):
                xml.etree.ElementTree.parse(SOURCE / "docs" / name)
                done = subprocess.run([SOURCE / "tools/picture", *words, "--check"], env=env, capture_output=True, text=True, timeout=120)
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_demos_table_moves_and_q_or_control_c_goes_on_to_the_tour(self):
        copy = self.folder / "copy"
        (copy / "build").mkdir(parents=True)
        (copy / "tools").symlink_to(SOURCE / "tools")
        (copy / "build/release").symlink_to(Path(COINLAKE).parent)
        for key in (b"q", b"\x03"):
            demo = Terminal(["bash", "-c", 'cd "$0" && . <(sed "s|^cd .*||" tools/demo)', str(copy)], 80, 24, self.env)
            self.addCleanup(demo.close)
            demo.until(lambda screen: screen.is_other_page and "Bitcoin" in screen.text(), 10)
            demo.until(lambda screen: any(sign in screen.text() for sign in "▲▼"), 30)
            self.assertIn("SIMULATED", demo.screen.text())
            demo.send(key).until("1. Collect the 250 largest", 20)
            self.assertEqual(demo.wait(60), 0, demo.screen.text())
            self.assertTrue(demo.screen.cursor_is_shown)


if __name__ == "__main__":
    unittest.main()
