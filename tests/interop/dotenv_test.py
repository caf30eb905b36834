"""Our parser of .env files against python-dotenv, on many files; and the program itself on some."""

import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

from dotenv import dotenv_values

COINLAKE = os.environ["COINLAKE_BINARY"]
PARSER = os.environ["COINLAKE_DOTENV_BINARY"]
FILES, AT_ONCE = 3000, 500

WHOLE = [
    "A=1\nB=2\n",
    "CMC_API_KEY=3f8a-42 # from the dashboard\r\nDB_HOST='db.example'\r\n",
    "export A='it\\'s'\nB=\"line 1\\nline 2\"\nC=\"line 1\nline 2\"\n",
    "\ufeffA=$(id)\nB=${A}\nC=`id`\nD=se}c{ret\n",
    "A=\"\n[ledger]\npath=x\"\nB=1\n",
    "A\nB =  2  \n'C'=3\n# D=4\n=5\nE=#5\nF= #6\nG='open\nH=8\n",
]
PIECES = [
    "A", "B", "CMC_API_KEY", "export ", "export", "=", "=", "=", " = ", " ", "  ", "\t", "#", " # ", "'", "'", '"', '"', "\\", "\\\\",
    "\\'", '\\"', "\\n", "\\t", "\\a", "\\x41", "\\u0041", "$", "${A}", "$(id)", "}", "{", "\n", "\n", "\r\n", "\r", "\ufeff",
    "\u00a0", "\u2028", "\x85", "\x1c", "\x0b", "\x0c", "é", "日本", "value", "1", ";", "&", "[x]\npath=1\n",
]


def generated(random_source):
    """Bits at random, or lines that are nearly right: both kinds of error need visiting."""
    if random_source.random() < 0.4:
        return "".join(random_source.choice(PIECES) for _ in range(random_source.randrange(1, 40)))
    lines = []
    for number in range(random_source.randrange(1, 8)):
        value = "".join(random_source.choice(PIECES) for _ in range(random_source.randrange(0, 6)))
        quote = random_source.choice(["", "", "'", '"'])
        end = random_source.choice(["\n", "\n", "\r\n", " # why\n", "\r"])
        lines.append(random_source.choice(["", "", "export "]) + f"N{number % 4}=" + quote + value + quote + end)
    return "".join(lines)


class DotenvAgreesWithPython(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return str(Path(self.folder.name) / name)

    def parsed(self, texts):
        paths = []
        for number, text in enumerate(texts):
            paths.append(self.path(str(number)))
            Path(paths[-1]).write_bytes(text.encode())
        ours = subprocess.run([PARSER, *paths], check=True, capture_output=True).stdout.decode().splitlines()
        self.assertEqual(len(ours), len(paths))
        return [(dict(json.loads(line)), dict(dotenv_values(path, interpolate=False, encoding="utf-8")))
                for line, path in zip(ours, paths)]

    def test_every_generated_file_has_the_same_values(self):
        source = random.Random(20261124)
        texts = WHOLE + [generated(source) for _ in range(FILES)]
        seen = set()
        for start in range(0, len(texts), AT_ONCE):
            batch = texts[start:start + AT_ONCE]
            for text, (ours, theirs) in zip(batch, self.parsed(batch)):
                self.assertEqual(ours, theirs, repr(text))
                seen.update(ours.values())
        self.assertGreater(len(seen), 1000, "the files are too much alike")

    def test_the_program_takes_the_same_values(self):
        text = "DB_HOST='h # x'\nexport DB_NAME=\"a\\tb\" # c\nDB_USER=u$(id)#}  \r\nAWS_DEFAULT_REGION= sa-east-1 # x\nDB_PORT='6543'\n"
        Path(self.path(".env")).write_bytes(text.encode())
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("COINLAKE_", "DB_", "AWS_", "EMAIL_", "CMC_"))}
        shown = subprocess.run([COINLAKE, "config", "show", "--json"], check=True, capture_output=True, cwd=self.folder.name,
                               env=environment).stdout
        ours = {key["key"]: key["value"] for key in json.loads(shown)["keys"]}
        theirs = dotenv_values(self.path(".env"), interpolate=False)
        self.assertEqual(ours["postgres.host"], theirs["DB_HOST"])
        self.assertEqual(ours["postgres.database"], theirs["DB_NAME"])
        self.assertEqual(ours["postgres.user"], theirs["DB_USER"])
        self.assertEqual(ours["s3.region"], theirs["AWS_DEFAULT_REGION"])
        self.assertEqual(str(ours["postgres.port"]), theirs["DB_PORT"])


if __name__ == "__main__":
    unittest.main()
