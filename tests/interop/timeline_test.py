"""Slots of schedules against croniter and Python's zoneinfo.

The model knows nothing of our code: croniter says which minutes of a clock on the wall fit an expression, zoneinfo what the wall shows;
the rules where a clock is changed are those of src/coinlake/collect/timeline.hpp, applied to every minute that passes.
"""

import functools
import os
import random
import subprocess
import unittest
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from croniter import croniter

PROGRAM = os.environ["COINLAKE_TIMELINE_BINARY"]
ZONES = ["America/Sao_Paulo", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC", "Pacific/Apia"]
MINUTE = timedelta(minutes=1)
EPOCH = datetime(1970, 1, 1)
CASES, LONG_CASES = 450, 60

MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
DAYS = "SUN MON TUE WED THU FRI SAT".split()


def seconds(moment):
    return int((moment - EPOCH).total_seconds())


def offset(zone, moment):
    """What the wall in the zone is ahead of UTC at a moment of UTC (without tzinfo)."""
    return moment.replace(tzinfo=timezone.utc).astimezone(zone).utcoffset()


@functools.lru_cache(maxsize=None)
def changes(zone, start, end):
    """[(moment, offset before, offset from then on)], to the minute."""
    found, at = [], start
    while at < end:
        after = min(at + timedelta(hours=6), end)
        if offset(zone, at) != offset(zone, after):
            low, high = at, after
            while high - low > MINUTE:
                middle = low + ((high - low) // 2) // MINUTE * MINUTE
                low, high = (middle, high) if offset(zone, middle) == offset(zone, low) else (low, middle)
            found.append((high, offset(zone, low), offset(zone, high)))
        at = after
    return found


def fitting(expression, first, last):
    """The minutes of the wall from `first` to before `last` that fit."""
    # A day that begins with a star takes away from the other, as in cron.
    minutes, found = croniter(expression, first - MINUTE, implement_cron_bug=True), []
    while (at := minutes.get_next(datetime)) < last:
        found.append(at)
    return found


def model(expression, zone, start, end):
    """The slots after `start` and until `end`, both in minutes."""
    follows_hours = any(field.startswith("*") for field in expression.split()[:2])
    begin, slots = start - timedelta(days=2), set()
    borders = changes(zone, begin, end)
    starts = [begin] + [at for at, _, _ in borders]
    ends = [at for at, _, _ in borders] + [end + MINUTE]
    shown_until = datetime.min  # what the wall showed before is shown again
    for low, high in zip(starts, ends):
        ahead = offset(zone, low)
        for wall in fitting(expression, low + ahead, high + ahead):
            if follows_hours or wall >= shown_until:
                slots.add(wall - ahead)
        shown_until = max(shown_until, high + ahead)
    if not follows_hours:
        for at, before, after in borders:
            if after > before and fitting(expression, at + before, at + after):
                slots.add(at)
    return sorted(slot for slot in slots if start < slot <= end)


class Expressions:
    """Random ones that both read alike."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def item(self, low, high, names):
        first = self.random.randint(low, high)
        last = self.random.randint(first, high)
        word = (lambda value: names[value - low]) if names and self.random.random() < 0.4 else str
        step = f"/{self.random.randint(1, high - low)}"
        if first == last:
            return word(first)
        return self.random.choice([word(first), f"{word(first)}-{word(last)}", f"{first}-{last}{step}", "*" + step])

    def field(self, low, high, names=None, star=0.35):
        if self.random.random() < star:
            return "*"
        return ",".join(self.item(low, high, names) for _ in range(self.random.choice([1, 1, 1, 2, 3])))

    def times(self):
        """Mostly where clocks are changed."""
        hour = self.random.choice(["0", "1", "2", "1,2", "0-3", "23", "22-23", "0,23", "*/2", "*", None, None])
        return f"{self.field(0, 59, star=0.2)} {hour or self.field(0, 23)}"

    def expression(self):
        return f"{self.times()} {self.field(1, 31, star=0.7)} {self.field(1, 12, MONTHS, star=0.8)} {self.field(0, 6, DAYS, star=0.6)}"


def asked(questions):
    lines = "".join(f"{expression}\t{zone}\t{seconds(start)}\t{seconds(end)}\n" for expression, zone, start, end in questions)
    answer = subprocess.run([PROGRAM], input=lines, check=True, capture_output=True, text=True).stdout.splitlines()
    assert len(answer) == len(questions)
    return answer


class TimelineAgreesWithCroniterAndZoneinfo(unittest.TestCase):
    def compare(self, questions):
        """How many slots were compared."""
        count, near = 0, 0
        for (expression, zone, start, end), line in zip(questions, asked(questions)):
            if line.startswith("refused: ") and "never comes" in line:
                continue  # held against croniter below
            self.assertFalse(line.startswith("refused"), f"{expression}: {line}")
            ours = [EPOCH + timedelta(seconds=int(word)) for word in line.split()]
            theirs = model(expression, ZoneInfo(zone), start, end)
            self.assertEqual(ours, theirs, f"{expression} in {zone} from {start} to {end}")
            count += len(ours)
            near += bool(changes(ZoneInfo(zone), start, end))
        return count, near

    def test_around_every_change_of_the_clock(self):
        source, around = Expressions(20261130), {}
        for zone in ZONES:
            start, end = datetime(2005, 1, 1), datetime(2045, 1, 1)
            around[zone] = [at for at, _, _ in changes(ZoneInfo(zone), start, end)] or [datetime(2026, 3, 29, 1)]
        questions = []
        for _ in range(CASES):
            zone = source.random.choice(ZONES)
            middle = source.random.choice(around[zone])
            start = middle - source.random.randint(0, 40) * timedelta(hours=1)
            questions.append((source.expression(), zone, start, middle + source.random.randint(0, 40) * timedelta(hours=1)))
        count, near = self.compare(questions)
        self.assertGreater(count, 10_000, "too few slots to mean something")
        self.assertGreater(near, CASES // 2, "too few questions about changes")

    def test_over_years(self):
        source, questions = Expressions(20261201), []
        while len(questions) < LONG_CASES:
            fixed = f"{source.random.randint(0, 59)} {source.random.choice(['0', '1', '2', '9,13,18', '23', '*/6'])}"
            rest = f"{source.field(1, 31, star=0.3)} {source.field(1, 12, MONTHS, star=0.5)} {source.field(0, 6, DAYS, star=0.5)}"
            start = datetime(source.random.randint(2006, 2040), 1, 1) + timedelta(days=source.random.randint(0, 364))
            questions.append((f"{fixed} {rest}", source.random.choice(ZONES), start, start + timedelta(days=1100)))
        count, near = self.compare(questions)
        self.assertGreater(count, 10_000, "too few slots to mean something")
        self.assertGreater(near, LONG_CASES // 4, "too few questions about changes")

    def test_the_leap_day_and_the_end_of_a_year(self):
        start, end = datetime(2023, 6, 1), datetime(2041, 1, 2)
        questions = [(f"30 23 {day} *", zone, start, end) for day in ("29 2", "31 12") for zone in ZONES]
        count, _ = self.compare(questions)
        self.assertEqual(count, len(ZONES) * (5 + 18))

    def test_what_never_comes_is_what_croniter_does_not_find(self):
        start, end = datetime(2026, 1, 1), datetime(2026, 1, 2)
        for day, month in ((30, 2), (31, 4), (29, 2), (31, 12), (31, "2,4,6,9,11"), (31, "2,5")):
            expression = f"0 0 {day} {month} *"
            [line] = asked([(expression, "UTC", start, end)])
            try:
                comes = bool(croniter(expression, start).get_next(datetime))
            except Exception:  # croniter's own kinds, one for each way to say it
                comes = False
            self.assertEqual("never comes" in line, not comes, expression)

    def test_a_model_with_another_rule_is_found_out(self):
        """The comparison can fail: these differ where London changes its clock."""
        zone, start, end = "Europe/London", datetime(2026, 3, 28), datetime(2026, 3, 30)
        [line] = asked([("30 1 * * *", zone, start, end)])
        ours = [EPOCH + timedelta(seconds=int(word)) for word in line.split()]
        self.assertEqual(ours, model("30 1 * * *", ZoneInfo(zone), start, end))
        self.assertNotEqual(ours, model("30 * * * *", ZoneInfo(zone), start, end))
        self.assertNotEqual(ours, model("30 1 * * *", ZoneInfo("UTC"), start, end))


if __name__ == "__main__":
    unittest.main()
