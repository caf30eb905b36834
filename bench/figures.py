"""Figures, what they are held to, and how two runs are compared. Nothing here measures."""

import math
import statistics
from dataclasses import asdict, dataclass

TOLERANCE = 0.15


def shown(value, unit):
    if unit == "bytes":
        return f"{value / 2**20:.1f} MiB"
    if unit == "rows/s":
        return f"{value:,.0f} rows/s"
    if unit in ("MB", "%"):
        return f"{value:.1f} MB" if unit == "MB" else f"{value:.3f} %"
    if value < 1e-3:
        return f"{value * 1e6:.0f} µs"
    return f"{value * 1e3:.2f} ms" if value < 0.01 else f"{value * 1e3:.1f} ms" if value < 1 else f"{value:.2f} s"


@dataclass(frozen=True)
class Figure:
    """A median, and between what four in five samples lie."""
    median: float
    low: float
    high: float
    n: int
    unit: str

    @classmethod
    def of(cls, samples, unit):
        ordered = sorted(samples)
        quantile = lambda part: ordered[math.ceil(part * len(ordered)) - 1]
        return cls(statistics.median(ordered), quantile(0.1), quantile(0.9), len(ordered), unit)

    def text(self):
        low, high = shown(self.low, self.unit), shown(self.high, self.unit)
        return f"{shown(self.median, self.unit)} ({low} – {high}, n = {self.n})"


@dataclass(frozen=True)
class Bar:
    """At least, where more is better; at most, where less is."""
    value: float


@dataclass(frozen=True)
class Measurement:
    name: str
    command: str
    ours: Figure
    peer_is: str | None
    peer: Figure | None
    ratio: float | None  # compared between runs; nothing where there is no peer
    ratio_is: str        # "times as fast", or "of the peer's"
    better: str          # "more" or "less" of it
    bar: float | None
    note: str = ""       # beside the name, no part of it: runs are compared that differ in it

    @classmethod
    def times_faster(cls, name, command, ours, peer_is, peer, bar):
        return cls(name, command, ours, peer_is, peer, peer.median / ours.median, "times as fast", "more", bar and bar.value)

    @classmethod
    def share(cls, name, command, ours, peer_is, peer, bar, better, note=""):
        return cls(name, command, ours, peer_is, peer, ours.median / peer.median, "of the peer's", better, bar and bar.value, note)

    @classmethod
    def alone(cls, name, command, ours, bar, note=""):
        """An absolute figure: it is held to its bar, and not compared with another machine's."""
        return cls(name, command, ours, None, None, None, "", "less", bar and bar.value, note)

    @classmethod
    def read(cls, entry):
        figure = lambda value: value and Figure(**value)
        return cls(**{**entry, "ours": figure(entry["ours"]), "peer": figure(entry["peer"])})

    def met(self):
        if self.bar is None:
            return True
        value = self.ours.median if self.ratio is None else self.ratio
        return value >= self.bar if self.better == "more" else value <= self.bar

    def ratio_text(self):
        if self.ratio is None:
            return ""
        return f"{self.ratio:.1f} ×" if self.ratio_is == "times as fast" else f"{self.ratio:.2f}"

    def bar_text(self):
        if self.bar is None:
            return ""
        value = shown(self.bar, self.ours.unit) if self.ratio is None else f"{self.bar:g}"
        return f"{'≥' if self.better == 'more' else '≤'} {value}"


def loss(last, now):
    """How much worse the ratio became, as a share of the last one; negative where it became better."""
    return 1 - now.ratio / last.ratio if last.better == "more" else now.ratio / last.ratio - 1


def worse(last, now):
    """{name: why} of what became worse from one list of measurements to the other, or is missing."""
    measured, out = {m.name: m for m in now}, {}
    for before in last:
        after = measured.get(before.name)
        if after is None:
            out[before.name] = "was not measured"
        elif not after.met():
            out[before.name] = f"misses its bar: {after.ratio_text() or after.ours.text()}, not {after.bar_text()}"
        elif before.ratio is not None and after.ratio is not None and loss(before, after) > TOLERANCE:
            out[before.name] = f"{loss(before, after):.0%} worse: {after.ratio_text()}, was {before.ratio_text()}"
    return out


def better_of(first, second):
    """Of two runs of the same measurement: noise makes a ratio worse or better, and a change for the worse stays."""
    if first.ratio is None:
        return second if second.met() else first
    return second if loss(first, second) < 0 else first


def table(measurements):
    lines = ["| what | coinlake | peer | peer, same run | ratio | bar | |", "|---|---|---|---|---|---|---|"]
    for m in measurements:
        cells = [m.name + (m.note and f" ({m.note})"), m.ours.text(), m.peer_is or "", m.peer.text() if m.peer else "",
                 m.ratio_text(), m.bar_text(), "" if m.bar is None else "met" if m.met() else "**missed**"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def markdown(report):
    measurements = [Measurement.read(entry) for entry in report["measurements"]]
    return "\n".join([
        "# Bench report",
        "",
        "Written by `make bench`; `make bench-check` measures again and compares the ratios with these (tolerance "
        f"{TOLERANCE:.0%}). Medians, in brackets what four in five samples lie between (of a 99th percentile: least and "
        "largest sample). `×` is how many times as fast as the peer; other ratios are ours as a share of the peer's. "
        "MB are 1,000,000 bytes; % are of one core.",
        "",
        *table(measurements),
        "",
        "## Machine",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in report["machine"].items()),
        "",
        "## Commands",
        "",
        "Ledgers lie in a scratch folder; CoinGecko is played by `coinlake-sim`, plain HTTP on this machine.",
        "",
        *(f"* {m.name}: `{m.command}`" for m in measurements),
        "",
    ])


def as_json(measurements):
    return [asdict(m) for m in measurements]
