"""docs/contracts/cli-json.md and the schemas beside it name the same fields and types."""

import re
import subprocess
import unittest

from json_contract import COINLAKE, CONTRACTS, SCHEMAS, fields_of


def documented():
    """The same of the document, by the title of the section."""
    out = {}
    for section in (CONTRACTS / "cli-json.md").read_text().split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        rows = [line.split("|") for line in body.splitlines() if line.startswith("| `")]
        out[title.strip("`")] = {name: row[2].strip() for row in rows for name in re.findall(r"`([^`]+)`", row[1])}
    return out


def said(*words):
    return subprocess.run([COINLAKE, *words], capture_output=True, text=True, check=True).stdout


class TheDocument(unittest.TestCase):
    maxDiff = None

    def test_it_names_the_fields_and_types_of_the_schemas(self):
        sections = documented()
        for name, schema in SCHEMAS.items():
            title = schema["title"].removeprefix("coinlake ")
            self.assertIn(title, sections)
            if name not in ("query", "config-schema"):
                self.assertEqual(sections[title], fields_of(schema), name)

    def test_every_command_whose_help_knows_json_has_a_schema(self):
        commands = set(re.findall(r"(?m)^  ([a-z]+) ", said("help").split("Commands:")[1].split("Options")[0])) - {"help"}
        self.assertLess({"collect", "show", "version"}, commands)
        having = {command for command in commands if "json" in said(command, "--help")}
        self.assertEqual(having, {schema["title"].split()[1] for schema in SCHEMAS.values()})


if __name__ == "__main__":
    unittest.main()
