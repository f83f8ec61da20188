"""Times as they are typed in German, `13.11. um 14 Uhr` or `gestern`, in English words."""

from __future__ import annotations

import calendar
import re

__all__ = ["in_english"]

_WORDS = {
    "heute": "today", "gestern": "yesterday", "vorgestern": "2 days ago", "morgen": "tomorrow",
    "übermorgen": "in 2 days", "um": "at", "mittag": "noon", "mittags": "noon",
    "letzten": "last", "montag": "Monday", "dienstag": "Tuesday",
    "mittwoch": "Wednesday", "donnerstag": "Thursday", "freitag": "Friday", "samstag": "Saturday",
    "sonntag": "Sunday", "januar": "January", "februar": "February", "märz": "March", "mai": "May",
    "juni": "June", "juli": "July", "oktober": "October", "dezember": "December",
}  # fmt: skip
_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\b", re.IGNORECASE)
_DAY = re.compile(
    r"(?<![\d.:])(\d{1,2})\. ?(\d{1,2})\.(?: ?(\d{4}|\d{2})(?![\d:.]| ?(?:Uhr|h)\b))?(?!\d)", re.IGNORECASE
)
_HOUR = re.compile(r"(?<![\d.:])(\d{1,2})(?:[.:](\d{2}))? ?(?:Uhr|h)\b", re.IGNORECASE)


def in_english(words: str) -> str:
    """The words with a German day, hour and names in English; all else as it stands."""
    dated = _DAY.sub(_day, words)
    timed = _HOUR.sub(lambda found: f"{found[1]}:{found[2] or '00'}", dated)
    return _WORD.sub(lambda found: _WORDS[found[0].casefold()], timed.removeprefix("am "))


def _day(found: re.Match[str]) -> str:
    day, month, year = int(found[1]), int(found[2]), found[3]
    if not 1 <= month <= 12:
        return found[0]
    full = f" {year if len(year) == 4 else '20' + year}" if year else ""
    return f"{day} {calendar.month_name[month]}{full}"
