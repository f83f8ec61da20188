"""What can be wrong, said with its place and its cure.

Problems are values: readers gather all of them, and an exception leaves only at the boundary.

    FollowupError
    ├── InputError        something from outside cannot be used; carries every problem found
    │   ├── StateError    an interview state
    │   └── RuleError     a scenario, message, settings or test file
    ├── PluginError       a plugin cannot be loaded or broke its contract
    ├── DeliveryError     a message was not certainly taken
    │   ├── NotDeliveredError  nothing has left; `permanent`: it would fail again
    │   └── InDoubtError       it may have arrived, or not: never send it again by itself
    └── UsageError        the call itself is wrong (a naive `now`, an unknown rule name)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from followup.synonyms import meant_by

__all__ = [
    "DeliveryError",
    "FollowupError",
    "InDoubtError",
    "InputError",
    "NotDeliveredError",
    "Place",
    "PluginError",
    "Problem",
    "RuleError",
    "StateError",
    "UsageError",
    "did_you_mean",
    "or_from_a_plugin",
]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file, and a line and column counted from 1 (0 where unknown).

    `path` names the value inside the document (`events[2].at`), for callers who handed over plain
    data and so have no lines.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    path: str = ""

    @property
    def short(self) -> str:
        """File and line, as reasons name it."""
        return f"{self.file}:{self.line}" if self.line else str(self)

    def __str__(self) -> str:
        parts = [self.file or self.path or "input"]
        if self.line:
            parts += [str(self.line), str(self.column)]
        elif self.file and self.path:
            parts.append(self.path)
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: a stable code, what, where, and how to mend it.

    Codes are listed in `docs/problems.md`; a code never changes its meaning. Severity is `error`,
    `warning` or `note`.
    """

    code: str
    text: str
    place: Place = Place()
    cure: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        label = "" if self.severity == "error" else f"{self.severity}: "
        cure = f"; {self.cure}" if self.cure else ""
        return f"{self.place}: {label}{self.text}{cure} [{self.code}]"


class FollowupError(Exception):
    """The root of everything that followup raises on purpose."""


class InputError(FollowupError):
    """Input cannot be used. `problems` holds all that was found, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class StateError(InputError):
    """An interview state cannot be used."""


class RuleError(InputError):
    """A scenario, message, settings or test file cannot be used."""


class PluginError(FollowupError):
    """A plugin cannot be loaded, or broke its contract. The message names plugin, version and hook."""


class DeliveryError(FollowupError):
    """A message that was to go out was not certainly taken by the other side."""


class NotDeliveredError(DeliveryError):
    """Nothing has left. With `permanent`, trying again as it is would fail again."""

    def __init__(self, text: str, *, permanent: bool) -> None:
        self.permanent = permanent
        super().__init__(text)

    def __reduce__(self) -> tuple[Callable[..., NotDeliveredError], tuple[str]]:
        return partial(type(self), permanent=self.permanent), (str(self),)


class InDoubtError(DeliveryError):
    """A message may have arrived, or not. Never send it again by itself: a person has to look.

    `identity` is that by which it can be found, such as its Message-ID; empty where there is none.
    """

    def __init__(self, text: str, *, identity: str = "") -> None:
        self.identity = identity
        super().__init__(text)

    def __reduce__(self) -> tuple[Callable[..., InDoubtError], tuple[str]]:
        return partial(type(self), identity=self.identity), (str(self),)


class UsageError(FollowupError):
    """The call itself is wrong; the message says what to pass instead."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure for a wrong `word`: the known one that is meant or nearest, else those known, else nothing."""
    import difflib

    words: Sequence[str] = sorted(set(known))
    meant = meant_by(word, words)
    if meant is not None:
        return f"did you mean `{meant}`?"
    parts = [part for part in re.split(r"\s*(?:[,;/|&+]|\bor\b|\band\b)\s*", word) if part]
    if len(parts) > 1 and set(parts) <= set(words):
        return f"write a list, `[{', '.join(parts)}]`"
    near = difflib.get_close_matches(word.lower(), words, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    if 0 < len(words) <= 20:
        return "known: " + ", ".join(words)
    return ""


def or_from_a_plugin(cure: str) -> str:
    """The cure for an unknown name; where it names no near one, it adds that a plugin may bring it."""
    if cure and not cure.startswith("known"):
        return cure
    return "; ".join(filter(None, (cure, "if a plugin brings it, install or enable that")))
