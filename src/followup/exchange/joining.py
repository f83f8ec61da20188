"""What a tracker says, joined to what the store knows: new opportunities, new people, and what happened.

An opportunity is known again by its company and position. Nothing that the store knows is changed; people get
addresses that they lack.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from followup.errors import Place, Problem, StateError
from followup.exchange.holdings import draft_data
from followup.exchange.taking import Taken, head_of, stops
from followup.exchange.trackers import Found, Person, named
from followup.naming import free_interview_id, free_name
from followup.states import read_data, to_data
from followup.store import Entry, Kept, NewEntry, folded

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["joined", "met"]

LEGAL_FORMS = frozenset(["inc", "llc", "ltd", "limited", "gmbh", "ag", "se", "co", "corp", "plc"])
NOON = "T12:00"
"""The time of what has a day and no hour."""
ADDRESSES = ("role", "email", "phone", "linkedin")


@dataclass(slots=True)
class _Open:
    """An opportunity while rows are joined to it."""

    name: str
    before: dict[str, Any] | None
    data: dict[str, Any]


def joined(
    entries: Sequence[Entry],
    found: Sequence[Found],
    candidate: Mapping[str, Any],
    now: datetime,
    vocabulary: Vocabulary,
    file: str,
) -> tuple[Taken, list[Problem]]:
    """What to write, and the rows that give no state; those are left out of what is to be written."""
    kept, now = folded(entries), now.replace(microsecond=0)
    known: dict[tuple[str, str], _Open] = {}
    for each in kept.opportunities.values():
        data = to_data(each.state(vocabulary))
        known[_identity(data["company"]["name"], data["position"]["title"])] = _Open(each.name, data, data)
    names = set(kept.opportunities)
    problems: list[Problem] = []
    lines: list[str] = []
    for row in found:
        identity = _identity(row.company, row.position)
        open_ = known.get(identity)
        if open_ is None:
            data = {
                "format": 1, "candidate": dict(candidate), "company": {"name": row.company},
                "position": {"title": row.position},
            }  # fmt: skip
            open_ = _Open(free_name(row.company, names), None, data)
        after, told = _with(open_.data, row, now)
        try:
            after = to_data(read_data(after, vocabulary).state)
        except StateError as error:
            problems += [
                Problem(each.code, each.text, Place(file, row.line, 1, each.place.path), each.cure)
                for each in error.problems
            ]
            continue
        lines += [f"{open_.name} (line {row.line}): {each}" for each in (*told, *row.told)]
        open_.data = after
        known[identity] = open_
        names.add(open_.name)
    new: list[NewEntry] = []
    heads: list[str] = []
    for open_ in known.values():
        if open_.data != open_.before:
            said = f"{open_.data['position']['title']} at {open_.data['company']['name']}"
            heads.append(f"{'more of' if open_.before else 'added'} {open_.name}: {said}")
            new += _written(open_, kept, now)
    return Taken(((now, new),) if new else (), (*heads, *lines)), problems


def met(
    entries: Sequence[Entry], people: Sequence[tuple[str, Person]], now: datetime, vocabulary: Vocabulary
) -> Taken:
    """The addresses of people whom the store knows, from a list of people with their companies."""
    kept = folded(entries)
    new: list[NewEntry] = []
    lines: list[str] = []
    others = 0
    for found in kept.opportunities.values():
        data = to_data(found.state(vocabulary))
        company = _bare(data["company"]["name"])
        there = [person for at, person in people if _bare(at) == company]
        after = data
        for person in there:
            id_ = _id_of(after, person)
            if id_ is None:
                others += 1
                continue
            filled = _filled(after["people"][id_], person)
            if filled != after["people"][id_]:
                after = {**after, "people": {**after["people"], id_: filled}}
                gained = ", ".join(key for key in filled if key not in data["people"][id_])
                lines.append(f"{found.name}: {person.name}: {gained} added")
        if after != data:
            new += _written(_Open(found.name, data, after), kept, now)
    if others:
        lines.append(f"{others} more whom you know work at companies in your store; none of them is added")
    return Taken(((now, new),) if new else (), tuple(lines))


def _with(data: Mapping[str, Any], row: Found, now: datetime) -> tuple[dict[str, Any], list[str]]:
    """The state with what a row says, and that in words."""
    people: dict[str, Any] = dict(data.get("people", {}))
    events: list[Any] = list(data.get("events", ()))
    told: list[str] = []
    for person in row.people:
        id_ = _id_of({"people": people}, person)
        if id_ is None:
            people[_new_id(person, people)] = _filled({"name": person.name} if person.name else {}, person)
            told.append(f"{person.name or person.fields['email']}: added")
        else:
            people[id_] = _filled(people[id_], person)
    for event in row.events:
        if any(_same(event, each) for each in events):
            continue
        made: dict[str, Any] = {"at": now.isoformat(), **event}
        if len(made["at"]) == len("2026-11-20"):
            made["at"] += NOON
        if event["type"] == "interview":
            count = sum(event["type"] == "interview" for event in events)
            made["id"] = free_interview_id(events, first=count + 1)
            made["with"] = [_id_of({"people": people}, named(name)) for name in row.met]
        events.append(made)
        when = event.get("at") or f"{made['at'][:10]}, today, since the table has no day for it"
        told.append(f"{event['type']} {when.replace('T', ' ')}")
    for text in row.notes:
        if not any(each["type"] == "note" and each.get("text") == text for each in events):
            events.append({"type": "note", "at": now.isoformat(), "text": text})
    return {**head_of(data), **({"people": people} if people else {}), "events": events}, told


def _same(event: Mapping[str, str], known: Mapping[str, Any]) -> bool:
    if event["type"] != known["type"]:
        return False
    # A day without a time is the event of that day; without a day, once is enough.
    return str(known["at"]).startswith(event.get("at", "")[:16])


def _written(open_: _Open, kept: Kept, now: datetime) -> Iterator[NewEntry]:
    """The entries that lead from what the store knows to this state."""
    found = kept.opportunities.get(open_.name)
    if found is None or open_.before is None or head_of(open_.before) != head_of(open_.data):
        yield NewEntry(kind="opened", opportunity=open_.name, data=open_.data)
        for draft in found.drafts.values() if found else ():
            yield NewEntry(kind="drafted", opportunity=open_.name, data=draft_data(draft))
    else:
        known = list(open_.before.get("events", ()))
        for event in open_.data.get("events", ()):
            if event in known:
                known.remove(event)
            else:
                yield NewEntry(kind="happened", opportunity=open_.name, data=event)
    yield from stops(open_.name, open_.data, kept.marks, now)


def _filled(known: Mapping[str, Any], person: Person) -> dict[str, Any]:
    return {**{key: person.fields[key] for key in ADDRESSES if key in person.fields}, **known}


def _id_of(data: Mapping[str, Any], person: Person) -> str | None:
    for id_, known in data.get("people", {}).items():
        same_mail = person.fields.get("email", "").casefold() == str(known.get("email", "?")).casefold()
        if same_mail or (person.name and _bare(str(known.get("name", ""))) == _bare(person.name)):
            return str(id_)
    return None


def _new_id(person: Person, taken: Mapping[str, Any]) -> str:
    words = (person.name or person.fields["email"].split("@")[0]).split()
    return free_name(words[0] if words else "contact", {*taken, "self"})


def _identity(company: str, position: str) -> tuple[str, str]:
    return _bare(company), _bare(position)


def _bare(name: str) -> str:
    """A name as it compares: without case, accents, signs, and what a company is by law."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    words = re.sub(r"[^\w\s]|_", " ", "".join(c for c in plain if not unicodedata.combining(c))).split()
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)
