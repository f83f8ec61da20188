"""Opportunities at one company know of each other: what went out for one counts for the gate of the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from followup.errors import StateError
from followup.store.amending import value_at
from followup.store.folding import Kept

if TYPE_CHECKING:
    from followup.events import Event
    from followup.state import InterviewState, Person
    from followup.vocabulary import Vocabulary

__all__ = ["with_neighbours"]

COUNTING = frozenset(
    {"interview", "rescheduled", "cancelled", "sent", "called", "reply", "promise", "offer", "rejection"}
    | {"bounce", "no_contact"}
)
"""The events of which the gate asks, whatever opportunity they belong to."""
PEOPLE = ("to", "from_", "who")


def with_neighbours(
    kept: Kept, name: str, state: InterviewState, vocabulary: Vocabulary | None = None
) -> InterviewState:
    """The state with what happened for other opportunities at its company as its `elsewhere`."""
    company = state.company.name.casefold()
    near = [
        each
        for each in kept.opportunities.values()
        if each.name != name and str(value_at(each.data, "company.name")).casefold() == company
    ]
    found: list[Event] = []
    for each in near:
        try:
            other = each.state(vocabulary)
        except StateError:
            continue  # it is told where it is planned itself
        ids = _same_people(other.people, state.people, each.name)
        found += [_renamed(event, ids, each.name) for event in _counting(other, ids)]
    return replace(state, elsewhere=(*state.elsewhere, *found)) if found else state


def _counting(other: InterviewState, ids: Mapping[str, str]) -> Iterator[Event]:
    for event in other.events:
        who = getattr(event, "who", None)
        # A person who is not known here may refuse for themselves alone.
        alone = event.type == "no_contact" and who is not None and ids[who].startswith("/")
        if event.type in COUNTING and not alone:
            yield event


def _same_people(theirs: Mapping[str, Person], ours: Mapping[str, Person], name: str) -> dict[str, str]:
    """Their ids as ours, by an address or a name; one who is not known here gets an id that nobody has."""
    known = {mark: id_ for id_, person in ours.items() for mark in _marks(person)}
    return {
        id_: next((known[mark] for mark in _marks(person) if mark in known), f"/{name}/{id_}")
        for id_, person in theirs.items()
    }


def _marks(person: Person) -> Iterator[tuple[str, str]]:
    for field in ("email", "phone", "linkedin", "name"):
        value = "".join(str(getattr(person, field) or "").casefold().split())
        if value:
            yield field, value.rstrip("/")


def _renamed(event: Event, ids: Mapping[str, str], name: str) -> Event:
    """The event with our people and an id of its own: two opportunities may have an interview `r1`."""
    changed: dict[str, Any] = {}
    for field in ("id", "interview"):
        if getattr(event, field, None):
            changed[field] = f"/{name}/{getattr(event, field)}"
    for field in PEOPLE:
        id_ = getattr(event, field, None)
        if isinstance(id_, str) and id_ in ids:
            changed[field] = ids[id_]
    if hasattr(event, "with_"):
        changed["with_"] = tuple(ids.get(id_, id_) for id_ in event.with_)
    return replace(event, **changed) if changed else event
