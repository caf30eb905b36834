"""bench/main.py report|check|only|merge PROGRAMS FOLDER [CASE… | FILE]: started by bench/run.

`report` measures, writes bench/report.md and bench/report.json, and fails when a bar is missed. `check` measures, and fails
when a ratio became more than 15 % worse than in bench/report.json; what did is measured once more before that is said.
`only` measures these cases and prints them as JSON, which `merge` puts into the report.
"""

import json
import os
import platform
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas
import requests

import cases
import figures

REPORT = Path(__file__).with_name("report.json")
LIBRARIES = {"SQLite": "libsqlite3-0", "libcurl": "libcurl4", "OpenSSL": "libssl3", "simdjson": "libsimdjson-dev", "zstd": "libzstd1",
             "zlib": "zlib1g", "glibc": "libc6"}


def output(*command):
    try:
        return subprocess.check_output(command, text=True, stderr=subprocess.DEVNULL).strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def first(path, name):
    for line in Path(path).read_text().splitlines():
        if line.startswith(name):
            return line.split(":", 1)[1].strip()
    return "unknown"


def machine(folder):
    changes = "+changes" if output("git", "status", "--porcelain", "--untracked-files=no") else ""
    memory = int(first("/proc/meminfo", "MemTotal").split()[0]) / 2**20
    libraries = [f"{name} {output('dpkg-query', '-W', '-f', '${Version}', package)}" for name, package in LIBRARIES.items()]
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "commit": output("git", "rev-parse", "--short=12", "HEAD") + changes,
        "processor": f"{first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{memory:.0f} GiB",
        "load at the start": f"{os.getloadavg()[0]:.2f}",
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "file system of the scratch folder": output("stat", "-f", "-c", "%T", str(folder)),
        "compiler": output("g++", "--version").splitlines()[0] + ", preset release",
        "libraries": ", ".join(libraries),
        "peers": f"Python {platform.python_version()}, pandas {pandas.__version__}, requests {requests.__version__}, "
                 f"sqlite3 {output('sqlite3', '--version').split()[0]}",
    }


def flat(measured):
    return [m for group in measured.values() for m in group]


def report(bench):
    described = machine(bench.folder)
    measurements = flat(cases.run(bench))
    write({"machine": described, "measurements": figures.as_json(measurements)})
    print("\n".join(figures.table(measurements)))
    missed = [m.name for m in measurements if not m.met()]
    print("\nbench/report.md is written; " + ("MISSED: " + "; ".join(missed) if missed else "every bar is met"))
    return 1 if missed else 0


def write(whole):
    REPORT.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
    REPORT.with_suffix(".md").write_text(figures.markdown(whole))


def only(bench, *names):
    described = machine(bench.folder)
    measurements = flat(cases.run(bench, names))
    print("\n".join(figures.table(measurements)), file=sys.stderr)
    print(json.dumps({"cases": names, "machine": described, "measurements": figures.as_json(measurements)}, ensure_ascii=False))
    return 0 if all(m.met() for m in measurements) else 1


def merge(_, file):
    """In the place of those that have the same name, or after them all."""
    whole, part = json.loads(REPORT.read_text()), json.loads(Path(file).read_text())
    entries = {entry["name"]: entry for entry in whole["measurements"] + part["measurements"]}
    apart = "measured apart, " + ", ".join(f"{name} {part['machine'][name]}" for name in ("date", "commit", "load at the start"))
    write({"machine": {**whole["machine"], ", ".join(part["cases"]): apart}, "measurements": list(entries.values())})
    return 0


def check(bench):
    last = [figures.Measurement.read(entry) for entry in json.loads(REPORT.read_text())["measurements"]]
    measured = cases.run(bench)
    suspects = figures.worse(last, flat(measured))
    if suspects:
        print("once more: " + "; ".join(suspects), file=sys.stderr)
        again = [name for name, group in measured.items() if any(m.name in suspects for m in group)]
        for name, group in cases.run(bench, again).items():
            measured[name] = [figures.better_of(*pair) for pair in zip(measured[name], group)]
    return say(last, flat(measured))


def say(last, now):
    before = {m.name: m for m in last}
    for m in now:
        was = before.get(m.name)
        print(f"{m.name}: {m.ratio_text() or m.ours.text()}" + (f", was {was.ratio_text() or was.ours.text()}" if was else ", new"))
    found = figures.worse(last, now)
    for name, why in found.items():
        print(f"WORSE {name}: {why}")
    print(f"{len(found)} of {len(last)} are worse than in bench/report.json" if found else "nothing is worse than in bench/report.json")
    return 1 if found else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # processes that were started are ended
    action, programs, folder, *words = sys.argv[1:]
    actions = {"report": report, "check": check, "only": only, "merge": merge}
    sys.exit(actions[action](cases.Bench(Path(programs), Path(folder)), *words))
