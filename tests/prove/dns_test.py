"""Names that do not resolve, and what becomes of coinlake: NXDOMAIN, SERVFAIL, silence, an empty answer, an address of IPv6 alone on a host
without it, an address where nobody listens before one that answers, a record that changes.

All of it lives in a network and a mount namespace of its own (unshare, as root or with user namespaces), with /etc/resolv.conf pointing to
a name server in this process, and providers that speak https on 127.0.0.1 and 127.0.0.2. Takes about five minutes."""

import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "interop"))
from tls_test import make_certificate  # noqa: E402

COINLAKE = os.environ["COINLAKE_BINARY"]
HOST, PORT = "provider.test", 8443
BOUND = 35  # seconds, of any command: three attempts of ten, and the waits between them
PATIENCE = 150  # a daemon's: until a provider that was left alone is asked again
A, AAAA = 1, 28
NXDOMAIN, SERVFAIL = 3, 2
OUTSIDE = "PROVE_DNS_OUTSIDE"  # the network namespace that this was started in


class Names(threading.Thread):
    """A name server: what it says of every name, or nothing."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.asked = 0
        self.say()

    def say(self, *addresses, code=0, silent=False):
        self.addresses, self.code, self.silent = addresses, code, silent

    def records(self, kind):
        family = {A: socket.AF_INET, AAAA: socket.AF_INET6}.get(kind)
        for address in self.addresses:
            if (":" in address) == (kind == AAAA) and family:
                data = socket.inet_pton(family, address)
                yield struct.pack("!HHHIH", 0xC00C, kind, 1, 1, len(data)) + data

    def run(self):
        while True:
            question, who = self.socket.recvfrom(512)
            self.asked += 1
            if self.silent:
                continue
            end = question.index(b"\0", 12) + 5
            records = list(self.records(*struct.unpack("!H", question[end - 4:end - 2])))
            head = question[:2] + struct.pack("!HHHHH", 0x8180 | self.code, 1, len(records), 0, 0)
            self.socket.sendto(head + question[12:end] + b"".join(records), who)


class Coins(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked += 1
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        body = ('[{"id":"bitcoin","symbol":"btc","name":"Bitcoin","current_price":64000.5,"market_cap":1.2e12,"market_cap_rank":1,'
                f'"last_updated":"{now}"}}]').encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Provider(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def __init__(self, address, certificate):
        super().__init__((address, PORT), Coins)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
        self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.asked = 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, request, client_address):
        pass

    def stop(self):
        self.shutdown()
        self.server_close()


def network():
    return os.readlink("/proc/self/ns/net")


def is_inside():
    """Whether the network, and with it /etc, is not the machine's."""
    return os.environ.get(OUTSIDE, network()) != network()


def enter_namespaces():
    """This program once more, where the network and /etc are its own."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    os.environ[OUTSIDE] = network()
    # In a chroot the mount below / cannot be named, so nothing can be said of it.
    points = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    propagation = "private" if "/" in points else "unchanged"
    sys.stdout.flush()
    sys.stderr.flush()
    os.execvp("unshare", ["unshare", "--net", "--mount", "--propagation", propagation, *as_root, sys.executable, *sys.argv])


def furnish():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    subprocess.run(["sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1"], check=False)  # who has no IPv6 has no such word
    for name, text in ("resolv.conf", ""), ("nsswitch.conf", "hosts: files dns\n"):
        with tempfile.NamedTemporaryFile("w", suffix=name) as mine:
            mine.write(text)
            mine.flush()
            subprocess.run(["mount", "--bind", mine.name, f"/etc/{name}"], check=True)


def setUpModule():  # noqa: N802 (unittest's name)
    global NAMES  # noqa: PLW0603
    if not is_inside():
        enter_namespaces()
    furnish()
    NAMES = Names()
    NAMES.start()


def tearDownModule():  # noqa: N802 (unittest's name)
    """Where a mount could not be made private, nothing of it may stay."""
    for name in "resolv.conf", "nsswitch.conf":
        subprocess.run(["umount", f"/etc/{name}"], check=True)


def resolver(options):
    """What the machine's resolver does; the name server is this process."""
    if not is_inside():
        raise RuntimeError("/etc/resolv.conf is the machine's own: not touched")
    Path("/etc/resolv.conf").write_text(f"nameserver 127.0.0.1\noptions {options}\n")


class DnsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.certificate = make_certificate(folder.name, "provider", HOST)
        self.provider = Provider("127.0.0.1", self.certificate)
        self.addCleanup(lambda: self.provider.stop())
        self.environment = {**os.environ, "SSL_CERT_FILE": self.certificate[0], "COINLAKE_COINGECKO__REQUESTS_PER_MINUTE": "600",
                            "COINLAKE_COINGECKO__BASE_URL": f"https://{HOST}:{PORT}/api/v3"}
        resolver("timeout:5 attempts:2")  # as everywhere

    def coinlake(self, *words):
        return subprocess.run([COINLAKE, *words], cwd=self.path, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)

    def sql(self, text):
        return self.coinlake("query", text, "-o", "csv").stdout.splitlines()[1:]

    def eventually(self, true, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if true():
                return
            time.sleep(0.1)
        self.fail(f"never: {what}\n{self.coinlake('status').stdout}\n{(self.path / 'log').read_text()[-3000:]}")

    def collect(self):
        begin = time.monotonic()
        done = self.coinlake("collect", "--top", "1", "--no-cache")
        return done, time.monotonic() - begin

    def expect_no_address(self, *addresses, **what):
        """One clear line that names the host, in a bounded time; then the name is there, and nothing of the failure is left."""
        NAMES.say(*addresses, **what)
        done, seconds = self.collect()
        print(f"{self.id().split('.')[-1]}: {seconds:.1f} s, exit {done.returncode}: {done.stderr.strip()}")
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertIn(HOST, done.stderr)
        self.assertLess(seconds, BOUND)
        self.assertEqual(self.provider.asked, 0)
        NAMES.say("127.0.0.1")
        self.assertEqual(self.collect()[0].returncode, 0)

    def test_f30_a_name_that_does_not_exist(self):
        self.expect_no_address(code=NXDOMAIN)

    def test_f30_a_name_server_that_fails(self):
        self.expect_no_address(code=SERVFAIL)

    def test_f30_a_name_without_an_address(self):
        self.expect_no_address()

    def test_f30_a_name_server_that_says_nothing(self):
        self.expect_no_address(silent=True)

    def test_f30_a_resolver_that_would_wait_for_minutes_is_not_waited_for(self):
        resolver("timeout:30 attempts:5")
        self.expect_no_address(silent=True)

    def test_f30_an_ipv6_address_alone_on_a_host_without_ipv6(self):
        self.expect_no_address("2001:db8::1")

    def test_f30_the_next_address_is_tried_when_nobody_listens_at_the_first(self):
        NAMES.say("127.0.0.9", "2001:db8::1", "127.0.0.1")
        for _ in range(3):  # whichever the resolver puts first
            done, _ = self.collect()
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.provider.asked, 3)

    # --- coinlake run

    def run_daemon(self):
        (self.path / "coinlake.toml").write_text('[schedules.fast]\nwhen = "every 1s"\ntop = 1\ntimeout = "5s"\n')
        log = open(self.path / "log", "w")
        self.addCleanup(log.close)
        self.daemon = subprocess.Popen([COINLAKE, "run"], cwd=self.path, env=self.environment, stdout=log, stderr=log)
        self.addCleanup(lambda: self.daemon.poll() is None and (self.daemon.kill(), self.daemon.wait()))

    def threads(self):
        return len(os.listdir(f"/proc/{self.daemon.pid}/task"))

    def collects(self):
        before = self.provider.asked
        self.eventually(lambda: self.provider.asked > before + 1, "it collects")

    def end(self):
        begin = time.monotonic()
        self.daemon.send_signal(signal.SIGTERM)
        self.assertEqual(self.daemon.wait(timeout=PATIENCE), 0)
        self.assertLess(time.monotonic() - begin, 12)
        self.assertEqual(self.coinlake("replay", "--check").returncode, 0)

    def test_f30_the_daemon_names_the_host_and_goes_on_alone_when_the_name_is_back(self):
        NAMES.say(code=NXDOMAIN)
        self.run_daemon()
        self.eventually(lambda: HOST in self.coinlake("status").stdout, "the status names the host")
        NAMES.say("127.0.0.1")
        self.collects()
        self.end()

    def test_f30_the_daemon_keeps_no_thread_of_lookups_that_hang_and_ends_in_time(self):
        NAMES.say("127.0.0.1")
        self.run_daemon()
        self.collects()
        before = self.threads()
        resolver("timeout:10 attempts:1")
        NAMES.say(silent=True)
        asked = NAMES.asked
        failed = "SELECT count(*) FROM batch WHERE outcome = 'failed'"
        self.eventually(lambda: int(self.sql(failed)[0]) >= 3, "three runs fail")
        self.assertGreater(NAMES.asked, asked)
        self.assertLessEqual(self.threads(), before + 8)
        NAMES.say("127.0.0.1")
        self.collects()
        self.eventually(lambda: self.threads() <= before, "the threads are gone")
        resolver("timeout:30 attempts:5")
        NAMES.say(silent=True)
        failures = self.sql(failed)
        self.eventually(lambda: self.sql(failed) != failures, "a run fails")
        self.end()

    def test_f30_the_daemon_follows_a_name_that_moves(self):
        NAMES.say("127.0.0.1")
        self.run_daemon()
        self.collects()
        self.provider.stop()
        self.provider = Provider("127.0.0.2", self.certificate)
        NAMES.say("127.0.0.2")
        self.collects()
        self.end()


if __name__ == "__main__":
    unittest.main()
