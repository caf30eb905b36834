"""What is measured, and against whom: a few samples of each in turn, so that noise hits both.

Each case is a function Bench -> [Measurement]; they stand alone, so that one of them can be run again. coinlake-bench times what
is inside the program, everything else is timed as a process. reference.py is the Python collector's way.
"""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import daemon
import reference
from figures import Bar, Figure, Measurement

PYTHON = [sys.executable, str(Path(__file__).with_name("reference.py"))]
LIVING = ["market", "--speed", "60", "--no-limits"]


def timed(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def timed_program(command):
    return timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL, close_fds=False))


def peak_memory(command):
    """Bytes. Read while it runs: what wait() tells of a child begins with the memory of who started it."""
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            status = Path(f"/proc/{process.pid}/status").read_text()
            peak = max([peak] + [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")])
            time.sleep(0.002)
    assert process.returncode == 0, f"{command} ended with {process.returncode}"
    return peak


class Worker:
    """coinlake-bench, which times what is ours."""

    def __init__(self, bench):
        self.process = subprocess.Popen(
            [bench.programs / "coinlake-bench", bench.folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def __enter__(self):
        return self

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"coinlake-bench failed at \"{command}\"")
        return json.loads(line)

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Simulator:
    def __init__(self, bench, *options):
        self.process = subprocess.Popen([bench.programs / "coinlake-sim", *options, "--until-stdin-closes"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        os.environ["COINLAKE_COINGECKO__BASE_URL"] = self.url

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Bench:
    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder

    def clean(self):
        """What the last case left would be written back while programs wait for their own few pages."""
        for file in self.folder.iterdir():
            file.unlink()
        os.sync()

    def coinlake(self, *words, ledger="collected.db"):
        return [self.programs / "coinlake", *words, "--db-path", self.folder / ledger]

    def collect(self, *words, ledger="collected.db"):
        return self.coinlake("collect", "--source", "coingecko", *words, "--no-cache", ledger=ledger)


def decode(bench):
    ours, dom, python = [], [], []
    with Worker(bench) as worker:
        worker.ask("decode 100")  # warm
        for _ in range(60):
            reply = worker.ask("decode 20")
            ours += reply["ours"]
            dom += reply["dom"]
            body = reply["page"].encode()
            python += [timed(lambda: reference.decode(body)) for _ in range(2)]
    mine, how = Figure.of(ours, "s"), "coinlake-bench: decode 20, sixty times"
    return [
        Measurement.times_faster("decode a page, against Python", how, mine, "json, pandas", Figure.of(python, "s"), Bar(25)),
        Measurement.share("decode a page, against simdjson's DOM", how, mine, "simdjson's DOM parse", Figure.of(dom, "s"), Bar(1.6),
                          better="less"),
    ]


def ledger(bench):
    """Pages to durable commits, and then the ledger they made, rebuilt."""
    with Worker(bench) as worker:
        return [*store(bench, worker), replay(worker)]


def store(bench, worker):
    ours, python = [], []
    database = reference.Database(bench.folder / "reference.db")
    for _ in range(250):
        reply = worker.ask("store 4")
        ours += reply["ours"]
        body = reply["page"].encode()
        python.append(timed(lambda: database.insert(reference.decode(body))))
    assert database.rows() == 250 * 250
    how = "coinlake-bench: store 4, 250 times"
    p99 = sorted(ours)[len(ours) * 99 // 100 - 1]
    return [
        Measurement.times_faster("page to durable commit, against Python", how, Figure.of(ours, "s"), "json, pandas, to_sql",
                                 Figure.of(python, "s"), Bar(8)),
        Measurement.alone("page to durable commit, 99th percentile", how, Figure(p99, min(ours), max(ours), len(ours), "s"), Bar(0.02)),
    ]


def replay(worker):
    replies = [worker.ask("replay") for _ in range(5)]
    ours, bare = ([reply["rows"] / reply[name][0] for reply in replies] for name in ("ours", "bare"))
    return Measurement.share("replay, against a bare loop of inserts", "coinlake-bench: replay, five times", Figure.of(ours, "rows/s"),
                             "the same rows inserted, nothing else", Figure.of(bare, "rows/s"), Bar(0.6), better="more")


def collect(bench):
    with Simulator(bench, "--coins", "250", "--moving") as simulator:
        ours = bench.collect("--top", "250")
        peer = [*PYTHON, simulator.url, bench.folder / "collected_by_python.db"]
        for command in (ours, peer):
            timed_program(command)  # the first run makes the file
        samples = {"ours": [], "peer": []}
        for _ in range(20):
            samples["ours"] += [timed_program(ours) for _ in range(3)]
            samples["peer"].append(timed_program(peer))
    assert reference.Database(bench.folder / "collected_by_python.db").rows() == 21 * 250
    return [Measurement.times_faster(
        "collect one page, a process", shown(ours), Figure.of(samples["ours"], "s"), "requests, pandas, to_sql",
        Figure.of(samples["peer"], "s"), Bar(15))]


def start(bench):
    """A bare interpreter as the yardstick of what starting a process costs on this machine."""
    ours, peer = [bench.programs / "coinlake", "--help"], [sys.executable, "-I", "-S", "-c", "pass"]
    samples = {"ours": [], "peer": []}
    for _ in range(100):
        samples["ours"].append(timed_program(ours))
        samples["peer"].append(timed_program(peer))
    mine = Figure.of(samples["ours"], "s")
    return [
        Measurement.share("--help, a process", shown(ours), mine, "python -I -S -c pass", Figure.of(samples["peer"], "s"), None, better="less"),
        Measurement.alone("--help, a process: the limit", shown(ours), mine, Bar(0.03)),
    ]


NEWEST = "SELECT coin_id, current_price, market_cap FROM cryptocurrency_latest ORDER BY market_cap_rank LIMIT 20"


def read(bench):
    """Of a ledger of forty pages, and of the Python collector's file with as many rows."""
    python = bench.folder / "collected_by_python.db"
    with Simulator(bench, "--coins", "250", "--moving") as simulator:
        database = reference.Database(python)
        for _ in range(40):
            timed_program(bench.collect("--top", "250"))
            database.insert(reference.clean(reference.fetch(simulator.url)))
    show, query = bench.coinlake("show", "--limit", "20"), bench.coinlake("query", NEWEST, "-o", "csv")
    shell, pandas = ["sqlite3", "-readonly", "-csv", "-header", bench.folder / "collected.db", NEWEST], [*PYTHON, "--newest", python]
    assert rows_of(query) == rows_of(shell), "two answers to one question"
    samples = {name: [] for name in ("show", "query", "shell", "pandas")}
    for turn in range(40):
        samples["show"].append(timed_program(show))
        samples["query"].append(timed_program(query))
        samples["shell"].append(timed_program(shell))
        if turn % 4 == 0:
            samples["pandas"].append(timed_program(pandas))
    figure = {name: Figure.of(values, "s") for name, values in samples.items()}
    return [
        Measurement.times_faster("show the twenty largest, a process", shown(show), figure["show"], "pandas.read_sql", figure["pandas"], None),
        Measurement.share("query, a process", shown(query), figure["query"], "SQLite's shell, the same file and SQL", figure["shell"], None,
                          better="less"),
    ]


def rows_of(command):
    """Of a CSV answer, past its header; the two programs print numbers in different ways."""
    return [(coin, float(price), float(cap)) for coin, price, cap in list(csv.reader(
        subprocess.check_output(command, text=True).splitlines()))[1:]]


def sweep(bench):
    """Every coin there is, in two currencies. 5,000 fill the caches, which have limits; four times as many find nothing else to fill."""
    command, peaks, seconds = bench.collect("--all", "--currency", "usd,brl", ledger="N.db"), {}, []
    for coins in (5000, 20000):
        with Simulator(bench, "--coins", str(coins), "--moving"):
            peaks[coins] = []
            for turn in range(3):
                ledger = f"{coins}-{turn}.db"
                seconds.append(timed(lambda: peaks[coins].append(peak_memory(
                    bench.collect("--all", "--currency", "usd,brl", ledger=ledger)))))  # noqa: B023
                rows = subprocess.check_output(bench.coinlake("query", "SELECT count(*) FROM quote", "-o", "csv", ledger=ledger))
                assert rows.split()[-1] == str(2 * coins).encode(), f"{rows} rows, not {2 * coins}"
    rates = [2 * 5000 / took for took in seconds[:3]]
    return [
        Measurement.share("collect --all, peak memory: 20,000 coins", shown(command), Figure.of(peaks[20000], "bytes"), "5,000 coins",
                          Figure.of(peaks[5000], "bytes"), Bar(1.25), better="less"),
        Measurement.alone("collect --all, 5,000 coins in two currencies", shown(command), Figure.of(rates, "rows/s"), None),
    ]


def idle(bench):
    with Simulator(bench, *LIVING) as simulator:
        return daemon.idle(bench, simulator.url)


def load(bench):
    with Simulator(bench, *LIVING) as simulator:
        return daemon.load(bench, simulator.url)


def shown(command):
    """As somebody would type it."""
    return " ".join(f"'{word}'" if " " in word else word for word in (Path(w).name if isinstance(w, Path) else
                    w.replace(sys.executable, "python") for w in command))


CASES = {case.__name__: case for case in (decode, ledger, collect, start, read, sweep, idle, load)}


def run(bench, names=tuple(CASES)):
    """{case: [Measurement]}"""
    out = {}
    for name in names:
        bench.clean()
        begin = time.perf_counter()
        out[name] = CASES[name](bench)
        print(f"{name}: {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
    bench.clean()
    return out


