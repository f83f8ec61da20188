"""Reading and writing interview states: YAML, JSON and plain dictionaries, without loss.

A time without an offset is taken in the candidate's time zone (else the company's), and a note says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import msgspec

from followup.calendars import check_country, check_zone
from followup.checking import (
    as_declared,
    as_written,
    check_format,
    checked,
    first_problems,
    plain_data,
    rejoined,
)
from followup.complaints import schema_problems
from followup.documents import MAX_PROBLEMS, Document, read_document, read_path
from followup.errors import InputError, Problem, StateError, did_you_mean, or_from_a_plugin
from followup.events import EVENT_TYPES, Custom, Event, Interview, Promise, people_of
from followup.records import DayOrTime, Record
from followup.shapes import declared_event_schema
from followup.state import Instructions, InterviewState
from followup.times import YEARS, parse_day_or_time, parse_time

if TYPE_CHECKING:
    from followup.fields import Fact
    from followup.rules import EventType
    from followup.vocabulary import Vocabulary

__all__ = ["Reading", "read_data", "read_file", "read_parsed", "read_text", "to_data", "to_yaml"]

Path = tuple[str | int, ...]
MOST_EVENTS = 2_000
"""The most events of one opportunity."""
MANY = 200
"""Among so many names the one that was meant is not looked for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A state that was read, and what was assumed in reading it."""

    state: InterviewState
    _noted: Callable[[], tuple[Problem, ...]] = field(repr=False, compare=False)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """What was assumed, and where. The places are looked for at each call."""
        return self._noted()


def read_file(path: str | FilePath, vocabulary: Vocabulary | None = None) -> Reading:
    """Read a YAML or JSON file. Raises StateError with every problem and its place."""
    return _read(lambda: read_path(path), vocabulary)


def read_text(text: str | bytes, *, name: str = "input", vocabulary: Vocabulary | None = None) -> Reading:
    """Read YAML or JSON text; `name` stands for the file in problems. Raises StateError."""
    return _read(lambda: read_document(text, name), vocabulary)


def read_data(data: Mapping[str, Any], vocabulary: Vocabulary | None = None) -> Reading:
    """Read plain dictionaries; places are paths such as `events[2].at`. Raises StateError."""
    return _read(lambda: Document.of(plain_data(data)), vocabulary)


def read_parsed(document: Document, vocabulary: Vocabulary | None = None) -> Reading:
    """Read what a file says, once it is parsed. Raises StateError with every problem and its place."""
    return _read(lambda: document, vocabulary)


def _read(document: Callable[[], Document], vocabulary: Vocabulary | None) -> Reading:
    try:
        return _Reader(document(), vocabulary).read()
    except InputError as error:
        raise StateError(error.problems) from None


_TimeFields = tuple[tuple[str, bool], ...]
"""Names of fields in files that hold times; True where a day will do."""


@cache
def _time_fields(kind: type[Record]) -> _TimeFields:
    hints = get_type_hints(kind)
    names = {item.name: item.encode_name for item in msgspec.structs.fields(kind)}
    return tuple(
        (names[name], "DayOrTime" in str(hint))
        for name, hint in hints.items()
        if name in names and ("datetime" in str(hint) or "DayOrTime" in str(hint))
    )


def _already_read(kind: type, value: Any) -> Any:
    if kind is DayOrTime and isinstance(value, DayOrTime):
        return value
    raise ValueError("not a day or time")


_Part = TypeVar("_Part", bound=Record)


class _Reader:
    """Reads one document; gathers problems and notes."""

    def __init__(self, document: Document, vocabulary: Vocabulary | None) -> None:
        self.document = document
        self.declared: Mapping[str, EventType] = vocabulary.events if vocabulary else {}
        self.namespaces = vocabulary.namespaces if vocabulary else frozenset()
        self.facts: Mapping[str, Fact] = vocabulary.facts if vocabulary else {}
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.assumed: list[Path] = []
        self.zone: str | None = None
        self.paths: list[Path] = []

    def error(self, code: str, path: Path, text: str, cure: str = "", *, key: bool = False) -> None:
        self.problems.append(Problem(code, text, self.document.place(path, key=key), cure))

    def read(self) -> Reading:
        value = self.document.value
        if not isinstance(value, dict):
            self.error("wrong-type", (), "a state is a mapping", "begin with `format: 1` and `candidate:`")
            raise StateError(self.problems)
        check_format(self.document, self.problems)
        if self.document.may_be_parted:
            value = rejoined(self.document, value, self.notes)
        self._check_zones(value)
        top = {
            k: v for k, v in value.items() if k not in ("events", "elsewhere") and k not in self.namespaces
        }
        if "extensions" in top:
            self.error("unknown-key", ("extensions",), "unknown key `extensions`", key=True)
            del top["extensions"]
        instructions = top.get("instructions")
        if isinstance(instructions, dict):
            top["instructions"] = {**instructions}
            self._read_times(top["instructions"], _time_fields(Instructions), ("instructions",))
        state = self._checked((), top, InterviewState)
        events = self._events(value, "events")
        self._check_references(value, events)
        elsewhere = self._events(value, "elsewhere")
        extensions = {
            name: self._extension((name,), value[name])
            for name in sorted(self.namespaces)
            if value.get(name) is not None
        }
        if state is not None:
            state = msgspec.structs.replace(state, events=events, elsewhere=elsewhere, extensions=extensions)
        if self.problems or state is None:
            raise StateError(first_problems(map(self._for_want_of_a_plugin, self.problems)))
        return Reading(state, self._noted)

    def _noted(self) -> tuple[Problem, ...]:
        told = f"no offset: taken in the time zone {self.zone}"
        return (
            *self.notes,
            *(
                Problem("time-assumed", told, self.document.place(path), severity="note")
                for path in self.assumed
            ),
        )

    def _checked(self, path: Path, value: Mapping[str, Any], kind: type[_Part]) -> _Part | None:
        """The value as that kind of record; what has to be mended or told first takes longer."""
        try:
            return msgspec.convert(value, kind, strict=False, dec_hook=_already_read)
        except (msgspec.ValidationError, ValueError):
            return checked(self.document, path, value, kind, self.problems, dec_hook=_already_read)

    def _for_want_of_a_plugin(self, problem: Problem) -> Problem:
        """The problem; where its name may be one of a plugin that is not there, the cure says so."""
        at_the_top = problem.code == "unknown-key" and problem.place.path.isidentifier()
        if not (at_the_top or problem.code == "unknown-event"):
            return problem
        return replace(problem, cure=or_from_a_plugin(problem.cure.replace("extensions, ", "")))

    def _extension(self, path: tuple[str, ...], value: Any) -> Any:
        """What stands under a plugin's key, with the values of its facts read by their types."""
        if isinstance(value, dict):
            return {key: self._extension((*path, key), item) for key, item in value.items()}
        fact = self.facts.get(".".join(path))
        if fact is None or fact.type.kind not in ("boolean", "number") or not isinstance(value, str):
            return value
        schema = {"type": fact.type.kind, "description": fact.about}
        self.problems += schema_problems(self.document, path, value, schema)
        return as_declared(value, schema)

    def _enough(self) -> bool:
        """Whether there are more problems already than are told."""
        return len(self.problems) > MAX_PROBLEMS

    def _check_zones(self, value: Mapping[str, Any]) -> None:
        owners: list[tuple[Path, Any]] = [((name,), value.get(name)) for name in ("candidate", "company")]
        people = value.get("people")
        if isinstance(people, dict):
            owners += [(("people", id_), person) for id_, person in people.items()]
        for path, owner in owners:
            zone = owner.get("timezone") if isinstance(owner, dict) else None
            if not isinstance(zone, str):
                continue
            if problem := check_zone(zone):
                text, _, cure = problem.partition("; ")
                self.error("timezone", (*path, "timezone"), text, cure)
                if self._enough():
                    break
            elif len(path) == 1:
                self.zone = self.zone or zone
        company = value.get("company")
        if isinstance(company, dict) and isinstance(company.get("country"), str):
            region = company.get("region")
            problem = check_country(company["country"], region if isinstance(region, str) else None)
            if problem:
                text, _, cure = problem.partition("; ")
                field = "region" if check_country(company["country"]) is None else "country"
                self.error(field, ("company", field), text, cure)

    def _read_times(self, body: dict[str, Any], fields: _TimeFields, path: Path) -> None:
        """Put times where texts stand; unreadable ones are noted, and any time stands there."""
        for name, day_will_do in fields:
            raw = body.get(name)
            if raw is None or isinstance(raw, (dict, list)):
                continue
            parse = parse_day_or_time if day_will_do else parse_time
            try:
                body[name], assumed = parse(raw, self.zone)
            except ValueError as error:
                text, _, cure = str(error).partition("; ")
                self.error("time", (*path, name), text, cure)
                body[name] = DayOrTime(date(YEARS[-1], 12, 31)) if day_will_do else "2000-01-01T00:00:00Z"
                continue
            if assumed:
                self.assumed.append((*path, name))

    def _events(self, value: Mapping[str, Any], key: str) -> tuple[Event, ...]:
        raw = value.get(key)
        if raw is None:
            return ()
        if not isinstance(raw, list):
            told = f"`{key}` must be a list"
            self.error("wrong-type", (key,), told, "write each event as `- type: …` below it")
            return ()
        if len(raw) > MOST_EVENTS:
            cure = "leave out those that are long settled"
            self.error("too-many", (key,), f"`{key}` has {len(raw)} events; at most {MOST_EVENTS} fit", cure)
            return ()
        found = []
        for index, item in enumerate(raw):
            if self.problems and self._enough():
                break
            event = self._event(item, (key, index))
            if event is not None:
                found.append(event)
                if key == "events":
                    self.paths.append((key, index))
        return tuple(found)

    def _event(self, raw: Any, path: Path) -> Event | None:
        if not isinstance(raw, dict):
            if isinstance(raw, Event):
                return raw
            self.error(
                "wrong-type", path, "an event is a mapping", "write it as `{type: reply, at: …, from: …}`"
            )
            return None
        name = raw.get("type")
        if not isinstance(name, str) or not (name in EVENT_TYPES or name in self.declared):
            names = sorted((*EVENT_TYPES, *self.declared))
            if name is None:
                self.error("missing-key", path, "`type` is missing", "add one of: " + ", ".join(names))
            else:
                text = f"no event type is named `{str(name)[:60]}`"
                self.error("unknown-event", (*path, "type"), text, did_you_mean(str(name)[:60], names))
            return None
        body = {k: v for k, v in raw.items() if k != "type" and v is not None}
        if name in self.declared:
            return self._custom(self.declared[name], body, path)
        kind = EVENT_TYPES[name]
        self._read_times(body, _time_fields(kind), path)
        return self._checked(path, body, kind)

    def _custom(self, declared: EventType, body: dict[str, Any], path: Path) -> Event | None:
        schema = declared_event_schema(declared)
        fields = {key: as_declared(item, declared.fields.get(key, {})) for key, item in body.items()}
        whole = as_written({"type": declared.name, **fields})
        found = list(schema_problems(self.document, path, whole, schema))
        self.problems += found
        self._read_times(body, _time_fields(Event), path)
        if found or not isinstance(body.get("at"), datetime):
            return None
        own = {key: value for key, value in whole.items() if key in declared.fields}
        return Custom(
            at=body["at"], id=body.get("id"), name=declared.name, fields=own, people=declared.people,
            stage=declared.stage,
        )  # fmt: skip

    def _check_references(self, value: Mapping[str, Any], events: tuple[Event, ...]) -> None:
        people = value.get("people")
        people = people if isinstance(people, dict) else {}
        for id_ in people:
            if not _ID.match(id_) and not self._enough():
                text = f"`{id_[:60]}` cannot be a person's id"
                self.error(
                    "pattern", ("people", id_), text, "use letters, digits, `_`, `.` and `-`", key=True
                )
        instructions = value.get("instructions")
        contact = instructions.get("contact") if isinstance(instructions, dict) else None
        if isinstance(contact, str) and contact not in people:
            self._nobody(people, contact, ("instructions", "contact"))
        interviews = {event.id for event in events if isinstance(event, Interview) and event.id}
        seen: dict[str, Path] = {}
        for path, event in zip(self.paths, events, strict=True):
            if self.problems and self._enough():
                break
            for inner, person in people_of(event):
                if person not in people:
                    self._nobody(people, person, (*path, *inner))
            if event.id is not None and seen.setdefault(event.id, path) != path:
                other = self.document.place((*seen[event.id], "id"))
                text = f"two events have the id `{event.id}`; the other is at {other}"
                self.error("duplicate-id", (*path, "id"), text, "give each its own")
            if isinstance(event, Promise) and _day_of(event.by) < event.at.date():
                text = f"the promised day, {event.by}, is before the day on which it was promised"
                self.error("promise-before", (*path, "by"), text, "see whether day, month and year are right")
            named = getattr(event, "interview", None)
            if named is not None and named not in interviews:
                text = f"no interview has the id `{named}`"
                cure = (
                    did_you_mean(named, interviews)
                    if 0 < len(interviews) < MANY
                    else "give the interview an `id:`"
                )
                self.error("unknown-id", (*path, "interview"), text, cure)

    def _nobody(self, people: Mapping[str, Any], person: str, path: Path) -> None:
        near = did_you_mean(person[:60], people) if len(people) < MANY else ""
        cure = near or "add them under `people:`"
        self.error("unknown-person", path, f"no person has the id `{person[:60]}`", cure)


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z")


def _day_of(value: DayOrTime) -> date:
    return value.value.date() if isinstance(value.value, datetime) else value.value


def to_data(state: InterviewState) -> dict[str, Any]:
    """Plain dictionaries that read back as an equal state."""
    bare = msgspec.structs.replace(state, events=(), elsewhere=(), extensions={})
    data: dict[str, Any] = {"format": state.format, **_plain(bare)}
    for name, events in (("events", state.events), ("elsewhere", state.elsewhere)):
        if events:
            data[name] = [_event_data(event) for event in events]
    return {**data, **state.extensions}


def _event_data(event: Event) -> dict[str, Any]:
    if isinstance(event, Custom):
        head = {"type": event.name, "at": event.at.isoformat(), **({"id": event.id} if event.id else {})}
        return {**head, **event.fields}
    return {"type": event.type, **_plain(event)}


def _plain(record: Record) -> dict[str, Any]:
    made = msgspec.to_builtins(record, enc_hook=str, builtin_types=(datetime,))
    return dict(_texts(made))


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_texts(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


def to_yaml(state: InterviewState) -> str:
    """The state as YAML that reads back as an equal state."""
    import yaml

    return yaml.safe_dump(to_data(state), sort_keys=False, allow_unicode=True, width=110)
