"""What became of a test: passed, or what was wanted beside what was found, and where the file wants it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from followup.errors import Place
from followup.plan import Reason

__all__ = ["Difference", "Failure", "TestResult", "Word"]


class Word(msgspec.Struct, frozen=True):
    """A stretch of a word by word comparison: in both texts, only wanted, or only found."""

    side: Literal["both", "wanted", "found"]
    text: str


class Difference(msgspec.Struct, frozen=True):
    """One point in which something is not as expected, with the place of what expects it.

    `hint` says more of what was found; `words` compares texts word by word, at the nearest place.
    """

    field: str
    wanted: str
    found: str
    at: str = ""
    hint: str = ""
    words: tuple[Word, ...] = ()

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.field}: wanted {self.wanted}, found {self.found}{hint}"


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation that is not met: of what, where it stands, what differs and why it is as it is.

    `followup` is the key, or the rule where there is no follow-up; `others` are the rule's follow-ups
    that were not taken for it, each with its status.
    """

    followup: str
    text: str
    at: str
    now: datetime
    differences: tuple[Difference, ...] = ()
    reasons: tuple[Reason, ...] = ()
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.followup}: {self.text}" if self.text else f"{self.followup}:"]
        lines += [f"  {difference}" for difference in self.differences]
        lines += [f"  because {reason.text}" for reason in self.reasons]
        lines += [f"  also {other}" for other in self.others]
        return "\n".join(lines)


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """One test: whether it passed, and what was wanted and found where it did not.

    `rules` are the rules that the test speaks of, `advice` the ids of the advice that it shows at work.
    """

    __test__ = False

    name: str
    passed: bool
    failures: tuple[Failure, ...] = ()
    place: Place = Place()
    rules: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
