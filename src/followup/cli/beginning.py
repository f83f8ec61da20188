"""A new opportunity from a few words: company, position, people, an interview; by options or by questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from followup.cli.introducing import EXAMPLE, read_person
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.calendars import Calendar
    from followup.cli.spoken_times import SpokenTime

__all__ = ["Beginning", "asked", "state_of"]


ARRANGING = frozenset({"hr", "recruiter", "scheduler"})
"""The roles of those who seldom take part themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What was said of a new opportunity; empty where nothing was."""

    company: str = ""
    position: str = ""
    country: str = ""
    region: str = ""
    timezone: str = ""
    people: tuple[str, ...] = ()
    interview: str = ""
    with_: tuple[str, ...] = ()
    invitation: str = ""


def asked(known: Beginning, candidate: Mapping[str, Any], now: datetime) -> Beginning:
    """With what is still open asked on a terminal."""
    from followup.cli.asking import ask
    from followup.cli.places import countries_of, zone_for

    def say(question: str, default: str = "", check: Any = str) -> str:
        return ask(question, default, check, err=True)

    own = str(candidate.get("timezone") or "")
    company = known.company or say("The company", check=_needed)
    position = known.position or say("The position", check=_needed)
    near = next(iter(countries_of(own)), "")
    country = known.country or say("Its country, in two letters (may be empty)", near, _country)
    zone = known.timezone or say("Its time zone", zone_for(country, own) or own, _zone)
    people = known.people or (() if known.invitation else _people(say))
    found = replace(known, company=company, position=position, country=country, timezone=zone, people=people)
    if known.interview or known.invitation:
        return found
    calendar = calendar_for(candidate, found)
    readings: list[SpokenTime] = []

    def when(text: str) -> str:
        if text:
            readings[:] = [_time(text, now, calendar)]
        return text

    while say("The interview, like `next Tuesday 10:00` (may be empty)", check=_as_value_error(when)):
        [time] = readings
        if time.exact or click.confirm(f"  {time.full}. Is that so?", default=True, err=True):
            return replace(found, interview=time.text, with_=known.with_ or _who(people, say))
    return found


def state_of(
    known: Beginning, candidate: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The state as plain data, and how a time in words was read. Raises UsageError."""
    for option in ("company", "position"):
        if not getattr(known, option).strip():
            raise UsageError(f"the {option} is missing; add `--{option}`")
    company = {
        name: value
        for name, value in (
            ("name", known.company.strip()),
            ("country", known.country.upper()),
            ("region", known.region),
            ("timezone", known.timezone),
        )
        if value
    }
    people = _introduced(known.people)
    state: dict[str, Any] = {
        "format": 1,
        "candidate": dict(candidate),
        "company": company,
        "position": {"title": known.position.strip()},
        "people": people,
        "events": [],
    }
    if not known.interview:
        if known.with_:
            raise UsageError("--with says who takes part in an interview; add `--interview`")
        return state, ()
    time = _time(known.interview, now, calendar_for(candidate, known))
    took_part = [_one_of(name, people) for name in known.with_] or _interviewers(people)
    event = {"type": "interview", "id": "r1", "at": time.text, "with": took_part}
    readings = () if time.exact else (f"interview {known.interview}: {time.full}",)
    return {**state, "events": [event]}, readings


def calendar_for(candidate: Mapping[str, Any], known: Beginning) -> Calendar:
    """The candidate's calendar, on which times without an offset are read."""
    from followup.calendars import Calendar

    return Calendar(str(candidate.get("timezone") or known.timezone or "UTC"))


def _time(text: str, now: datetime, calendar: Calendar) -> SpokenTime:
    from followup.cli.spoken_times import read_spoken

    time = read_spoken(text, now, calendar, "future")
    if time.day_only:
        raise UsageError(f"`{text}` has no hour: {time.full}; add one, such as `10:00`")
    return time


def _introduced(texts: Sequence[str]) -> dict[str, dict[str, Any]]:
    people: dict[str, dict[str, Any]] = {}
    for text in texts:
        try:
            id_, person = read_person(text, people)
        except ValueError as problem:
            raise UsageError(f"--person: {problem}") from None
        if id_ in people:
            cure = "begin one with another, `id=Name, …`"
            raise UsageError(f"--person: two people have the id `{id_}`; {cure}")
        people[id_] = person
    return people


def _who(texts: Sequence[str], say: Any) -> tuple[str, ...]:
    people = _introduced(texts)
    if len(people) < 2:
        return ()

    def check(text: str) -> str:
        return ", ".join(_one_of(name, people) for name in text.split(",") if name.strip())

    answer = say("Who takes part", ", ".join(_interviewers(people)), _as_value_error(check))
    return tuple(answer.split(", "))


def _interviewers(people: Mapping[str, Any]) -> list[str]:
    """Everybody but those who arrange interviews; where that is nobody, everybody."""
    return [id_ for id_, each in people.items() if each.get("role") not in ARRANGING] or list(people)


def _one_of(name: str, people: Mapping[str, Any]) -> str:
    from followup.cli.happening_words import person_meant

    return person_meant(name.strip(), people)


def _people(say: Any) -> tuple[str, ...]:
    """One line a person, until an empty one."""
    found: list[str] = []

    def check(text: str) -> str:
        if text:
            read_person(text)
        return text

    click.echo(f"  People there, one a line, like\n  {EXAMPLE}\n  An empty line ends it.", err=True)
    while text := say(f"Person {len(found) + 1}", check=check):
        found.append(text)
    return tuple(found)


def _needed(text: str) -> str:
    if not text:
        raise ValueError("this one is needed; Ctrl-C leaves everything as it is")
    return text


def _country(text: str) -> str:
    from followup.calendars import check_country

    wrong = check_country(text.upper()) if text else None
    if wrong:
        raise ValueError(wrong)
    return text.upper()


def _zone(text: str) -> str:
    from followup.calendars import check_zone

    wrong = check_zone(text) if text else None
    if wrong:
        raise ValueError(wrong)
    return text


def _as_value_error(read: Any) -> Any:
    def check(text: str) -> str:
        try:
            return str(read(text))
        except UsageError as problem:
            raise ValueError(str(problem)) from None

    return check
