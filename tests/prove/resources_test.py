"""What a machine may run out of besides its disk: memory, threads, time to sync, descriptors, inodes. coinlake says so and ends, or goes
on; it never dies of it by a signal, and the ledger is whole afterwards.

Faults are put under the built program by a libc of our own (faulty_libc.c). Takes about five minutes."""

import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
from daemon_test import COINLAKE, PATIENCE, Daemon  # noqa: E402

SAMPLES = int(os.environ.get("PROVE_ALLOCATIONS", "60"))
TOP = 30
BUILT = tempfile.TemporaryDirectory()
FAULTY = Path(BUILT.name) / "faulty_libc.so"


def setUpModule():
    source = Path(__file__).resolve().parent / "faulty_libc.c"
    subprocess.run(["cc", "-Wall", "-Wextra", "-O1", "-shared", "-fPIC", "-o", FAULTY, source], check=True)


def tearDownModule():
    BUILT.cleanup()


def faults(**values):
    """The environment that plays them."""
    return {"LD_PRELOAD": str(FAULTY), **{f"FAULTY_{name.upper()}": str(value) for name, value in values.items()}}


class ResourcesTest(Daemon):
    def coinlake(self, *words, **values):
        environment = {**self.environment(), **(faults(**values) if values else {})}
        return subprocess.run([COINLAKE, *words], cwd=self.path, env=environment, capture_output=True, text=True, timeout=PATIENCE)

    def expect_ended_by_itself(self, done, *about):
        self.assertIn(done.returncode, (0, 1, 2, 3, 75, 78), (about, done.returncode, done.stderr[-2000:]))
        if done.returncode != 0:
            self.assertRegex(done.stderr, "(?m)^coinlake: .{10}|level=error", (about, done.returncode))

    def expect_whole(self, *about):
        checked = self.coinlake("ledger", "verify")
        self.assertEqual(checked.returncode, 0, (about, checked.stdout, checked.stderr))

    def expect_whole_or_nothing_yet(self, *about):
        checked = self.coinlake("ledger", "verify")
        if checked.returncode == 3:
            self.assertRegex(checked.stderr, "there is no (data yet|ledger)", about)
        else:
            self.assertEqual(checked.returncode, 0, (about, checked.stdout, checked.stderr))

    def expect_the_next_one_collects(self, *about):
        done = self.coinlake("collect", "--top", str(TOP))
        self.assertEqual(done.returncode, 0, (about, done.stderr))
        self.expect_whole(about, "after the next one")

    def allocations_of(self, *words):
        count = self.path / "count"
        done = self.coinlake(*words, count=count)
        self.assertEqual(done.returncode, 0, done.stderr)
        return int(count.read_text())

    def sample(self, most, seed):
        """(n, whether only that one fails): over the whole run, more of its beginning, where most differs."""
        chance = random.Random(seed)
        early = [chance.randrange(1, min(most, 300)) for _ in range(SAMPLES // 3)]
        return [(n, chance.random() < 0.5) for n in early + [chance.randrange(1, most) for _ in range(SAMPLES - len(early))]]

    # --- F16: memory

    def fail_allocations_of(self, words, seed, before=(), whole=lambda done: True):
        self.play("--coins", str(TOP), "--moving")
        self.configure()
        for step in before:
            self.assertEqual(self.coinlake(*step).returncode, 0)
        of_memory = failed = 0
        for n, once in self.sample(self.allocations_of(*words), seed):
            done = self.coinlake(*words, allocation=n, once=int(once))
            about = (words, n, "once" if once else "and all after it")
            self.expect_ended_by_itself(done, *about)
            failed += done.returncode != 0
            of_memory += done.returncode != 0 and "memory" in done.stderr
            self.assertTrue(done.returncode != 0 or whole(done), (about, "says that all is well", done.stdout, done.stderr))
            self.expect_whole(*about)
        self.assertGreater(failed, SAMPLES // 2, "the faults come")
        self.assertGreater(of_memory, failed * 3 // 4, "it says what it lacks")
        self.expect_the_next_one_collects(words)

    def test_f16_an_allocation_that_fails_while_it_collects_ends_it_and_leaves_the_ledger_whole(self):
        rows = "SELECT count(*) FROM quote WHERE seq = (SELECT max(seq) FROM batch)"
        self.fail_allocations_of(("collect", "--top", str(TOP), "--no-cache"), 1,
                                 whole=lambda done: self.sql(rows) == [str(TOP)])

    def test_f16_an_allocation_that_fails_in_a_first_start_leaves_what_the_next_one_completes(self):
        self.play("--coins", str(TOP), "--moving")
        words = ("collect", "--top", str(TOP))
        most = self.allocations_of(*words)
        for n, once in self.sample(most, 2):
            for file in (self.path / "data").glob("*"):
                file.unlink()
            done = self.coinlake(*words, allocation=n, once=int(once))
            self.expect_ended_by_itself(done, n, once)
            self.expect_whole_or_nothing_yet(n, once)
            self.expect_the_next_one_collects(n, once)

    def test_f16_an_allocation_that_fails_in_the_daemon_ends_it_and_leaves_the_ledger_whole(self):
        self.fail_allocations_of(("run", "--once"), 3)

    def test_f16_an_allocation_that_fails_while_it_reads_gives_no_wrong_answer(self):
        seen = []
        for words in ("show", "--json"), ("query", "SELECT * FROM cryptocurrency_latest", "-o", "csv"), ("replay", "--check"):
            with self.subTest(words=words):
                self.fail_allocations_of(words, 4, before=(("collect", "--top", str(TOP)),) if not seen else (),
                                         whole=lambda done: done.stdout == self.coinlake(*words).stdout)
                seen.append(words)

    # --- F23: threads

    def test_f23_without_threads_it_says_so_and_ends_or_goes_on_with_what_it_has(self):
        self.play("--coins", str(TOP), "--moving")
        self.configure()
        self.assertEqual(self.coinlake("collect", "--top", str(TOP)).returncode, 0)
        refused = 0
        for words in ("run", "--once"), ("collect", "--top", str(TOP)), ("replay", "--check"), ("replay",):
            for n in range(1, 10):
                done = self.coinlake(*words, thread=n)
                self.expect_ended_by_itself(done, words, n)
                refused += done.returncode == 75 and "thread" in done.stderr
                self.expect_whole(words, n)
        self.assertGreater(refused, 6, "the faults come")
        self.expect_the_next_one_collects()

    def test_f23_a_daemon_without_threads_says_so_and_leaves_no_socket(self):
        self.play("--coins", str(TOP), "--moving")
        self.configure()
        for n in range(1, 7):
            done = self.coinlake("run", thread=n)
            self.assertEqual(done.returncode, 75, (n, done.stderr))
            self.assertRegex(done.stderr, "coinlake: the system refuses another thread")
            self.assertFalse((self.path / "data" / "coinlake.db.sock").exists())
            self.expect_whole_or_nothing_yet(n)

    def test_f23_a_resolver_without_a_thread_is_an_error_of_the_network(self):
        self.play("--coins", str(TOP), "--moving")
        self.more = {"COINLAKE_COINGECKO__BASE_URL": self.provider.url.replace("127.0.0.1", "localhost")}
        done = self.coinlake("collect", "--top", str(TOP), thread=1)
        self.expect_ended_by_itself(done)
        self.expect_the_next_one_collects()

    # --- F25: a disk that is slow to sync

    def heard(self, seconds):
        """The longest silence of the daemon."""
        longest, last, end = 0.0, time.monotonic(), time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            self.manager.settimeout(end - now)
            try:
                if self.manager.recv(256) == b"WATCHDOG=1":
                    longest, last = max(longest, time.monotonic() - last), time.monotonic()
            except TimeoutError:
                pass
        return max(longest, time.monotonic() - last)

    def await_ready(self):
        self.manager.settimeout(PATIENCE)
        while self.manager.recv(256) != b"READY=1":
            pass

    def timed(self, *words):
        began = time.monotonic()
        done = self.coinlake(*words)
        return done, time.monotonic() - began

    def test_f25_a_sync_of_two_seconds_holds_up_neither_the_watchdog_nor_readers_and_no_slot_is_silent(self):
        self.play("--coins", str(TOP), "--moving")
        self.configure()
        self.assertEqual(self.coinlake("collect", "--top", str(TOP)).returncode, 0)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as self.manager:
            self.manager.bind(f"{self.path}/notify")
            self.more = {**faults(sync_ms=2000), "NOTIFY_SOCKET": f"{self.path}/notify", "WATCHDOG_USEC": "2000000"}
            self.start()
            self.more = {}
            self.await_ready()
            for _ in range(5):
                self.assertLess(self.heard(4), 2.0, "systemd would have killed it")
                for words in ("status",), ("query", "SELECT count(*) FROM quote"):
                    done, took = self.timed(*words)
                    self.assertIn(done.returncode, (0, 5), done.stderr)
                    self.assertLess(took, 1.0, words)
            self.stop()
        self.expect_sound()
        states = dict(line.split(",") for line in self.sql("SELECT state, count(*) FROM slot GROUP BY state"))
        self.assertGreater(sum(int(n) for state, n in states.items() if state != "done"), 3, f"it can keep up? {states}")
        self.assertGreater(sum(int(n) for n in states.values()), 10, states)
        self.assertEqual(self.sql("SELECT count(*) FROM slot WHERE state <> 'done' AND coalesce(why, '') = ''"), ["0"])

    # --- F21: descriptors

    def processor_time(self):
        fields = Path(f"/proc/{self.daemon.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def connect_idly(self, attempts):
        """As many as connect."""
        idle, refused = [], 0
        for _ in range(attempts):
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.setblocking(False)
            try:
                client.connect(str(self.path / "data" / "coinlake.db.sock"))
                idle.append(client)
            except OSError:
                client.close()
                refused += 1
        return idle

    def test_f21_idle_clients_that_use_all_descriptors_stop_neither_collecting_nor_spin(self):
        self.play("--coins", str(TOP), "--moving")
        self.configure()
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, limit[1]))
        try:
            self.start()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limit)
        self.collects(1)
        before, began, idle = self.processor_time(), time.monotonic(), []
        try:
            while time.monotonic() - began < 12:
                idle += self.connect_idly(50)
                self.assertLess(len(os.listdir(f"/proc/{self.daemon.pid}/fd")), 60, "none would be left for the ledger")
                time.sleep(0.1)
            self.assertGreater(len(idle), 18, "more than it takes at once")
            used = self.processor_time() - before
            self.assertLess(used, 0.25 * (time.monotonic() - began), "it spins")
            self.collects()
            done, took = self.timed("status")
            self.assertIn(done.returncode, (0, 5), done.stdout + done.stderr)
            self.assertLess(took, 15)
            self.assertEqual(self.sql("SELECT at, state, why FROM slot WHERE state NOT IN ('done', 'late')"), [])
        finally:
            for client in idle:
                client.close()
        done = self.coinlake("collect", "--top", str(TOP))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.coinlake("reload").returncode, 0)
        self.stop()
        self.assertNotRegex((self.path / "log").read_text(), "(?i)too many open files|storage error")
        self.expect_sound()

    def test_f21_a_caller_that_the_system_refuses_is_not_asked_for_again_and_again(self):
        self.play("--coins", str(TOP), "--moving")
        self.configure('when = "every 1h"\ntop = 20\n')
        self.start()
        self.eventually(lambda: (self.path / "data" / "coinlake.db.sock").exists(), "it listens")
        self.eventually(lambda: self.sql("SELECT 1 FROM batch LIMIT 1") or time.sleep(1), "it has started")
        limits = resource.prlimit(self.daemon.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.daemon.pid, resource.RLIMIT_NOFILE, (1, limits[1]))  # below what it has: each new one is refused
        before, idle = self.processor_time(), self.connect_idly(3)
        time.sleep(4)
        self.assertLess(self.processor_time() - before, 0.5, "it spins")
        resource.prlimit(self.daemon.pid, resource.RLIMIT_NOFILE, limits)
        for client in idle:
            client.close()
        self.assertEqual(self.coinlake("reload").returncode, 0)
        self.stop()

    # --- F22: inodes

    @contextmanager
    def few_inodes(self, inodes):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=64M,nr_inodes={inodes}", "tmpfs", self.path], capture_output=True)
        self.assertEqual(mounted.returncode, 0, mounted.stderr)  # a skipped proof would count as one
        try:
            self.configure()
            (self.path / "log").touch()
            yield
        finally:
            if self.daemon and self.daemon.poll() is None:
                self.daemon.kill()
                self.daemon.wait()
            subprocess.run(["umount", "-l", self.path], check=True)

    def use_inodes_up(self, left=0):
        (self.path / "many").mkdir(exist_ok=True)
        try:
            while True:
                (self.path / "many" / str(len(os.listdir(self.path / "many")))).touch()
        except OSError:
            pass
        self.free_inodes(left)

    def free_inodes(self, count):
        for name in os.listdir(self.path / "many")[:count]:
            (self.path / "many" / name).unlink()

    def test_f22_a_start_without_inodes_says_so_and_ends_as_on_a_full_disk(self):
        self.play("--coins", str(TOP), "--moving")
        with self.few_inodes(40):
            ended = 0
            for left in range(8):
                self.use_inodes_up(left)
                self.start()
                deadline = time.monotonic() + 5
                while self.daemon.poll() is None and time.monotonic() < deadline and not self.sql("SELECT 1 FROM slot LIMIT 1"):
                    time.sleep(0.05)
                if self.daemon.poll() is None:
                    self.stop()
                    break
                said = (self.path / "log").read_text()
                self.assertEqual(self.daemon.returncode, 1, (left, said))
                self.assertRegex(said.splitlines()[-1] + said, "df -i", left)
                (self.path / "log").write_text("")
                ended += 1
                subprocess.run(["rm", "-rf", self.path / "data"], check=True)
            self.assertGreater(ended, 2, "the faults come")
            self.free_inodes(1000)
            self.expect_the_next_one_collects()

    def test_f22_a_running_daemon_loses_nothing_without_inodes_and_goes_on(self):
        self.play("--coins", str(TOP), "--moving")
        with self.few_inodes(60):
            self.start()
            self.collects()
            self.use_inodes_up()
            self.collects(3)
            self.free_inodes(1000)
            self.collects()
            self.stop()
            self.assertEqual(self.sql("SELECT count(*) FROM slot WHERE state NOT IN ('done', 'late')"), ["0"])
            self.expect_sound()


if __name__ == "__main__":
    unittest.main()
