"""systemd's watchdog from outside: as long as `coinlake run` does its work it says so, also while a provider hangs; once its threads stand
still (they are stopped with ptrace, all but the main one) it does not, and systemd would start it again."""

import contextlib
import ctypes
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SEIZE, INTERRUPT, DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000
GRACE = 31  # seconds: a schedule's timeout, and what is beyond it


class Threads:
    """All threads of a process but its main one, held."""

    def __init__(self, pid):
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.ids = []
        try:
            for thread in [int(name) for name in os.listdir(f"/proc/{pid}/task") if int(name) != pid]:
                self.do(SEIZE, thread)
                self.ids.append(thread)
                self.do(INTERRUPT, thread)
                os.waitpid(thread, WALL)
        except OSError:
            self.release()
            raise

    def do(self, request, thread):
        if self.libc.ptrace(ctypes.c_long(request), ctypes.c_long(thread), None, None) != 0:
            raise OSError(ctypes.get_errno(), f"ptrace {request:#x} of {thread}")

    def release(self):
        while self.ids:
            with contextlib.suppress(ProcessLookupError):  # it has ended
                self.do(DETACH, self.ids.pop())


def is_open(connection):
    """Whether whoever called still waits for the answer."""
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return not poll.poll(0)


def held_in_a_request(daemon, provider, hung):
    """The daemon's threads, held while one of them waits for an answer: a call that was given up meanwhile is none."""
    while True:
        hung.append(provider.accept()[0])
        threads = Threads(daemon.pid)
        if is_open(hung[-1]):
            return threads
        threads.release()


class WatchdogTest(unittest.TestCase):
    def heard(self, seconds):
        """How often it said that it is alive."""
        end, times = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            self.manager.settimeout(left)
            try:
                times += self.manager.recv(256) == b"WATCHDOG=1"
            except TimeoutError:
                break
        return times

    def test_f75_with_threads_that_stand_still_beyond_a_hung_requests_deadline_no_watchdog_comes(self):
        with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as provider, \
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as self.manager:
            self.manager.bind(f"{folder}/notify")
            provider.settimeout(60)
            (Path(folder) / "coinlake.toml").write_text('[schedules.slow]\nwhen = "every 1m"\ntop = 20\ntimeout = "1s"\n')
            address = f"http://127.0.0.1:{provider.getsockname()[1]}/api/v3"
            env = {**os.environ, "COINLAKE_COINGECKO__BASE_URL": address, "NOTIFY_SOCKET": f"{folder}/notify",
                   "WATCHDOG_USEC": "1000000"}
            daemon = subprocess.Popen([os.environ["COINLAKE_BINARY"], "run"], cwd=folder, env=env,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            hung, threads = [], None
            try:
                hung.append(provider.accept()[0])
                self.assertGreater(self.heard(4), 2, "a provider that hangs is no reason to be started again")
                threads = held_in_a_request(daemon, provider, hung)
                self.heard(GRACE - 10)
                self.assertGreater(self.heard(5), 5, "there is time")
                self.heard(7)
                self.assertEqual(self.heard(3), 0)
                threads.release()
                self.assertGreater(self.heard(5), 0, "it goes on where it stood")
                daemon.send_signal(signal.SIGTERM)
                self.assertEqual(daemon.wait(10), 0)
            finally:
                if threads:
                    threads.release()  # or nobody sees that the daemon has ended
                for connection in hung:
                    connection.close()
                daemon.kill()
                daemon.wait()


if __name__ == "__main__":
    unittest.main()
