"""What `make bench-check` calls worse, and that bench/report.md says what bench/report.json says."""

import json
import os
import sys
import unittest
from dataclasses import replace
from pathlib import Path

BENCH = Path(os.environ["COINLAKE_SOURCE_DIR"]) / "bench"
sys.path.insert(0, str(BENCH))

import figures  # noqa: E402
from figures import Bar, Figure, Measurement, better_of, worse  # noqa: E402


def seconds(median):
    return Figure(median, median, median, 9, "s")


def faster(ratio, bar=None):
    """Ours takes a second, the peer `ratio` of them."""
    return Measurement.times_faster("speed", "run", seconds(1.0), "peer", seconds(ratio), bar)


def share(ratio, bar=None, better="less"):
    return Measurement.share("part", "run", seconds(ratio), "peer", seconds(1.0), bar, better)


class WhatIsWorse(unittest.TestCase):
    def test_fourteen_percent_passes_and_sixteen_fails(self):
        self.assertEqual(worse([faster(10.0)], [faster(8.6)]), {})
        self.assertEqual(worse([faster(10.0)], [faster(8.4)]), {"speed": "16% worse: 8.4 ×, was 10.0 ×"})
        self.assertEqual(worse([share(1.00)], [share(1.14)]), {})
        self.assertEqual(worse([share(1.00)], [share(1.16)]), {"part": "16% worse: 1.16, was 1.00"})
        self.assertEqual(worse([share(1.00, better="more")], [share(0.86, better="more")]), {})
        self.assertIn("part", worse([share(1.00, better="more")], [share(0.84, better="more")]))

    def test_better_is_never_worse(self):
        self.assertEqual(worse([faster(10.0)], [faster(30.0)]), {})
        self.assertEqual(worse([share(1.0)], [share(0.2)]), {})
        self.assertEqual(worse([share(0.5, better="more")], [share(0.9, better="more")]), {})

    def test_only_ratios_are_compared_and_not_another_machines_seconds(self):
        slow = Measurement.times_faster("speed", "run", seconds(7.0), "peer", seconds(70.0), None)
        self.assertEqual(worse([faster(10.0)], [slow]), {})
        alone = Measurement.alone("start", "run", seconds(0.001), None)
        self.assertEqual(worse([alone], [replace(alone, ours=seconds(0.01))]), {})

    def test_a_missing_measurement_is_named_and_a_new_one_is_no_fault(self):
        self.assertEqual(worse([faster(10.0), share(1.0)], [faster(10.0)]), {"part": "was not measured"})
        self.assertEqual(worse([faster(10.0)], [faster(10.0), share(9.0)]), {})

    def test_a_missed_bar_is_worse_however_little(self):
        self.assertEqual(worse([faster(15.1, Bar(15))], [faster(14.9, Bar(15))]), {"speed": "misses its bar: 14.9 ×, not ≥ 15"})
        limit = Measurement.alone("start", "run", seconds(0.029), Bar(0.03))
        self.assertIn("start", worse([limit], [replace(limit, ours=seconds(0.031))]))

    def test_of_two_runs_the_better_one_counts(self):
        self.assertEqual(better_of(faster(8.0), faster(9.9)).ratio, 9.9)
        self.assertEqual(better_of(faster(9.9), faster(8.0)).ratio, 9.9)
        self.assertEqual(better_of(share(1.3), share(1.1)).ratio, 1.1)
        limit = Measurement.alone("start", "run", seconds(0.04), Bar(0.03))
        self.assertTrue(better_of(limit, replace(limit, ours=seconds(0.02))).met())


class TheReport(unittest.TestCase):
    def setUp(self):
        self.report = json.loads((BENCH / "report.json").read_text())
        self.measurements = [Measurement.read(entry) for entry in self.report["measurements"]]

    def test_says_the_same_in_both_files(self):
        self.assertEqual((BENCH / "report.md").read_text(), figures.markdown(self.report))

    def test_survives_being_written_and_read(self):
        self.assertEqual(figures.as_json(self.measurements), self.report["measurements"])

    def test_has_every_bar(self):
        bars = {m.name: m.bar for m in self.measurements if m.bar is not None}
        self.assertEqual(bars, {
            "decode a page, against Python": 25,
            "decode a page, against simdjson's DOM": 1.6,
            "page to durable commit, against Python": 8,
            "page to durable commit, 99th percentile": 0.02,
            "replay, against a bare loop of inserts": 0.6,
            "collect one page, a process": 15,
            "--help, a process: the limit": 0.03,
            "collect --all, peak memory: 20,000 coins": 1.25,
            "run, idle, memory: the limit": 20,
            "run, idle, CPU: the limit": 0.1,
            "run, a page each second, memory: the limit": 40,
        })


if __name__ == "__main__":
    unittest.main()
