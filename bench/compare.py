"""Times coinlake against its peers, a few samples of each in turn so that noise hits all of them, and holds the medians
to the bars. Exits 1 when one is missed. Started by bench/run: compare.py PROGRAMS FOLDER, with a simulator's address in
COINLAKE_COINGECKO__BASE_URL.
"""

import json
import math
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import reference

PYTHON = [sys.executable, str(Path(__file__).with_name("reference.py"))]


def timed(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def timed_program(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, close_fds=False)
    return time.perf_counter() - begin


def quantile(samples, part):
    return sorted(samples)[math.ceil(part * len(samples)) - 1]


def shown(seconds):
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} us"
    return f"{seconds * 1e3:.2f} ms" if seconds < 0.01 else f"{seconds * 1e3:.0f} ms"


def spread(samples):
    """The median, and between what four in five samples lie."""
    return f"{shown(statistics.median(samples))} ({shown(quantile(samples, 0.1))} - {shown(quantile(samples, 0.9))})"


class Worker:
    """coinlake-bench, which times what is ours."""

    def __init__(self, programs, folder):
        self.process = subprocess.Popen(
            [programs / "coinlake-bench", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"coinlake-bench failed at \"{command}\"")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Table:
    def __init__(self):
        self.missed = []
        self.row("", "coinlake, median (80 % of samples)", "peer", "ratio", "bar", "")

    def row(self, *cells):
        print("{:<34} {:<36} {:<36} {:>8}  {:<10} {}".format(*cells).rstrip(), flush=True)

    def bar(self, what, ours, peer, ratio, bar, met):
        self.row(what, ours, peer, ratio, bar, "met" if met else "MISSED")
        if not met:
            self.missed.append(what)

    def times_faster(self, what, ours, peer, bar):
        ratio = statistics.median(peer) / statistics.median(ours)
        self.bar(what, spread(ours), spread(peer), f"{ratio:.1f} x", f">= {bar} x", ratio >= bar)


def decode(worker, table):
    ours, dom, python = [], [], []
    worker.ask("decode 100")  # warm
    for _ in range(60):
        reply = worker.ask("decode 20")
        ours += reply["ours"]
        dom += reply["dom"]
        body = reply["page"].encode()
        python += [timed(lambda: reference.decode(body)) for _ in range(2)]
    table.times_faster("decode a page: Python", ours, python, 25)
    ratio = statistics.median(ours) / statistics.median(dom)
    table.bar("decode a page: simdjson's DOM", spread(ours), spread(dom), f"{ratio:.2f}", "<= 1.60", ratio <= 1.6)


def store(worker, table, folder):
    ours, python = [], []
    database = reference.Database(folder / "reference.db")
    for _ in range(250):
        reply = worker.ask("store 4")
        ours += reply["ours"]
        body = reply["page"].encode()
        python.append(timed(lambda: database.insert(reference.decode(body))))
    assert database.rows() == 250 * 250
    table.times_faster("page to durable commit: Python", ours, python, 8)
    p99 = quantile(ours, 0.99)
    table.bar("page to durable commit: p99", f"{shown(p99)} (max {shown(max(ours))})", f"of {len(ours)} pages", "",
              "< 20 ms", p99 < 0.02)


def replay(worker, table):
    replies = [worker.ask("replay") for _ in range(7)]
    rates = {name: [r["rows"] / r[name][0] / 1000 for r in replies] for name in ("ours", "bare")}
    share = statistics.median(rates["ours"]) / statistics.median(rates["bare"])
    text = {name: f"{statistics.median(v):.0f} k rows/s ({min(v):.0f} - {max(v):.0f})" for name, v in rates.items()}
    table.bar("replay: a bare loop of inserts", text["ours"], text["bare"], f"{share:.0%}", ">= 60 %", share >= 0.6)


def collect(programs, table, folder):
    url = os.environ["COINLAKE_COINGECKO__BASE_URL"]
    ours = [programs / "coinlake", "collect", "--source", "coingecko", "--top", "250", "--no-cache", "--db-path", folder / "collected.db"]
    peer = [*PYTHON, url, folder / "collected_by_python.db"]
    for command in (ours, peer):
        timed_program(command)  # the first run makes the file
    samples = {"ours": [], "peer": []}
    for _ in range(20):
        samples["ours"] += [timed_program(ours) for _ in range(3)]
        samples["peer"].append(timed_program(peer))
    assert reference.Database(folder / "collected_by_python.db").rows() == 21 * 250
    table.times_faster("one-page collect, process: Python", samples["ours"], samples["peer"], 15)


def start(programs, table):
    samples = [timed_program([programs / "coinlake", "--help"]) for _ in range(100)]
    median = statistics.median(samples)
    table.bar("coinlake --help, process", spread(samples), f"max {shown(max(samples))}", "", "< 30 ms", median < 0.03)


def settle(folder):
    """What replay left would be written back while programs wait for their own few pages."""
    for file in folder.iterdir():
        file.unlink()
    os.sync()


def main(programs, folder):
    table = Table()
    worker = Worker(programs, folder)
    decode(worker, table)
    store(worker, table, folder)
    replay(worker, table)
    worker.close()
    settle(folder)
    collect(programs, table, folder)
    start(programs, table)
    print()
    print("every bar is met" if not table.missed else "MISSED: " + "; ".join(table.missed))
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
