"""Real TLS from outside: certificates that are not to be believed, redirects that are not to be followed, proxies.

The servers live in this process, on ports of their own; their certificates come from the openssl program."""

import os
import socket
import socketserver
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler
from pathlib import Path

COINLAKE = os.environ["COINLAKE_BINARY"]
KEY = "CG-s3cr3t"
MARKETS = "/api/v3/coins/markets"
BODY = (
    b'[{"id":"bitcoin","symbol":"btc","name":"Bitcoin","current_price":64000.5,"market_cap":1.2e12,"market_cap_rank":1,'
    b'"last_updated":"2026-01-02T03:04:05.678Z"}]'
)


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


def make_certificate(folder, name, host, days=2):
    """Self-signed, for `host` alone. With a negative number of days it has expired."""
    key, request, extensions, certificate = (str(Path(folder) / f"{name}.{end}") for end in ("key", "csr", "ext", "crt"))
    Path(extensions).write_text(f"subjectAltName = DNS:{host}\nbasicConstraints = critical, CA:TRUE\n")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request,
            "-subj", f"/CN={host}")
    openssl("x509", "-req", "-in", request, "-key", key, "-days", str(days), "-extfile", extensions, "-out", certificate)
    return certificate, key


class Server(socketserver.ThreadingTCPServer):
    """On 127.0.0.1; with a certificate it speaks TLS. Remembers what it was asked: (path, has the key)."""

    daemon_threads, block_on_close, allow_reuse_address = True, False, True

    def __init__(self, handler, certificate=None):
        super().__init__(("127.0.0.1", 0), handler)
        self.asked, self.handshakes_failed, self.location = [], 0, None
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def finish_request(self, request, client_address):
        if not self.tls:
            return super().finish_request(request, client_address)
        try:
            wrapped = self.tls.wrap_socket(request, server_side=True)
        except OSError:
            self.handshakes_failed += 1
            return None
        with wrapped:
            return super().finish_request(wrapped, client_address)

    def handle_error(self, request, client_address):
        pass  # a client that leaves is what these tests are about

    def stop(self):
        self.shutdown()
        self.server_close()


class Markets(BaseHTTPRequestHandler):
    """Answers MARKETS, or sends elsewhere once when the server has a location."""

    def do_GET(self):
        has_key = any(KEY in value for value in self.headers.values())
        self.server.asked.append((self.path.split("?")[0], has_key))
        location, self.server.location = self.server.location, None
        body = b"" if location else BODY
        self.send_response(302 if location else 200)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Connect(BaseHTTPRequestHandler):
    """A proxy for CONNECT, to this machine only."""

    def do_CONNECT(self):
        self.server.asked.append((self.path, any(KEY in value for value in self.headers.values())))
        if self.server.location == "refuse":
            return self.send_error(403)
        with socket.create_connection(("127.0.0.1", int(self.path.rsplit(":", 1)[1]))) as there:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=self.pump, args=(there, self.connection), daemon=True)
            back.start()
            self.pump(self.connection, there)
            back.join()

    def do_GET(self):
        self.server.asked.append((self.path, False))
        self.send_error(500)

    @staticmethod
    def pump(source, to):
        try:
            while chunk := source.recv(65536):
                to.sendall(chunk)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def log_message(self, *_):
        pass


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.certificates = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.certificates.cleanup)
        cls.good = make_certificate(cls.certificates.name, "good", "localhost")
        cls.other = make_certificate(cls.certificates.name, "other", "elsewhere.test")
        cls.expired = make_certificate(cls.certificates.name, "expired", "localhost", days=-1)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.ledger = str(Path(self.folder.name) / "ledger.db")

    def server(self, handler=Markets, certificate=None):
        server = Server(handler, certificate)
        self.addCleanup(server.stop)
        return server

    def collect(self, url, **variables):
        """With a key, as on the demo plan, and without this machine's own proxies and certificates."""
        environment = {name: value for name, value in os.environ.items()
                       if not name.lower().endswith("_proxy") and not name.startswith(("SSL_CERT", "COINLAKE_"))}
        environment |= {"COINLAKE_COINGECKO__BASE_URL": url, "COINLAKE_COINGECKO__PLAN": "demo",
                        "COINLAKE_COINGECKO__API_KEY": KEY, "COINLAKE_HTTP__RETRIES": "0", **variables}
        command = [COINLAKE, "collect", "--top", "1", "--verbose", "--db-path", self.ledger]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd=self.folder.name)
        self.assertNotIn(KEY, done.stdout + done.stderr)
        return done

    def url(self, server, scheme="https", host="localhost"):
        return f"{scheme}://{host}:{server.port}/api/v3"

    def count(self, table):
        if not Path(self.ledger).exists():
            return 0
        connection = sqlite3.connect(self.ledger)
        try:
            return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        finally:
            connection.close()

    def assert_works(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.count("quote"), self.count("raw")), (1, 1))

    def assert_refused(self, done, words, code=1):
        """Exit 1, as `help exit-codes` says of what is refused; and nothing became data, nor a body."""
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertEqual(self.count("quote"), 0)
        self.assertEqual(self.count("batch WHERE kind = 'answer'"), 0)

    def assert_certificate_refused(self, server, done):
        self.assert_refused(done, "certificate")
        self.assertEqual(server.asked, [], "it asked, and so sent its key")
        self.assertEqual(self.count("raw"), 0)

    def test_F28_a_certificate_nobody_vouches_for_is_refused(self):
        server = self.server(certificate=self.good)
        self.assert_certificate_refused(server, self.collect(self.url(server), COINLAKE_HTTP__RETRIES="2"))
        self.assertEqual(server.handshakes_failed, 1, "trying again cannot help")

    def test_F28_it_works_once_the_certificate_is_named(self):
        server = self.server(certificate=self.good)
        self.assert_works(self.collect(self.url(server), SSL_CERT_FILE=self.good[0]))
        self.assertEqual(server.asked, [(MARKETS, True)])

    def test_F28_a_certificate_for_another_name_is_refused(self):
        server = self.server(certificate=self.other)
        self.assert_certificate_refused(server, self.collect(self.url(server), SSL_CERT_FILE=self.other[0]))

    def test_F28_a_certificate_for_a_name_is_not_one_for_the_address(self):
        server = self.server(certificate=self.good)
        done = self.collect(self.url(server, host="127.0.0.1"), SSL_CERT_FILE=self.good[0])
        self.assert_certificate_refused(server, done)

    def test_F28_an_expired_certificate_is_refused(self):
        server = self.server(certificate=self.expired)
        self.assert_certificate_refused(server, self.collect(self.url(server), SSL_CERT_FILE=self.expired[0]))

    def test_F28_a_file_of_certificates_that_is_not_there_trusts_nobody(self):
        server = self.server(certificate=self.good)
        done = self.collect(self.url(server), SSL_CERT_FILE=str(Path(self.folder.name) / "none.pem"))
        self.assert_certificate_refused(server, done)

    def test_F28_a_server_that_speaks_no_tls_is_refused_and_sees_no_key(self):
        server = self.server()
        self.assert_refused(self.collect(self.url(server), SSL_CERT_FILE=self.good[0]), "TLS")
        self.assertEqual(server.asked, [])

    def test_F28_plain_http_to_another_machine_is_refused_at_once(self):
        started = time.monotonic()
        for host in ("192.0.2.1", "api.coingecko.com", "127.0.0.1.elsewhere.test", "[2001:db8::1]", "0.0.0.0"):
            with self.subTest(host):
                self.assert_refused(self.collect(f"http://{host}/api/v3"), "is not https", code=78)
        self.assertLess(time.monotonic() - started, 10)

    def redirected(self, location, server=None):
        server = server or self.server(certificate=self.good)
        server.location = location(server)
        return server, self.collect(self.url(server), SSL_CERT_FILE=self.good[0])

    def test_F36_a_redirect_to_the_same_host_is_followed_with_the_key(self):
        for location in (lambda s: f"https://localhost:{s.port}/moved?page=1", lambda s: "/moved?page=1"):
            with self.subTest():
                self.remove_ledger()
                server, done = self.redirected(location)
                self.assert_works(done)
                self.assertEqual(server.asked, [(MARKETS, True), ("/moved", True)])
                with sqlite3.connect(self.ledger) as ledger:
                    self.assertEqual(ledger.execute("SELECT count(*) FROM spend").fetchone(), (2,), "each is paid for")

    def remove_ledger(self):
        for suffix in "", ".lock":
            Path(self.ledger + suffix).unlink(missing_ok=True)

    def assert_not_followed(self, location):
        server, done = self.redirected(location)
        self.assert_refused(done, "redirected elsewhere, which is not followed")
        self.assertEqual(server.asked, [(MARKETS, True)])

    def test_F36_a_redirect_to_another_port_is_refused_and_the_key_stays_here(self):
        other = self.server(certificate=self.good)
        self.assert_not_followed(lambda _: f"https://localhost:{other.port}{MARKETS}")
        self.assertEqual(other.asked, [])
        self.assertEqual(other.handshakes_failed, 0)

    def test_F36_a_redirect_to_another_host_is_refused(self):
        self.assert_not_followed(lambda s: f"https://127.0.0.1:{s.port}{MARKETS}")
        self.remove_ledger()
        self.assert_not_followed(lambda s: f"//elsewhere.test:{s.port}{MARKETS}")

    def test_F36_a_redirect_to_http_is_refused(self):
        plain = self.server()
        self.assert_not_followed(lambda _: f"http://localhost:{plain.port}{MARKETS}")
        self.assertEqual(plain.asked, [])
        self.remove_ledger()
        self.assert_not_followed(lambda s: f"http://localhost:{s.port}{MARKETS}")

    def test_F36_a_redirect_to_a_name_and_a_password_is_refused(self):
        self.assert_not_followed(lambda s: f"https://me:secret@localhost:{s.port}{MARKETS}")

    def through(self, proxy, server, **variables):
        return self.collect(self.url(server), SSL_CERT_FILE=self.good[0], HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}", **variables)

    def test_F42_the_proxy_of_the_environment_is_used_and_sees_no_key(self):
        server, proxy = self.server(certificate=self.good), self.server(Connect)
        self.assert_works(self.through(proxy, server))
        self.assertEqual(proxy.asked, [(f"localhost:{server.port}", False)])
        self.assertEqual(server.asked, [(MARKETS, True)])

    def test_F42_no_proxy_is_heeded(self):
        server, proxy = self.server(certificate=self.good), self.server(Connect)
        self.assert_works(self.through(proxy, server, NO_PROXY="localhost"))
        self.assertEqual(proxy.asked, [])

    def test_F42_certificates_are_checked_through_a_proxy_too(self):
        server, proxy = self.server(certificate=self.other), self.server(Connect)
        self.assert_certificate_refused(server, self.through(proxy, server))

    def test_F42_a_proxy_that_refuses_is_no_answer(self):
        server, proxy = self.server(certificate=self.good), self.server(Connect)
        proxy.location = "refuse"
        done = self.through(proxy, server)
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertEqual((self.count("quote"), self.count("raw"), server.asked), (0, 0, []))

    def test_F42_plain_http_to_this_machine_never_goes_through_a_proxy(self):
        server, proxy = self.server(), self.server(Connect)
        at = f"http://127.0.0.1:{proxy.port}"
        self.assert_works(self.collect(self.url(server, "http", "127.0.0.1"), http_proxy=at, HTTP_PROXY=at, ALL_PROXY=at))
        self.assertEqual(proxy.asked, [])


if __name__ == "__main__":
    unittest.main()
