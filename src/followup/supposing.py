"""Supposing: what could be different in a state, one small thing at a time, and the state in which it is so.

A supposition is a fact that is not known yet, an event that may happen, a decision of your own that may be
taken back, or what would have had to happen. It says nothing about whether it is so; its words keep these
apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from followup.plan import PENDING
from followup.scope import Scope
from followup.states import read_data
from followup.telling import listed

if TYPE_CHECKING:
    from followup.moments import Instant
    from followup.proposing import Candidate
    from followup.rules import Guards, Rule
    from followup.scheduling import Placement, Rules
    from followup.state import InterviewState
    from followup.vocabulary import Vocabulary

__all__ = ["KINDS", "ChangeSet", "Kind", "Option", "Subject", "Supposition", "suppose"]

Kind = Literal["fact", "choice", "event", "correction", "past"]
KINDS: tuple[Kind, ...] = ("fact", "choice", "event", "correction", "past")
"""In order of preference: to learn, to decide, to see happen, to be mistaken, to have been otherwise."""


class Supposition(msgspec.Struct, frozen=True, kw_only=True):
    """One small thing that could be different.

    `words` follow "if": "you learned that Initech is relaxed (company.culture)". It is put into a state as
    the `value` at a `path`, as an added `event`, or (a `choice` without one) by taking away what is there. A
    value that only stands for one that you would find out, such as an address, is a `sample`.
    """

    kind: Kind
    words: str
    path: tuple[str | int, ...] = ()
    value: Any = None
    sample: bool = False
    event: Mapping[str, Any] | None = None


class ChangeSet(msgspec.Struct, frozen=True, kw_only=True):
    """What together would make a follow-up happen: which one (`key`), `when`, and whether that is now."""

    suppositions: tuple[Supposition, ...]
    key: str
    when: datetime
    due: bool

    @property
    def words(self) -> str:
        """The clause after "if"."""
        return listed([each.words for each in self.suppositions])


@dataclass(frozen=True, slots=True)
class Option:
    """A supposition as one of several: of one `group` only one is ever supposed, the first that helps."""

    supposition: Supposition
    group: str

    @property
    def rank(self) -> int:
        """The less, the rather."""
        return KINDS.index(self.supposition.kind)


@dataclass(frozen=True, slots=True)
class Subject:
    """The follow-up in question: its rule, how it is seen, and how it stands (None: nothing calls for it)."""

    rule: Rule
    scope: Scope
    rules: Rules
    vocabulary: Vocabulary
    placement: Placement | None = None
    candidate: Candidate | None = None

    @property
    def now(self) -> Instant:
        return self.scope.history.now

    @property
    def is_alive(self) -> bool:
        """Whether it may still go out, now or later."""
        return self.placement is not None and self.placement.status in PENDING

    @property
    def guards(self) -> Guards:
        return self.rules.guards_of[self.rule.name]


def suppose(
    state: InterviewState, suppositions: Iterable[Supposition], vocabulary: Vocabulary | None = None
) -> InterviewState:
    """The state in which these are so. Raises StateError where they cannot be."""
    data = state.to_dict()
    gone: list[int] = []
    for each in suppositions:
        if each.event is not None:
            data["events"] = [*data.get("events", ()), dict(each.event)]
        elif each.kind == "choice":
            gone += [step for step in each.path if isinstance(step, int)]
        else:
            _put(data, each.path, each.value)
    for index in sorted(gone, reverse=True):
        del data["events"][index]
    return read_data(data, vocabulary).state


def _put(data: dict[str, Any], path: tuple[str | int, ...], value: Any) -> None:
    """Set the value at a path, with the mappings on the way that are not there yet."""
    here: Any = data
    for step, following in pairwise(path):
        if isinstance(here, dict) and step not in here:
            here[step] = [] if isinstance(following, int) else {}
        here = here[step]
    last = path[-1]
    if isinstance(here, list) and isinstance(last, int) and last == len(here):
        here.append(value)
    else:
        here[last] = value
