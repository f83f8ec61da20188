"""Foreseeing: events that a rule waits for, as they could happen now or would have had to happen in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from followup.durations import subtract
from followup.errors import StateError
from followup.events import Event
from followup.moments import DAY, HOUR, Instant, moment
from followup.proposing import people_for
from followup.rules import Pattern
from followup.sampling import asked_fields, declared_sample
from followup.states import read_data
from followup.supposing import Option, Subject, Supposition
from followup.telling import event_words
from followup.wording import day as day_words

__all__ = ["foreseen"]


def foreseen(subject: Subject, pattern: Pattern, *, past: bool = True) -> Iterator[Option]:
    """An event that matches a pattern: that it happens now or, with `past`, that it had happened in time."""
    yield from _Foresight(subject).options(pattern, past=past)


class _Foresight:
    """Makes events for one subject."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.rule = subject.rule
        self.scope = subject.scope
        self.state = subject.scope.history.state
        self.now = subject.now
        self.calendar = subject.scope.history.calendar

    def options(self, pattern: Pattern, *, past: bool) -> Iterator[Option]:
        for plain in self._now(pattern):
            event = self._read(plain)
            if event is not None:
                words = event_words(event, self.state, "happened")
                if event.type == "interview" and self.scope.history.held_interviews:
                    words = words.replace("an interview", "another interview", 1)
                yield Option(Supposition(kind="event", words=words, event=plain), f"event {pattern.type}")
        # What would have had to happen is of use only where nothing did.
        for plain in self._before(pattern) if past and self.subject.candidate is None else ():
            event = self._read(plain)
            if event is not None:
                words = event_words(event, self.state, "had happened")
                if event.type != "promise":
                    words += f" by {day_words(self.calendar.local(self._in_time()).date())}"
                yield Option(Supposition(kind="past", words=words, event=plain), f"event {pattern.type}")

    def _in_time(self) -> Instant:
        """When an anchor would have had to happen for the window to be open now."""
        wait = self.rule.wait
        if wait is None or not wait.amount:
            return self.now
        at = subtract(self.now, wait, self.scope.calendar)
        return at if wait.is_exact else at - DAY

    def _now(self, pattern: Pattern) -> Iterator[dict[str, Any]]:
        """Plain events that match a pattern and happen now; an interview is over by now, or begins."""
        plain = self._plain(pattern, self.now)
        match pattern.type:
            case "interview":
                yield {"minutes": 60, **plain, "at": self._iso(self.now - 2 * HOUR)}
                yield {"minutes": 60, **plain}
            case "promise":
                yield {"by": self._iso(self.now + 7 * DAY)[:10], **plain}
            case "absence":
                yield {"until": self._iso(self.now + 7 * DAY)[:10], **plain}
            case _:
                yield plain

    def _before(self, pattern: Pattern) -> Iterator[dict[str, Any]]:
        """Plain events that match a pattern and would be early enough."""
        at = self._in_time()
        if pattern.type == "promise":
            for days in (1, 2, 4, 7):
                by = self.now - days * DAY
                yield {**self._plain(pattern, by - 7 * DAY), "by": self._iso(by)[:10]}
        elif pattern.type == "interview":
            yield {"minutes": 60, **self._plain(pattern, at - HOUR)}
        elif pattern.type != "absence" and at < self.now:
            yield self._plain(pattern, at)

    def _plain(self, pattern: Pattern, at: Instant) -> dict[str, Any]:
        """An event of the pattern's type with the fields that it cannot do without, and those asked for."""
        asked = {name: value for name, value in asked_fields(pattern.condition) if name not in ("at", "type")}
        required = self._required(pattern.type, self._person(), pattern)
        return {"type": pattern.type, "at": self._iso(at), **required, **asked}

    def _required(self, kind: str, who: str | None, pattern: Pattern) -> dict[str, Any]:
        """The fields without which an event of this type is none."""
        person = {} if who is None else {"from": who}
        made: dict[str, Any] = {}
        match kind:
            case "interview":
                met = self.scope.interview.with_ if self.scope.interview and self.rule.one_recipient else ()
                made = {"with": list(met or (() if who is None else (who,)))}
            case "sent" | "called":
                intents = sorted(pattern.intents)
                made = {"to": who, **({"intent": intents[0]} if intents else {})}
                made |= {"channel": "email"} if kind == "sent" else {"outcome": "voicemail"}
            case "reply" | "offer" | "rejection":
                made = person
            case "promise" | "absence" | "no_contact":
                made = {} if who is None else {"who": who}
            case "bounce":
                made = {"to": who}
            case "news":
                made = {"about": "something that they achieved"}
            case "rescheduled" | "cancelled":
                interview = self.scope.history.last("interview")
                made = {"interview": interview.id if interview else ""}
            case _ if kind in self.subject.vocabulary.events:
                declared = self.subject.vocabulary.events[kind]
                made = {name: declared_sample(declared.fields.get(name, {})) for name in declared.required}
                made |= {name: who for name in declared.people if name in made and who is not None}
        return {key: value for key, value in made.items() if value is not None}

    def _person(self) -> str | None:
        """Who would be in an event: whom the follow-up goes to, else the company's contact."""
        if self.scope.person_id is not None and self.scope.person_id in self.state.people:
            return self.scope.person_id
        line = (*people_for("contact", self.scope), *self.state.people)
        return line[0] if line else None

    def _read(self, plain: dict[str, Any]) -> Event | None:
        """The event as the state's reader makes it; None where it would be refused."""
        data = self.state.to_dict()
        known = len(data.get("events", ()))
        data["events"] = [*data.get("events", ()), plain]
        try:
            return read_data(data, self.subject.vocabulary).state.events[known]
        except StateError:
            return None

    def _iso(self, at: Instant) -> str:
        return moment(at, self.calendar.tzinfo).isoformat()
