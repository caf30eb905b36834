"""What `make prove` counts as passed: nothing that crashed, was skipped, did not run or is not there. And README's links lead into it."""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(os.environ["COINLAKE_SOURCE_DIR"])
sys.path.insert(0, str(ROOT / "tests/prove"))

from report import Report, origin  # noqa: E402

DATA = {
    "reasons": {"server": "there is no server yet"},
    "sections": {"1": "All"},
    "faults": {
        "1": {"what": "killed"},
        "2": {"what": "disk", "tests": ["DiskTest.*"], "later": "server"},
        "3": {"what": "browser", "later": "server"},
        "4": {"what": "fuzz", "elsewhere": "tools/fuzz"},
    },
}
ALL = [["ATest.F1_Killed", True], ["DiskTest.Full", True], ["a_test.A.test_f1_killed", True], ["Other.Thing", True]]


def report(results, found=(), whole=True, data=DATA):
    done = {"utc": {"results": results, "seconds": 2.0, "counted": []}}
    return Report(ROOT, done, "at `0123456789ab`", whole, data, list(found))


def but(name, ok=False):
    """All passed but this one."""
    return [[test, ok if test == name else passed] for test, passed in ALL]


class WhatIsReported(unittest.TestCase):
    def states(self, of):
        return [of.state(number) for number in sorted(of.faults)]

    def counts(self, of):
        return of.passed, of.failed, of.later

    def test_all_passed(self):
        of = report(ALL)
        self.assertEqual(self.states(of), ["passed", "passed", "later", "elsewhere"])
        self.assertEqual(self.counts(of), (2, 0, 2))
        self.assertIn("2 passed, 0 failed (2 later or elsewhere; 4 tests ran)", of.text())

    def test_one_that_failed_is_named_in_its_line(self):
        of = report(but("a_test.A.test_f1_killed"))
        self.assertEqual(self.states(of), ["failed", "passed", "later", "elsewhere"])
        self.assertEqual(self.counts(of), (1, 1, 2))
        self.assertIn("failed: `a_test.A.test_f1_killed`", of.line(1))

    def test_one_without_a_number_is_failed_too(self):
        self.assertEqual(self.counts(report(but("Other.Thing"))), (2, 1, 2))

    def test_without_any_result_nothing_is_passed(self):
        of = report([])
        self.assertEqual(self.states(of), ["failed", "failed", "later", "elsewhere"])
        self.assertEqual(self.counts(of), (0, 2, 2))

    def test_a_step_that_did_not_come_to_its_end(self):
        self.assertEqual(self.counts(report([*ALL, ["utc.came_to_its_end", False]])), (2, 1, 2))

    def test_a_pattern_that_matches_nothing_fails_its_line_whatever_else_passed(self):
        of = report([["ATest.F1_Killed", True], ["ATest.F2_Disk", True]])
        self.assertEqual(self.states(of)[:2], ["passed", "failed"])
        self.assertIn("nothing matches `DiskTest.*`", of.line(2))

    def test_a_test_with_parameters_is_found_by_its_name(self):
        of = report([["ATest.F1_Killed", True], ["Each/DiskTest.Full/Once", True]])
        self.assertEqual(self.states(of)[:2], ["passed", "passed"])

    def test_a_line_names_five_failed_tests_and_counts_the_others(self):
        line = report([[f"ATest.F1_Killed/{k}", False] for k in range(9)]).line(1)
        self.assertEqual(line.count("failed: "), 5)
        self.assertIn("and 4 more failed", line)

    def test_of_a_few_steps_only_their_tests_are_counted(self):
        of = report([["Other.Thing", True]], found=[self.found("No.SuchTest")], whole=False)
        self.assertEqual((of.summary(), of.failed), ("1 passed, 0 failed", 0))
        of = report([["Other.Thing", True], ["ATest.F1_Killed", False]], whole=False)
        self.assertEqual((of.summary(), of.failed), ("1 passed, 1 failed", 1))

    @staticmethod
    def found(test):
        return {"what": "a fault", "by": "us", "introduced": "1234567", "last": "1234567", "test": test}

    def test_the_tests_that_find_old_faults_again_must_exist(self):
        there = ["DiskTest.Full", "test_f1_* in tests/prove/a_test.py", "test_f1_killed in tests/prove/a_test.py"]
        self.assertEqual(self.counts(report(ALL, found=map(self.found, there))), (2, 0, 2))
        of = report(ALL, found=map(self.found, ["DiskTest.Gone", "test_gone in tests/prove/a_test.py"]))
        self.assertEqual(self.counts(of), (2, 2, 2))
        self.assertEqual(of.text().count("there is no such test"), 2)

    def test_it_says_which_commit_the_binary_and_which_the_tests_are_of(self):
        version = "coinlake 0.1.0 (0123456789ab{})\nof something (ffffffffffff)\n"
        self.assertEqual(origin("0123456789ab", version.format("")), "at `0123456789ab`")
        self.assertEqual(origin("0123456789ab+changes", version.format("+changes")), "at `0123456789ab` with changes")
        self.assertEqual(origin("0123456789ab+changes", version.format("")),
                         "binary of `0123456789ab`, tests of `0123456789ab` with changes")
        self.assertEqual(origin("ba9876543210", version.format("")), "binary of `0123456789ab`, tests of `ba9876543210`")
        self.assertEqual(origin("0123456789ab", ""), "binary of `unknown`, tests of `0123456789ab`")

    def test_each_number_has_an_anchor_and_readmes_links_lead_to_one(self):
        def anchors(text):
            return re.findall(r'<a id="([^"]+)"></a>', text)

        numbers = [anchor for anchor in anchors(report(ALL, data=None).text()) if re.fullmatch(r"f\d+", anchor)]
        self.assertEqual(numbers, [f"f{number}" for number in range(1, 131)])
        last = ROOT / "docs/prove.md"
        for name in "README.md", "README.pt-BR.md":
            links = re.findall(r"docs/prove\.md#([\w-]+)", (ROOT / name).read_text())
            self.assertEqual(len(links) > 10, last.exists(), f"{name}: as soon as there is a report")
            self.assertEqual(set(links) - set(anchors(last.read_text()) if last.exists() else []), set(), name)


BEGIN = "import os, sys, time, unittest\nclass A(unittest.TestCase):\n"
TWO = BEGIN + "    def test_f1_one(self):\n        {}\n    def test_f1_two(self):\n        {}\n"
CLASS = BEGIN + "    @classmethod\n    def setUpClass(cls):\n        raise OSError\n    def test_f1_one(self):\n        pass\n"


# A test that starts another program, says which, and waits.
WAITS = "import subprocess; open({!r}, 'w').write(str(subprocess.Popen(['sleep', '60']).pid)); time.sleep(60)"


def load(folder):
    """tools/prove, with its files in this folder and without the built programs."""
    spec = importlib.util.spec_from_loader("prove", importlib.machinery.SourceFileLoader("prove", str(ROOT / "tools/prove")))
    prove = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(prove)
    prove.FOLDER = prove.RELEASE = Path(folder)
    return prove


def run_alone(folder):
    """In a process of its own: tools/prove with one step, the script in this folder."""
    prove = load(folder)
    prove.STEPS = {"a": f"{folder}/a_test.py"}
    sys.exit(prove.main(["a"]))


class WhatIsRunAgain(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.prove = load(Path(folder.name))
        self.prove.STEPS = {"a": "a_test.py", "b": "b_test.py"}

    def test_a_step_that_never_ran_is_named(self):
        with self.assertRaises(SystemExit) as ended:
            self.prove.kept(["a"])
        self.assertIn("b has not run yet", str(ended.exception))

    def test_what_came_of_another_step_before_is_kept_and_names_its_commit(self):
        (self.prove.FOLDER / "b.log").write_text("counted: 7 kills\n")
        with contextlib.redirect_stdout(io.StringIO()):
            self.prove.Run(["b"], "at `999999999999`").finish("b", 0, [["b_test.B.test_f1_x", True]], 3.0)
        before = self.prove.kept(["a"])
        self.assertEqual(list(before), ["b"])
        done = {"soak": before["b"], "utc": {"results": ALL, "seconds": 2.0, "counted": [], "origin": "at `0123456789ab`"}}
        text = Report(ROOT, done, "at `0123456789ab`", True, DATA, []).text()
        self.assertIn("7 kills; 3 s; at `999999999999`", text)
        self.assertEqual(text.count("0123456789ab"), 1)


class WhatOfAStepIsFailed(unittest.TestCase):
    """Steps that are made up, run by tools/prove itself."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.prove = load(self.folder)

    def results(self, script):
        path = self.folder / "a_test.py"
        path.write_text(script)
        self.prove.STEPS = {"a": str(path)}
        with contextlib.redirect_stdout(io.StringIO()):
            done = self.prove.Run(["a"]).all()
        return {test.removeprefix("a_test."): ok for test, ok in done["a"]["results"]}

    def test_nothing_when_all_passed(self):
        self.assertEqual(self.results(TWO.format("pass", "pass")), {"A.test_f1_one": True, "A.test_f1_two": True})

    def test_each_test_of_one_that_crashed(self):
        self.assertEqual(self.results(TWO.format("pass", "os.abort()")),
                         {"A.test_f1_one": False, "A.test_f1_two": False, "a.came_to_its_end": False})

    def test_each_test_of_one_that_cannot_be_loaded(self):
        self.assertEqual(self.results("import nothing_of_this_name\n" + TWO.format("pass", "pass")),
                         {"test_f1_one": False, "test_f1_two": False})

    def test_one_that_is_skipped_and_one_of_whose_parts_failed(self):
        parts = "\n".join(["for k in 1, 2:", "            with self.subTest(k=k):", "                self.assertEqual(k, 2)"])
        self.assertEqual(self.results(TWO.format("self.skipTest('')", parts)), {"A.test_f1_one": False, "A.test_f1_two": False})

    def test_the_tests_of_a_class_that_cannot_begin(self):
        results = self.results(CLASS)
        self.assertIs(results.pop("A.test_f1_one"), False)
        self.assertEqual(list(results.values()), [False])

    def test_a_step_without_tests(self):
        self.assertEqual(self.results("import unittest\n"), {"a.came_to_its_end": False})

    def test_a_step_that_is_not_there(self):
        self.prove.STEPS = {"a": ("no-such-program", "*", {})}
        with contextlib.redirect_stdout(io.StringIO()):
            done = self.prove.Run(["a"]).all()
        self.assertEqual(done["a"]["results"], [["a.came_to_its_end", False]])

    def test_one_whose_time_is_over_is_ended_with_what_it_started(self):
        self.prove.limit_of = lambda _: 2
        results = self.results(TWO.format(WAITS.format(str(self.folder / "child")), "pass"))
        self.assertEqual(set(results.values()), {False})
        self.assertIn("a.came_to_its_end", results)
        self.expect_ended(int((self.folder / "child").read_text()))

    def expect_ended(self, child):
        """A killed process is there until the kernel comes to it."""
        until = time.monotonic() + 20
        while self.state_of(child) not in ("", "Z"):
            self.assertLess(time.monotonic(), until, "it was not ended")
            time.sleep(0.05)

    @staticmethod
    def state_of(child):
        return subprocess.run(["ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True).stdout.strip()[:1]

    def test_all_that_was_started_ends_when_it_is_ended(self):
        child = self.folder / "child"
        (self.folder / "a_test.py").write_text(TWO.format(WAITS.format(str(child)), "pass"))
        alone = subprocess.Popen([sys.executable, __file__, "--alone", self.folder], stdout=subprocess.PIPE, text=True)
        until = time.monotonic() + 30
        while time.monotonic() < until and not (child.exists() and child.read_text()):
            time.sleep(0.05)
        alone.terminate()
        said, _ = alone.communicate(timeout=30)
        self.assertEqual((alone.returncode, said), (128 + signal.SIGTERM, ""))
        self.expect_ended(int(child.read_text()))

    def test_the_list_of_a_program_has_the_names_that_its_results_have(self):
        text = ("Running main() from ./gtest_main.cc\nATest.\n  F1_One\n  Two\nDisk/BTest.\n  F4_X/Once  # GetParam() = (4-byte, true)\n"
                "CTest/0.  # TypeParam = int\n  Three\n")
        self.assertEqual(self.prove.listed(text), ["ATest.F1_One", "ATest.Two", "Disk/BTest.F4_X/Once", "CTest/0.Three"])

    def test_each_step_is_in_the_report(self):
        import report as of_reports  # noqa: PLC0415
        self.assertEqual(set(self.prove.STEPS), set(of_reports.LONG))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        run_alone(sys.argv[2])
    unittest.main()
