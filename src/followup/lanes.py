"""Lanes: what a picture of a comparison shows, for each story its events and follow-ups in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from followup.comparing import Comparison, Entry, Played, entries_of
from followup.telling import when_words

__all__ = ["Bar", "Lane", "Mark", "Track", "lanes_of"]

BARS = {"held": "held", "snoozed": "held", "blocked": "blocked", "due": "open"}
"""The statuses that last and are shown as a bar."""

ENDS = ("sent", "called", "task", "stopped", "missed")


class Bar(msgspec.Struct, frozen=True):
    """A time that lasts: a follow-up is held, blocked, or open (it may go out)."""

    kind: Literal["held", "blocked", "open"]
    start: datetime
    end: datetime


class Mark(msgspec.Struct, frozen=True):
    """A moment: something is done, happens, is stopped or missed."""

    kind: str
    at: datetime
    words: str


class Track(msgspec.Struct, frozen=True):
    """One follow-up in one story. `end` is what became of it; None where that lies beyond the play."""

    key: str
    title: str
    to: str
    channel: str | None
    bars: tuple[Bar, ...]
    end: Mark | None

    @property
    def start(self) -> datetime:
        """Where it begins in the picture."""
        moments = [bar.start for bar in self.bars] + ([self.end.at] if self.end else [])
        return min(moments)

    @property
    def last(self) -> datetime:
        """Where it ends in the picture."""
        moments = [bar.end for bar in self.bars] + ([self.end.at] if self.end else [])
        return max(moments)


class Lane(msgspec.Struct, frozen=True):
    """One story: what happens in it, and its follow-ups in order of their first mark."""

    name: str
    title: str
    ending: str
    events: tuple[Mark, ...]
    tracks: tuple[Track, ...]


def lanes_of(comparison: Comparison) -> tuple[Lane, ...]:
    """A lane for each story."""
    return tuple(_lane(played, comparison.end) for played in comparison.stories)


def _lane(played: Played, until: datetime) -> Lane:
    entries = list(entries_of(played.simulation))
    keys = dict.fromkeys(entry.key for entry in entries if entry.key)
    tracks = [_track(key, entries, played, until) for key in keys]
    tracks.sort(key=lambda track: (track.start, track.last, track.key))
    count = played.ending.messages
    last = played.ending.last
    when = f", the last on {when_words(last.at.date())}" if last and count > 1 else ""
    ending = f"{count or 'no'} message{'' if count == 1 else 's'}{when}; {played.ending.words}"
    events = tuple(Mark("event", entry.at, entry.title) for entry in entries if entry.kind == "event")
    return Lane(played.name, played.title, ending, events, tuple(tracks))


def _track(key: str, entries: list[Entry], played: Played, until: datetime) -> Track:
    own = [entry for entry in entries if entry.key == key]
    ends = [entry for entry in own if entry.kind in ENDS]
    last = max(ends, key=lambda entry: entry.at, default=None)
    end = None
    if last is not None:
        end = Mark(last.kind, last.at, last.why)
    channel = next((entry.channel for entry in own if entry.channel), None)
    return Track(key, own[0].title, own[0].to, channel, tuple(_bars(key, played, until)), end)


def _bars(key: str, played: Played, until: datetime) -> Iterator[Bar]:
    """The times through which it was held, blocked or due."""
    open_bar: tuple[str, datetime] | None = None
    for step in played.simulation.steps:
        for change in step.changes:
            if change.key != key:
                continue
            if open_bar is not None and step.at > open_bar[1]:
                yield _bar(open_bar, step.at)
            kind = BARS.get(change.after or "")
            open_bar = None if kind is None else (kind, step.at)
    if open_bar is not None and until > open_bar[1]:
        yield _bar(open_bar, until)


def _bar(opened: tuple[str, datetime], end: datetime) -> Bar:
    kind, start = opened
    assert kind in ("held", "blocked", "open")
    return Bar(kind, start, end)  # type: ignore[arg-type]
