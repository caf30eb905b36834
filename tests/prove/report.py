"""docs/prove.md: what came of each numbered fault, and what was found on the way."""

import fnmatch
import os
import platform
import re
import subprocess
import tomllib
from datetime import datetime, timezone
from pathlib import Path

NUMBERS = re.compile(r"(?<![A-Za-z0-9])[Ff](\d+)_")
SHOWN = 5  # failed tests of a line
HEAD = """# What was proved

`make prove`, {origin}, {when}, on {machine}: {minutes} minutes of steps, two at a time and the soak.

**{summary}**

A line is a fault that can befall a collector. It passed when every test that bears its number ran and passed; one that cannot be shown yet
says why and is counted as neither. Tests without a number: {others}. How it is run: [CONTRIBUTING.md](../CONTRIBUTING.md).
Steps that ran earlier name the commit that they ran at; the others ran at the one above.

| | the long ones |
|---|---|
{long}
"""
# What each step is, for readers.
LONG = {
    "kills": "`coinlake run` killed with -9 at any moment, all of the ledger verified after each",
    "kills-of-collect": "`coinlake collect` killed with -9 around its commits",
    "disks": "each write, sync and cut of a file fails, power is lost after each",
    "histories": "made-up histories against a model, 10,000",
    "corruption": "files of a ledger damaged",
    "sao-paulo": "all unit tests under America/Sao_Paulo",
    "utc": "the same under UTC",
    "kathmandu": "the same under Asia/Kathmandu",
    "scenarios": "the simulator's six scenarios",
    "resources": "without memory, threads, descriptors, inodes; slow syncs",
    "memory": "large results and a large ledger",
    "dns": "names that do not resolve",
    "machine": "clocks set, disk full, network gone, key refused, a frozen provider",
    "watchdog": "threads that stand still",
    "tls": "certificates, redirects, proxies",
    "system": "all other tests of the built program: storms, hostile answers, canaries, signals",
    "soak": "the soak",
}


def read(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


def matches(test, pattern):
    """A test's name, or that of one with parameters."""
    return fnmatch.fnmatchcase(test, pattern) or fnmatch.fnmatchcase(test, f"*/{pattern}/*")


class Report:
    """`done`: of each step its results ([test, passed] each), seconds, and what it counted. Of a few steps that are not the whole only the
    tests are counted. `data`, `found`: what faults.toml and regressions.toml hold."""

    def __init__(self, root, done, origin="unknown", whole=True, data=None, found=None):
        self.root, self.done, self.origin, self.whole = Path(root), done, origin, whole
        self.data = data or read(self.root / "tests/prove/faults.toml")
        self.found = read(self.root / "tests/prove/regressions.toml")["found"] if found is None else found
        self.faults = {int(number): fault for number, fault in self.data["faults"].items()}
        self.results = [(step, test, ok) for step, what in done.items() for test, ok in what["results"]]
        self.names = {test for _, test, _ in self.results}
        self.tests = {number: self.tests_of(number, fault) for number, fault in self.faults.items()}
        counted = {id(result) for tests in self.tests.values() for result in tests}
        self.others = [result for result in self.results if id(result) not in counted]
        self.lost = [found for found in self.found if not self.is_there(found["test"])]
        self.count()

    def count(self):
        bad = sum(not ok for _, _, ok in self.results)
        if not self.whole:
            self.passed, self.later, self.failed = len(self.results) - bad, 0, bad
            return
        states = [self.state(number) for number in self.faults]
        self.passed = states.count("passed")
        self.later = len(states) - self.passed - states.count("failed")
        self.failed = states.count("failed") + sum(not ok for _, _, ok in self.others) + len(self.lost)

    def tests_of(self, number, fault):
        patterns = fault.get("tests", ())
        return [result for result in self.results
                if str(number) in NUMBERS.findall(result[1]) or any(matches(result[1], pattern) for pattern in patterns)]

    def unmatched(self, fault):
        return [pattern for pattern in fault.get("tests", ()) if not any(matches(test, pattern) for test in self.names)]

    def is_there(self, test):
        """Whether a test that finds an old fault again exists: Suite.Name, or "NAME in FILE" of a script."""
        name, _, file = test.partition(" in ")
        return any(matches(one, f"*.{name}" if file else name) for one in self.names)

    def state(self, number):
        tests, fault = self.tests[number], self.faults[number]
        if self.unmatched(fault):
            return "failed"
        if tests:
            return "passed" if all(ok for _, _, ok in tests) else "failed"
        return "later" if "later" in fault else "elsewhere" if "elsewhere" in fault else "failed"

    def summary(self):
        if not self.whole:
            return f"{self.passed} passed, {self.failed} failed"
        return f"{self.passed} passed, {self.failed} failed ({self.later} later or elsewhere; {len(self.results)} tests ran)"

    def line(self, number):
        fault, tests = self.faults[number], self.tests[number]
        state = self.state(number)
        return (f"| <a id=\"f{number}\"></a>{number} | {fault['what']} | {'**failed**' if state == 'failed' else state} "
                f"| {'; '.join(self.evidence(fault, tests)) or 'nothing bears this number'} |")

    def evidence(self, fault, tests):
        said = []
        names = sorted({test for _, test, _ in tests})
        if names:
            steps = ", ".join(sorted({step for step, _, _ in tests}))
            said.append(f"{len(names)} test{'s' * (len(names) > 1)} ({steps})")
        bad = sorted({test for _, test, ok in tests if not ok})
        said += [f"failed: `{test}`" for test in bad[:SHOWN]]
        if len(bad) > SHOWN:
            said.append(f"and {len(bad) - SHOWN} more failed")
        said += [f"nothing matches `{pattern}`" for pattern in self.unmatched(fault)]
        if "elsewhere" in fault:
            said.append(f"elsewhere: {fault['elsewhere']}")
        if "later" in fault:
            said.append(f"later: {self.reason(fault['later'])}")
        return said

    def reason(self, text):
        before, _, last = text.rpartition(": ")
        known = self.data["reasons"].get(last)
        return text if known is None else f"{before}: {known}" if before else known

    def tables(self):
        sections = {int(number): title for number, title in self.data["sections"].items()}
        lines = []
        for number in sorted(self.faults):
            if number in sections:
                lines += ["", f"## {sections[number]}", "", "| | what happens, and what must come of it | | shown by |",
                          "|---|---|---|---|"]
            lines.append(self.line(number))
        return lines

    def long(self):
        rows = []
        for step, what in LONG.items():
            done = self.done.get(step)
            if done:
                bad = sum(not ok for _, ok in done["results"])
                figures = [f"{len(done['results']) - bad} passed, {bad} failed", *done["counted"], f"{done['seconds']:.0f} s",
                           *self.other_origin(done)]
                rows.append(f"| <a id=\"{step}\"></a>{what} | {'; '.join(figures)} |")
        return "\n".join(rows)

    def other_origin(self, done):
        return [done["origin"]] if done.get("origin", self.origin) != self.origin else []

    def regressions(self):
        lines = ["", "## What was found, and stays found", "", "| what | found by | introduced in | test | last reproduced at |",
                 "|---|---|---|---|---|"]
        for found in self.found:
            test = f"`{found['test']}`" + (": **failed**, there is no such test" if found in self.lost else "")
            lines.append(f"| {found['what']} | {found['by']} | {found['introduced']} | {test} | {found['last']} |")
        return lines

    def text(self):
        others_bad = sum(not ok for _, _, ok in self.others)
        head = HEAD.format(origin=self.origin, when=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), machine=machine(),
                           minutes=round(sum(done["seconds"] for done in self.done.values()) / 60), summary=self.summary(),
                           long=self.long(),
                           others=f"{len(self.others) - others_bad} passed, {others_bad} failed")
        return "\n".join([head.rstrip(), *self.tables(), *self.regressions()]) + "\n"

    def write(self):
        (self.root / "docs/prove.md").write_text(self.text())


def origin(tests, version):
    """What was proved, of the tests' commit and what the binary says of its own (both as 0123456789ab+changes)."""
    known = re.search(r"\(([0-9a-f]{12}(?:\+changes)?)\)", version.partition("\n")[0])
    binary = known[1] if known else "unknown"

    def shown(commit):
        return f"`{commit.removesuffix('+changes')}`{' with changes' if commit.endswith('+changes') else ''}"
    return f"at {shown(tests)}" if binary == tests else f"binary of {shown(binary)}, tests of {shown(tests)}"


def commit_of(root):
    """The checkout's commit, with +changes behind it when tracked files differ, as in the binary. The report itself is no change."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True).stdout.strip()
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/prove.md")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + ("+changes" if changed else "")


def machine():
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) >> 20
    release = dict(re.findall(r'(?m)^(\w+)="?([^"\n]*)"?$', Path("/etc/os-release").read_text()))
    system = f"{release.get('PRETTY_NAME', platform.system())}, Linux {platform.release().split('-')[0]}"
    return f"{os.cpu_count()} cores, {memory} GiB, {system}"
