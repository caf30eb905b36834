"""A terminal for tests and pictures: a program on a pty of a given size, and what its bytes leave on the screen.

The screen knows what coinlake and tools/demo send: text, CR, LF, BS, cursor home and positions, erasing, SGR, and xterm's private modes for
the other page, the cursor and cutting long lines. Anything else is an error, so that nothing is drawn that was not understood.
"""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata
from pathlib import Path

SEQUENCE = re.compile(r"\x1b\[([?]?)([0-9;]*)([A-Za-z])|\x1b([78=>])")


def width_of(sign):
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


class Screen:
    """Cells are (sign, style); a style is the set of SGR codes in force. `history` has the lines that scrolled away."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.style, self.modes, self.pending, self.widest, self.cut_lines = frozenset(), {25}, "", 0, False
        self.history, self.other = [], None
        self.cells = [self.blank() for _ in range(rows)]
        self.row = self.column = 0

    def blank(self):
        return [(" ", frozenset())] * self.columns

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [(line + self.blank())[:columns] for line in self.cells[:rows]]
        self.cells += [self.blank() for _ in range(rows - len(self.cells))]
        self.row, self.column = min(self.row, rows - 1), min(self.column, columns - 1)

    def feed(self, text):
        text, self.pending = self.pending + text, ""
        at = 0
        while at < len(text):
            sign = text[at]
            if sign == "\x1b":
                match = SEQUENCE.match(text, at)
                if match is None and len(text) - at < 16:
                    self.pending = text[at:]
                    return
                assert match is not None, f"not understood: {text[at:at + 16]!r}"
                self.control(*match.groups())
                at = match.end()
                continue
            self.sign(sign)
            at += 1

    def sign(self, sign):
        if sign == "\r":
            self.column = 0
        elif sign == "\n":
            self.line_feed()
        elif sign == "\b":
            self.column = max(0, self.column - 1)
        elif sign == "\x07":
            pass
        else:
            assert sign >= " ", f"not understood: {sign!r}"
            self.put(sign)

    def put(self, sign):
        width = width_of(sign)
        if width == 0:
            return
        if self.column + width > self.columns:
            self.widest = max(self.widest, self.column + width)
            if 7 not in self.modes and self.cut_lines:
                return
            self.column = 0
            self.line_feed()
        self.cells[self.row][self.column] = (sign, self.style)
        for more in range(1, width):
            self.cells[self.row][self.column + more] = ("", self.style)
        self.column += width
        self.widest = max(self.widest, self.column)

    def line_feed(self):
        if self.row + 1 < self.rows:
            self.row += 1
            return
        self.history.append(self.cells.pop(0))
        self.cells.append(self.blank())

    def control(self, private, numbers, letter, other):
        values = [int(n) if n else 0 for n in numbers.split(";")] if numbers else []
        if other:
            return
        if private:
            return self.mode(values, letter == "h")
        if letter == "m":
            self.style = frozenset() if values in ([], [0]) else self.style | set(values)
        elif letter == "H":
            self.row, self.column = ((values + [1, 1])[0] or 1) - 1, ((values + [1, 1])[1] or 1) - 1
        elif letter == "K":
            self.cells[self.row][self.column:] = self.blank()[self.column:]
        elif letter == "J":
            if values == [2]:
                self.cells = [self.blank() for _ in range(self.rows)]
            else:
                self.control("", "", "K", "")
                self.cells[self.row + 1:] = [self.blank() for _ in range(self.rows - self.row - 1)]
        else:
            raise AssertionError(f"not understood: CSI {numbers}{letter}")

    def mode(self, values, on):
        for value in values:
            (self.modes.add if on else self.modes.discard)(value)
            if value == 7:
                self.cut_lines = not on
            if value == 1049 and on:
                self.other = (self.cells, self.row, self.column)
                self.cells = [self.blank() for _ in range(self.rows)]
            elif value == 1049 and self.other:
                (self.cells, self.row, self.column), self.other = self.other, None
                self.resize(self.columns, self.rows)

    @property
    def cursor_is_shown(self):
        return 25 in self.modes

    @property
    def is_other_page(self):
        return 1049 in self.modes

    def lines(self):
        """As text, without blanks at the ends, and without empty lines at the end."""
        out = ["".join(sign for sign, _ in line).rstrip() for line in self.history + self.cells]
        while out and not out[-1]:
            out.pop()
        return out

    def text(self):
        return "\n".join(self.lines())


class Terminal:
    """A program on a pty. Its bytes so far are `raw`, what they leave is `screen`."""

    def __init__(self, argv, columns=80, rows=24, env=None, cwd=None, stdout=None):
        """`stdout`: a descriptor instead of the terminal, which stdin and stderr keep."""
        self.raw, self.screen, self.code = b"", Screen(columns, rows), None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                size = struct.pack("HHHH", rows, columns, 0, 0)
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                if stdout is not None:
                    os.dup2(stdout, 1)
                if cwd:
                    os.chdir(cwd)
                os.execvpe(argv[0], argv, dict(os.environ if env is None else env))
            finally:
                os._exit(127)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read_some(self, seconds):
        """False at the end of the program's output."""
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.raw += data
        self.screen.feed(self.decoder.decode(data))
        return bool(data)

    def until(self, is_so, seconds=20):
        """Reads until `is_so(screen)`, or a text that the screen shows; an error when that does not come."""
        wanted = (lambda screen: is_so in screen.text()) if isinstance(is_so, str) else is_so
        end = time.monotonic() + seconds
        while not wanted(self.screen):
            more = self.read_some(max(0.0, min(0.2, end - time.monotonic())))
            if wanted(self.screen):
                return self
            if not more or time.monotonic() > end:
                raise AssertionError(f"it did not come: {is_so!r}\n{self.screen.text()}\n{self.raw[-400:]!r}")
        return self

    def until_stopped(self, seconds=20):
        """The terminal is given back first: a SIGCONT that comes in between is lost."""
        end = time.monotonic() + seconds
        while Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":
            if time.monotonic() > end:
                raise AssertionError("it did not stop")
            self.read_some(0.01)
        return self

    def send(self, keys):
        os.write(self.fd, keys)
        return self

    def signal(self, number):
        os.kill(self.pid, number)
        return self

    def resize(self, columns, rows):
        self.screen.resize(columns, rows)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return self

    def wait(self, seconds=20):
        """Its exit code, 128 + the signal where one ended it."""
        end = time.monotonic() + seconds
        while self.read_some(0.2):
            if time.monotonic() > end:
                self.close()
                raise AssertionError(f"it did not end:\n{self.screen.text()}")
        _, status = os.waitpid(self.pid, 0)
        self.code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        os.close(self.fd)
        return self.code

    def close(self):
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)
            self.code = 137
