"""A person erased from the log: nothing says who it was, and nobody writes to them again.

The person's id, name and addresses are replaced wherever they stand, and free texts that came from them or
went to them are taken out. What stays is that somebody was there, a stop (`no_contact`), and a mark of each
address: a keyed digest, by which the store knows them again when they are added once more.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from followup.errors import UsageError, did_you_mean
from followup.store.entries import Change, Entry, NewEntry
from followup.store.folding import folded
from followup.store.protocol import Store

__all__ = ["erase", "known_again", "same_person"]

ADDRESSES = ("email", "phone", "linkedin")
FREE_TEXTS = (
    "text",
    "words",
    "subject",
    "message_id",
    "references",
    "address",
    "thread",
    "reason",
    "about",
    "terms",
)
WORDS = ("type", "at", "id", "intent", "channel", "outcome", "medium")
"""Fields of an event that hold words of ours, or times."""
OTHERS = ("format", "candidate", "company", "position")
"""What of a state is about somebody else."""
OWN = (*OTHERS, "people", "instructions", "events", "elsewhere")
"""The keys of a state that are the core's; any other is the namespace of a plugin."""
GONE = "[erased]"
NAME = r"\w(?:[\w'’.-]*\w)?"
"""A part of a name, without the quotation marks or commas around it."""


def erase(store: Store, opportunity: str, person: str, at: datetime) -> Change:
    """Erase a person of an opportunity, durably, and where the same person stands in other ones.

    Raises UsageError where there is none of that id.
    """
    log = store.entries()
    kept = folded(log)
    found = kept.opportunity(opportunity)
    people = found.data.get("people", {})
    if person not in people:
        cure = did_you_mean(person, people) if people else "it has no people"
        raise UsageError(f"`{found.name}` has no person `{person}`; {cure}")
    erased = same_person(log, found.name, person)
    held = [each for name, ids in erased.items() for id_ in ids for each in _held(log, name, id_)]
    forgetting: dict[str, list[_Forgetting]] = {}
    speaking: dict[str, _Forgetting] = {}
    for name in dict.fromkeys(entry.opportunity for entry in log if entry.opportunity):
        # An address that somebody else shares, or a namesake's name, is theirs.
        ids = erased.get(name, [])
        others = [each for id_ in _ids(log, name) if id_ not in ids for each in _held(log, name, id_)]
        taken = {str(value).casefold() for each in others for value in each.values()}
        words = [word for word in _words_of(held, whole=not ids) if word.casefold() not in taken]
        if ids:
            every = name == found.name
            forgetting[name] = [_Forgetting(id_, words, every_note=every) for id_ in ids]
        else:
            # Nobody there is this person, but a text may speak of them; a first name alone is not enough.
            speaking[name] = _Forgetting("", [word for word in words if not word.isalpha()])

    def amended(entry: Entry) -> NewEntry:
        if entry.opportunity in speaking:
            return speaking[entry.opportunity].unnamed(entry)
        made: NewEntry = entry
        for forget in forgetting.get(entry.opportunity, ()):
            made = forget.amended(made)
        return made

    stops = [
        NewEntry(
            kind="happened",
            opportunity=name,
            data={"type": "no_contact", "at": at.isoformat(), "who": forget.alias},
        )
        for name, forgets in forgetting.items()
        for forget in forgets
        if name in kept.opportunities and forget.person in kept.opportunities[name].data.get("people", {})
    ]

    def entries(_: Sequence[Entry]) -> list[NewEntry]:
        return [NewEntry(kind="erased", opportunity=found.name, data={"marks": _marks(held)}), *stops]

    made = store.rewrite(amended, entries, at)
    assert made is not None
    return made


def same_person(log: Sequence[Entry], opportunity: str, person: str) -> dict[str, list[str]]:
    """A person's ids by opportunity, that one first; also in those that are retired or were undone.

    It is the same person elsewhere by an address, or by the name at a company of the same name. Colleagues
    who share an address, and no part of a name, are two people.
    """
    theirs, names = set(_signs(log, opportunity, person)), _names(log, opportunity, person)
    found = {opportunity: [person]}
    for name in dict.fromkeys(entry.opportunity for entry in log):
        for id_ in _ids(log, name):
            met = not theirs.isdisjoint(_signs(log, name, id_))
            if met and (name, id_) != (opportunity, person) and _are_of_one(names, _names(log, name, id_)):
                found.setdefault(name, []).append(id_)
    return found


def known_again(person: Mapping[str, Any], marks: frozenset[str]) -> bool:
    """Whether a person has an address of somebody who was erased."""
    for mark in marks:
        key, _, _ = mark.partition(":")
        if any(_mark(key, value) == mark for value in _addresses(person)):
            return True
    return False


def _ids(log: Sequence[Entry], opportunity: str) -> list[str]:
    """The ids of everybody who ever stood in an opportunity."""
    found: dict[str, None] = {}
    for entry in log:
        if entry.opportunity == opportunity and entry.kind == "opened":
            found.update(dict.fromkeys(entry.data.get("people", {})))
        elif entry.opportunity == opportunity and entry.kind == "changed":
            paths = (path.split(".") for path in entry.data["facts"])
            found.update({path[1]: None for path in paths if path[0] == "people" and len(path) > 1})
    return list(found)


def _names(log: Sequence[Entry], opportunity: str, person: str) -> set[str]:
    """The parts of every name that they ever had there."""
    held = _held(log, opportunity, person)
    return {part.casefold() for each in held for part in re.findall(r"\w+", str(each.get("name") or ""))}


def _are_of_one(first: set[str], second: set[str]) -> bool:
    """Whether names may be one person's: they have a part in common, or one has none."""
    if not first or not second:
        return True
    return any(one.startswith(other) or other.startswith(one) for one in first for other in second)


def _signs(log: Sequence[Entry], opportunity: str, person: str) -> Iterator[str]:
    """By what a person is the same one elsewhere: every address, and a name together with a company's."""
    opened = (each for each in log if each.opportunity == opportunity and each.kind == "opened")
    companies = {str(each.data["company"].get("name", "")).casefold() for each in opened}
    for held in _held(log, opportunity, person):
        yield from _addresses(held)
        name = "".join(str(held.get("name") or "").casefold().split())
        yield from (f"name:{name}:{company}" for company in companies if name)


def _held(entries: Sequence[Entry], opportunity: str, person: str) -> Iterator[Mapping[str, Any]]:
    """All that the log ever said of a person, as parts of a state's `people`."""
    theirs = f"people.{person}."
    for entry in entries:
        if entry.opportunity == opportunity and entry.kind == "opened":
            yield entry.data.get("people", {}).get(person, {})
        elif entry.opportunity == opportunity and entry.kind == "changed":
            facts = entry.data["facts"].items()
            yield {path.removeprefix(theirs): value for path, value in facts if path.startswith(theirs)}


def _marks(held: Iterable[Mapping[str, Any]]) -> list[str]:
    values = dict.fromkeys(value for person in held for value in _addresses(person))
    return [_mark(secrets.token_hex(16), value) for value in values]


def _addresses(person: Mapping[str, Any]) -> list[str]:
    """The addresses as they compare: without case and spaces; of phone numbers only the digits.

    A number is also known by its end, without the country, a page also without what goes before its host.
    """
    found = []
    for name in ADDRESSES:
        value = "".join(str(person.get(name) or "").casefold().split())
        value = re.sub(r"\D", "", value) if name == "phone" else value.rstrip("/")
        if not value:
            continue
        found.append(f"{name}:{value}")
        if name == "phone" and len(value) > 9:
            found.append(f"{name}-end:{value[-9:]}")
        elif name == "linkedin":
            page = re.sub(r"https?://|(?<![^/])\w{2,3}\.(?=linkedin)|[?#].*", "", value)
            found.append(f"{name}-page:{page.rstrip('/')}")
    return found


def _mark(key: str, value: str) -> str:
    digest = hashlib.scrypt(value.encode(), salt=bytes.fromhex(key), n=2**12, r=8, p=1, dklen=32)
    return f"{key}:{digest.hex()}"


def _words_of(held: Iterable[Mapping[str, Any]], *, whole: bool = False) -> list[str]:
    """Every name and address of a person, the longest first; `whole`: no parts of names."""
    found: set[str] = set()
    for each in held:
        found.update(str(each[key]) for key in ("name", "address", *ADDRESSES) if each.get(key))
        if not whole:
            found.update(word for word in re.findall(NAME, str(each.get("name") or "")) if len(word) > 2)
            found.update({str(each["family_name"])} if each.get("family_name") else ())
    return sorted(found, key=lambda word: (-len(word), word))


class _Forgetting:
    """Takes one person out of entries."""

    def __init__(self, person: str, words: Sequence[str], *, every_note: bool = False) -> None:
        self.person, self.alias = person, f"erased-{secrets.token_hex(4)}"
        self.every_note = every_note
        id_ = re.escape(person)
        # A key ends with who it is for, and may hold the id that an event got from its person and time.
        self.keys = re.compile(rf"(?<=:)(?:{id_}(?=:|$)|(?P<type>\w+-){id_}(?=-\d{{8}}T))")
        alternatives = "|".join(map(re.escape, words))
        self.words = re.compile(rf"(?<!\w)(?:{alternatives})s?(?!\w)", re.IGNORECASE) if words else None

    def unnamed(self, entry: NewEntry) -> NewEntry:
        """The entry of an opportunity in which they have no part, without their name and addresses."""
        data = {key: value if key in OTHERS else self._value(value) for key, value in entry.data.items()}
        return NewEntry(kind=entry.kind, opportunity=entry.opportunity, data=data)

    def amended(self, entry: NewEntry) -> NewEntry:
        data = entry.data
        if entry.kind == "happened":
            data = self._event(data)
        elif entry.kind == "opened":
            data = self._state(data)
        elif entry.kind == "changed":
            data = {"facts": self._facts(data["facts"])}
        elif entry.kind == "drafted":
            data = self._draft(data)
        elif entry.kind in ("retired", "reopened"):
            data = self._value(data)
        elif entry.kind == "reminded":
            data = self._value(data, ids=True)
        elif entry.kind == "delivery":
            data = self._delivery(data)
        return NewEntry(kind=entry.kind, opportunity=entry.opportunity, data=data)

    def _state(self, state: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(state)
        made["people"] = {
            self.alias if id_ == self.person else id_: {} if id_ == self.person else self._value(held)
            for id_, held in state.get("people", {}).items()
        }
        for key in ("events", "elsewhere"):
            if key in state:
                made[key] = [self._event(event) for event in state[key]]
        for key in made.keys() - {*OTHERS, "people", "events", "elsewhere"}:
            value = made[key] if key in OWN else self._without(made[key])
            made[key] = self._value(value, ids=True)
        return made

    def _without(self, value: Any) -> Any:
        """What a plugin keeps, without what stands under the person's id, such as an address."""
        if not isinstance(value, Mapping):
            return value
        return {key: self._without(item) for key, item in value.items() if key != self.person}

    def _delivery(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """A step of a message without the words that went to them; by whose word and when stays."""
        made = self._value(step, ids=True)
        if step.get("event", {}).get("to") == self.person:
            made["event"] = self._event(step["event"])
            kept = ("channel", "key")
            made["outgoing"] = {"content": "", **{name: made["outgoing"][name] for name in kept}}
        return dict(made)

    def _event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        required = event["type"] in ("note", "news")
        theirs = self.person in (event.get("from"), event.get("to"), event.get("who"))
        made: dict[str, Any] = {}
        for key, value in event.items():
            if key in WORDS:
                made[key] = value
            elif key in FREE_TEXTS and required and (self.every_note or self._value(value) != value):
                # These cannot be without their words, which may tell more than a name.
                made[key] = GONE
            elif key == "topics":
                made[key] = {id_: self._value(said) for id_, said in value.items() if id_ != self.person}
            elif not (theirs and key in FREE_TEXTS):
                made[key] = self._value(value, ids=True)
        return made

    def _facts(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        return {
            path: self._value(value, ids=True) for path, value in facts.items() if not self._is_theirs(path)
        }

    def _is_theirs(self, path: str) -> bool:
        """Whether a fact is about the person: one of theirs, or what a plugin keeps under their id."""
        first, *rest = path.split(".")
        return rest[:1] == [self.person] if first == "people" else first not in OWN and self.person in rest

    def _draft(self, draft: Mapping[str, Any]) -> dict[str, Any]:
        key = self._value(draft["key"], ids=True)
        if draft.get("to") == self.person or key != draft["key"]:
            return {"key": key}
        made = {name: self._value(value) for name, value in draft.items()}
        return {**made, "parts": self._value(draft.get("parts", []), ids=True)}

    def _value(self, value: Any, *, ids: bool = False) -> Any:
        """The value without the person's name and addresses; `ids`: it may also be or hold the id."""
        if isinstance(value, Mapping):
            return {
                self.alias if ids and key == self.person else key: self._value(item, ids=ids)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._value(item, ids=ids) for item in value]
        if not isinstance(value, str):
            return value
        if ids and value == self.person:
            return self.alias
        replaced = self.keys.sub(lambda found: f"{found['type'] or ''}{self.alias}", value) if ids else value
        return self.words.sub(GONE, replaced) if self.words else replaced
