"""tools/sbom: valid by CycloneDX's own schema, complete, and the same bytes each time."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

COINLAKE = Path(os.environ["COINLAKE_BINARY"])
TOOL = Path(os.environ["COINLAKE_SOURCE_DIR"]) / "tools/sbom"
WRITTEN = COINLAKE.parent / "coinlake.cdx.json"


def write(**environment):
    subprocess.run([TOOL, COINLAKE.parent], check=True, capture_output=True, env={**os.environ, **environment})
    return WRITTEN.read_text()


def fault(text):
    """Where the text is not as the schema has it; validate_str()'s own words are the whole schema."""
    found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return None if found is None else found.data.message[:300]


def files(bill):
    return {file["name"] for component in bill["components"] for file in component.get("components", ())}


def packages(bill, use):
    wanted = {"name": "coinlake:use", "value": use}
    return {component["name"] for component in bill["components"] if wanted in component["properties"]}


class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = write()
        cls.bill = json.loads(cls.text)

    def test_is_valid_by_the_schema_and_an_invalid_one_is_not(self):
        self.assertIsNone(fault(self.text))
        spoiled = json.loads(self.text)
        spoiled["components"][0]["type"] = "thing"
        self.assertIsNotNone(fault(json.dumps(spoiled)))

    def test_has_every_library_that_the_program_needs_and_all_that_those_need(self):
        said = subprocess.check_output(["readelf", "-dW", COINLAKE], text=True)
        needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", said))
        self.assertGreater(len(needed), 5)
        self.assertLessEqual(needed, files(self.bill))
        loaded = {Path(name).name for name in re.findall(r"=> (/\S+)", subprocess.check_output(["ldd", COINLAKE], text=True))}
        self.assertLessEqual(loaded, files(self.bill))

    def test_has_what_is_compiled_in_and_the_compiler_and_nothing_of_the_tests(self):
        compiled_in = packages(self.bill, "headers")
        self.assertLessEqual({"libboost1.81-dev", "libcli11-dev", "libtomlplusplus-dev", "libspdlog-dev", "libfmt-dev",
                              "libcctz-dev"}, compiled_in)
        self.assertFalse({"libgtest-dev", "libgmock-dev", "librapidcheck-dev"} & compiled_in)
        self.assertEqual(len(packages(self.bill, "compiler")), 1)

    def test_says_package_version_and_licence_of_each(self):
        for component in self.bill["components"]:
            package = component["name"]
            installed = subprocess.check_output(["dpkg-query", "-W", "-f", "${Version}\n", package], text=True).split()
            self.assertIn(component["version"], installed)
            self.assertTrue(component["licenses"], package)

    def test_says_who_needs_whom_without_loose_ends(self):
        refs = {entry["ref"] for entry in self.bill["dependencies"]}
        for entry in self.bill["dependencies"]:
            self.assertLessEqual(set(entry["dependsOn"]), refs)
        depends = {entry["ref"]: entry["dependsOn"] for entry in self.bill["dependencies"]}
        self.assertTrue(any("libcurl4" in ref for ref in depends[self.bill["metadata"]["component"]["bom-ref"]]))
        curl = next(ref for ref in depends if "/libcurl4@" in ref)
        self.assertTrue(any("libssl3" in ref for ref in depends[curl]))

    def test_is_the_same_bytes_in_another_zone_and_language_and_another_time_when_told(self):
        self.assertEqual(write(TZ="Asia/Kathmandu", LANG="pt_BR.UTF-8"), self.text)
        told = json.loads(write(SOURCE_DATE_EPOCH="86400"))
        self.assertEqual(told["metadata"]["timestamp"], "1970-01-02T00:00:00Z")
        self.assertNotEqual(told["serialNumber"], self.bill["serialNumber"])
        write()

    def test_refuses_a_folder_without_a_build(self):
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([TOOL, folder], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn("is not built", done.stderr)
            shutil.copy(COINLAKE, folder)
            done = subprocess.run([TOOL, folder], capture_output=True, text=True, check=False)
            self.assertNotEqual(done.returncode, 0)
            self.assertFalse(Path(folder, "coinlake.cdx.json").exists())


if __name__ == "__main__":
    unittest.main()
