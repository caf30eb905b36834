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


class TheDocument(unittest.TestCase):
    def test_it_names_the_fields_and_types_of_the_schemas(self):
        sections = documented()
        for name, schema in SCHEMAS.items():
            title = schema["title"].removeprefix("coinlake ")
            self.assertIn(title, sections)
            if name not in ("query", "config-schema"):
                self.assertEqual(sections[title], fields_of(schema), name)

    def test_every_json_that_the_help_knows_has_a_section(self):
        for command in ("collect", "show", "runs", "budget", "quarantine", "ledger", "config", "version"):
            said = subprocess.run([COINLAKE, command, "--help"], capture_output=True, text=True, check=True).stdout
            self.assertIn("--json", said)
        commands = set(re.findall(r"(?m)^  ([a-z]+) ", subprocess.run([COINLAKE, "help"], capture_output=True, text=True).stdout))
        having = {one for one in commands if "--json" in subprocess.run([COINLAKE, one, "--help"], capture_output=True, text=True).stdout}
        self.assertEqual(having - {"help", "coinlake"}, {schema["title"].split()[1] for schema in SCHEMAS.values()} - {"query"})


if __name__ == "__main__":
    unittest.main()
