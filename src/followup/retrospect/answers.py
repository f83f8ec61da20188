"""Answers: what became of each message of yours, and of each date that they named.

An answer is a reply, a promise, an offer, a rejection or an invitation to an interview. It answers the last
message before it to whom it comes from; one that names nobody, the last message to anybody. A message is
overtaken where you wrote or met again, or it was decided otherwise, before an answer came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from followup.contacts import SPOKEN
from followup.events import Called, Interview, Sent
from followup.history import Happened, History, Recipient, event_people
from followup.moments import Instant, instant

__all__ = ["ANSWERS", "Fate", "Message", "Pledge", "messages_of", "pledges_of"]

ANSWERS = ("reply", "promise", "offer", "rejection")
"""The event types by which they answer; beside them an interview that was arranged."""

Fate = Literal["answered", "waiting", "overtaken", "spoken", "returned"]
"""`spoken`: a call in which they spoke at once. `returned`: a mail that came back."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message or call, what became of it, and when; `settled` is None while it waits."""

    id: str
    at: Instant
    to: str
    intent: str | None
    channel: str
    fate: Fate
    settled: Instant | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Pledge:
    """A date that they named: they spoke by then, later, not at all, or may still; or it was settled before.

    `end` is the end of the day that they named.
    """

    id: str
    at: Instant
    end: Instant
    fate: Literal["kept", "late", "broken", "open", "overtaken"]
    heard: Instant | None = None


def messages_of(history: History) -> tuple[Message, ...]:
    """The messages and calls of this opportunity up to now, in order of time."""
    made: dict[str, Message] = {}
    waiting: dict[Recipient, str] = {}

    def settle(id_: str, fate: Fate, at: Instant, by: str | None = None) -> None:
        made[id_] = replace(made[id_], fate=fate, settled=at, by=by)

    for at, kind, happened in _course(history):
        people = [history.recipient(person) for person in event_people(happened.event)]
        if kind == "message":
            message = made[happened.id] = _message(happened, history)
            if message.fate == "returned":
                continue
            before = waiting.pop(people[0], None)
            if before is not None:
                settle(before, "overtaken", at)
            if message.fate == "waiting":
                waiting[people[0]] = happened.id
        elif kind == "answer":
            found = next((person for person in people if person in waiting), None)
            if not people and waiting:
                found = max(waiting, key=lambda person: (made[waiting[person]].at, waiting[person]))
            if found is not None:
                settle(waiting.pop(found), "answered", at, happened.id)
        elif kind == "met":
            for person in people or list(waiting):
                if person in waiting:
                    settle(waiting.pop(person), "overtaken", at)
        else:
            for id_ in waiting.values():
                settle(id_, "overtaken", at)
            waiting.clear()
    return tuple(made.values())


def _message(happened: Happened, history: History) -> Message:
    event = happened.event
    assert isinstance(event, (Sent, Called))
    fate: Fate = "waiting"
    if isinstance(event, Called) and event.outcome in SPOKEN:
        fate = "spoken"
    elif happened.id in history.bounced:
        fate = "returned"
    channel = "phone" if isinstance(event, Called) else event.channel or ""
    settled = None if fate == "waiting" else happened.at
    return Message(happened.id, happened.at, event.to, event.intent, channel, fate, settled)


_ORDER = ("message", "answer", "met", "end")


def _course(history: History) -> Iterator[tuple[Instant, str, Happened]]:
    """What bears on messages, in order of time: messages, answers, meetings, and what ends it all."""
    found: list[tuple[Instant, str, Happened]] = []
    for happened in history.events:
        event = happened.event
        if isinstance(event, (Sent, Called)):
            found.append((happened.at, "message", happened))
        elif happened.type in ANSWERS:
            found.append((happened.at, "answer", happened))
        elif isinstance(event, Interview):
            if event.arranged is not None:
                found.append((instant(event.arranged), "answer", happened))
            if not happened.cancelled and happened.at <= history.now:
                found.append((happened.at, "met", happened))
        if happened.type in ("rejection", "withdrawal", "declined", "accepted"):
            found.append((happened.at, "end", happened))
    # What they wrote answers before the interview that they arrange in it.
    yield from sorted(
        found, key=lambda each: (each[0], _ORDER.index(each[1]), each[2].type == "interview", each[2].id)
    )


def pledges_of(history: History) -> tuple[Pledge, ...]:
    """The dates that they named up to now, and how they kept them, in the order in which they named them."""
    course = list(_course(history))
    answers = sorted((at, happened.id) for at, kind, happened in course if kind == "answer")
    ends = sorted(at for at, kind, _ in course if kind in ("met", "end"))
    made = []
    for happened in history.of_type("promise"):
        # What they say in the same breath is no answer to it.
        heard = next((at for at, id_ in answers if at > happened.at and id_ != happened.id), None)
        ended = next((at for at in ends if at > happened.at), None)
        end = history.promised_day(happened).reached
        if heard is not None and (ended is None or heard <= ended):
            made.append(Pledge(happened.id, happened.at, end, "kept" if heard < end else "late", heard))
        elif ended is not None and ended < end:
            made.append(Pledge(happened.id, happened.at, end, "overtaken"))
        else:
            made.append(Pledge(happened.id, happened.at, end, "open" if history.now < end else "broken"))
    return tuple(made)
