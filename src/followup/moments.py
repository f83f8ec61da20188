"""Moments: sets of instants, and the algebra in which every window, hold and quiet time is reckoned.

An instant is an integer, microseconds since 1970-01-01T00:00Z. A set of instants is made of
half-open spans `[start, end)`; it may reach without end into the past or the future. Two kinds:

- `Spans` is known as a whole: one sorted tuple of edges, at each of which membership turns over,
  and whether the set begins inside. The form is canonical, so equal sets are `==`.
- All others are lazy: they can only show themselves `within` a stretch of time, and are computed
  nowhere else. Business hours are such a set, for they have no last day.

Union `|`, intersection `&`, complement `~` and difference `-` obey the laws of a Boolean algebra on
both kinds. A lazy set is searched no further than `HORIZON` from the instant asked about (or from its
own bound, if it lies on the way), so that every question ends: "when do business hours meet the
weekend?" is answered with None.

The kinds know one another, as an algebra's do, so they stand in one file, though it is a long one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

__all__ = [
    "ALWAYS", "DAY", "EARLIEST", "HORIZON", "HOUR", "LATEST", "MICROSECOND", "MINUTE", "NEVER", "SECOND",
    "WEEK", "Instant", "Moments", "Source", "Span", "Spans",
    "between", "bounded", "instant", "moment", "periodic", "since", "union_of", "until",
]  # fmt: skip

Instant: TypeAlias = int
Span: TypeAlias = tuple[Instant, Instant]
Source: TypeAlias = Callable[[Instant, Instant], Iterable[Span]]

MICROSECOND = 1
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY

HORIZON = 20 * 366 * DAY
"""How far a lazy set is searched, in microseconds: twenty years."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEAR = 2**31
"""So many seconds from 1970 on every platform tells the time of a timestamp, twice as fast as reckoning."""
EARLIEST: Instant = -719_160 * DAY
LATEST: Instant = 2_932_894 * DAY
"""0001-01-03 and 9999-12-29, between which every instant is a date and time in every zone."""


def instant(moment: datetime) -> Instant:
    """The instant of an aware `moment`, exactly.

    Raises ValueError if `moment` has no time zone, or stands outside of `EARLIEST` to `LATEST`.
    """
    try:
        elapsed = moment - _EPOCH
    except TypeError:
        raise ValueError(f"{moment.isoformat()} has no time zone; give it one, such as `+00:00`") from None
    exact = (elapsed.days * 86_400 + elapsed.seconds) * SECOND + elapsed.microseconds
    if not EARLIEST <= exact <= LATEST:
        raise ValueError(f"{moment.isoformat()} is out of reach; use a year from 2 to 9998")
    return exact


def moment(instant: Instant, zone: tzinfo) -> datetime:
    """What clocks in `zone` show at `instant`; OverflowError outside of years 1 to 9999 (see `bounded`)."""
    seconds, microseconds = divmod(instant, SECOND)
    if not microseconds and 0 <= seconds < _NEAR:
        return datetime.fromtimestamp(seconds, zone)
    return (_EPOCH + timedelta(0, seconds, microseconds)).astimezone(zone)


def bounded(instant: Instant) -> Instant:
    """The instant nearest to `instant` that is a date and time in every zone."""
    return EARLIEST if instant < EARLIEST else LATEST if instant > LATEST else instant


class Moments(Struct, frozen=True):
    """A set of instants. Immutable; hashable and picklable if what it is computed from is so.

    Every kind of set answers `within`, its complement and its `bounds`; all else follows. Lazy
    sets are `==` if they are built in the same way, so unequal ones may still hold the same instants.
    """

    def within(self, start: Instant, end: Instant) -> Spans:
        """What lies in `[start, end)`, as a set known as a whole."""
        raise NotImplementedError

    def __invert__(self) -> Moments:
        raise NotImplementedError

    @property
    def bounds(self) -> tuple[Instant | None, Instant | None]:
        """A start and an end between which the whole set lies; None where it has no such bound."""
        raise NotImplementedError

    def __and__(self, other: Moments) -> Moments:
        if isinstance(other, Spans):
            return other & self
        return self if other is self else _Both(self, other)

    def __or__(self, other: Moments) -> Moments:
        if isinstance(other, Spans):
            return other | self
        return self if other is self else _Either(self, other)

    def __sub__(self, other: Moments) -> Moments:
        return self & ~other

    def __contains__(self, t: Instant) -> bool:
        return bool(self.within(t, t + 1).edges)

    def next_change(self, t: Instant) -> Instant | None:
        """The first instant after `t` at which membership differs from that at `t`; None if none is found."""
        return (~self if t in self else self).first(t)

    def first(self, t: Instant) -> Instant | None:
        """The earliest member at or after `t`; None if none is found."""
        lower, upper = self.bounds
        start = t if lower is None or lower < t else lower
        end = start + HORIZON if upper is None else min(upper, start + HORIZON)
        for near, far in _stretches(end - start):
            edges = self.within(start + near, start + far).edges
            if edges:
                return edges[0]
        return None

    def last(self, t: Instant) -> Instant | None:
        """The latest member at or before `t`; None if none is found."""
        lower, upper = self.bounds
        end = t + 1 if upper is None or upper > t else upper
        start = end - HORIZON if lower is None else max(lower, end - HORIZON)
        for near, far in _stretches(end - start):
            edges = self.within(end - far, end - near).edges
            if edges:
                return edges[-1] - 1
        return None

    def spans(self, start: Instant, end: Instant) -> Iterator[Span]:
        """The spans of the set, cut to `[start, end)`, in order of time."""
        edges = self.within(start, end).edges
        return zip(edges[::2], edges[1::2], strict=True)

    @property
    def start(self) -> Instant | None:
        """The earliest member; None if there is none: the set is empty or has no beginning."""
        lower = self.bounds[0]
        return None if lower is None else self.first(lower)

    @property
    def end(self) -> Instant | None:
        """The first instant after all members; None if there is none: the set is empty or has no end."""
        latest = None if self.bounds[1] is None else self.last(self.bounds[1])
        return None if latest is None else latest + 1

    @property
    def is_never(self) -> bool:
        """Whether the set is empty; False for a lazy set without bounds, which cannot be searched whole."""
        lower, upper = self.bounds
        if lower is not None:
            return self.first(lower) is None
        return upper is not None and self.last(upper) is None


class Spans(Moments, frozen=True, gc=False):
    """A set that is known as a whole.

    At each of `edges` (ascending, none twice) membership turns over; `begins` tells whether the instants
    before the first are members. Build it with `since`, `until`, `between` and `union_of`.
    """

    edges: tuple[Instant, ...]
    begins: bool

    def __contains__(self, t: Instant) -> bool:
        return (bisect_right(self.edges, t) & 1 == 1) is not self.begins

    def next_change(self, t: Instant) -> Instant | None:
        """The first instant after `t` at which membership differs from that at `t`; None if there is none."""
        index = bisect_right(self.edges, t)
        return self.edges[index] if index < len(self.edges) else None

    def first(self, t: Instant) -> Instant | None:
        """The earliest member at or after `t`; None if there is none."""
        index = bisect_right(self.edges, t)
        if (index & 1 == 1) is not self.begins:
            return t
        return self.edges[index] if index < len(self.edges) else None

    def last(self, t: Instant) -> Instant | None:
        """The latest member at or before `t`; None if there is none."""
        index = bisect_right(self.edges, t)
        return t if t in self else self.edges[index - 1] - 1 if index else None

    @property
    def bounds(self) -> tuple[Instant | None, Instant | None]:
        """The earliest member and the first instant after all members; None where there is no such bound."""
        return (0, 0) if self.is_never else (self.start, self.end)

    @property
    def start(self) -> Instant | None:
        """The earliest member; None if there is none: the set is empty or has no beginning."""
        return self.edges[0] if self.edges and not self.begins else None

    @property
    def end(self) -> Instant | None:
        """The first instant after all members; None if there is none: the set is empty or has no end."""
        return self.edges[-1] if self.edges and not self._lasts else None

    def within(self, start: Instant, end: Instant) -> Spans:
        """What lies in `[start, end)`."""
        if start >= end:
            return NEVER
        edges, begins = self.edges, self.begins
        low = bisect_right(edges, start)
        high = bisect_left(edges, end, low)
        inner = edges[low:high]
        if (low & 1 == 1) is not begins:
            inner = (start, *inner)
        if (high & 1 == 1) is not begins:
            inner = (*inner, end)
        return Spans(inner, False)

    def __invert__(self) -> Spans:
        return Spans(self.edges, not self.begins)

    @property
    def is_never(self) -> bool:
        """Whether the set is empty."""
        return not self.edges and not self.begins

    def __and__(self, other: Moments) -> Moments:
        if not self.edges:
            return other if self.begins else self
        if other.__class__ is Spans:
            return self._meet(other)
        if isinstance(other, _Both) and isinstance(other.left, Spans):
            return self._meet(other.left) & other.right
        return _Both(self, other)

    def __or__(self, other: Moments) -> Moments:
        if not self.edges:
            return self if self.begins else other
        if other.__class__ is Spans:
            return ~(~self)._meet(~other)
        if isinstance(other, _Either) and isinstance(other.left, Spans):
            return (self | other.left) | other.right
        return _Either(self, other)

    def __repr__(self) -> str:
        edges = [*["-oo"] * self.begins, *map(str, self.edges), *["oo"] * self._lasts]
        spans = [f"[{start}, {end})" for start, end in zip(edges[::2], edges[1::2], strict=True)]
        return f"<moments {' '.join(spans) or 'never'}>"

    @property
    def _lasts(self) -> bool:
        """Whether the set has no end: it begins inside, or an odd number of edges turned it so."""
        return (len(self.edges) & 1 == 1) is not self.begins

    def _meet(self, other: Spans) -> Spans:
        """The intersection. A set of one span only cuts the other; else both are walked together."""
        ours, theirs = self.edges, other.edges
        if not ours:
            return other if self.begins else self
        if not theirs:
            return self if other.begins else other
        if len(ours) == 2 and not self.begins:
            return other.within(*ours)
        if len(theirs) == 2 and not other.begins:
            return self.within(*theirs)
        if len(ours) == len(theirs) == 1 and self.begins is other.begins:
            return self if (ours > theirs) is not self.begins else other
        met = begins = self.begins and other.begins
        edges: list[Instant] = []
        for edge in sorted({*ours, *theirs}):
            if (edge in self and edge in other) is not met:
                met = not met
                edges.append(edge)
        return Spans(tuple(edges), begins)


NEVER, ALWAYS = Spans((), False), Spans((), True)
"""No instant, and every instant."""


def since(t: Instant) -> Spans:
    """`[t, oo)`."""
    return Spans((t,), False)


def until(t: Instant) -> Spans:
    """`(-oo, t)`."""
    return Spans((t,), True)


def between(start: Instant, end: Instant) -> Spans:
    """`[start, end)`: `NEVER` if the end is not after the start."""
    return Spans((start, end), False) if start < end else NEVER


def union_of(spans: Iterable[Span]) -> Spans:
    """All instants that lie in one of the half-open `spans`, which may come in any order and overlap."""
    edges: list[Instant] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if not edges or start > edges[-1]:
            edges += (start, end)
        elif end > edges[-1]:
            edges[-1] = end
    return Spans(tuple(edges), False)


def periodic(source: Source, chunk: int = 4 * WEEK) -> Moments:
    """A lazy set: `source(start, end)` is called for the spans that meet `[start, end)`.

    It is called only where somebody asks, for `chunk` microseconds at a time (days at least, as a search
    may go through all of `HORIZON`); what it yields is joined, cut and kept. It must be hashable and pure.
    """
    return _Periodic(source, chunk, True)


class _Periodic(Moments, frozen=True):
    """The instants that `source` yields, or (`inside` is False) all others."""

    source: Source
    chunk: int
    inside: bool

    def within(self, start: Instant, end: Instant) -> Spans:
        if start >= end:
            return NEVER
        source, chunk = self.source, self.chunk
        seen = _chunk(source, chunk, start // chunk)
        numbers = range(start // chunk + 1, (end - 1) // chunk + 1)
        if numbers:
            edges = list(seen.edges)
            for number in numbers:
                more = _chunk(source, chunk, number).edges
                if edges and more and edges[-1] == more[0]:
                    edges.pop()
                    more = more[1:]
                edges += more
            seen = Spans(tuple(edges), False)
        return (seen if self.inside else ~seen).within(start, end)

    def __invert__(self) -> Moments:
        return _Periodic(self.source, self.chunk, not self.inside)

    @property
    def bounds(self) -> tuple[None, None]:
        return None, None


class _Both(Moments, frozen=True):
    """An intersection with a lazy set. Where `left` has nothing, `right` is not computed."""

    left: Moments
    right: Moments

    def within(self, start: Instant, end: Instant) -> Spans:
        left = self.left.within(start, end)
        if not left.edges:
            return NEVER
        return left._meet(self.right.within(left.edges[0], left.edges[-1]))

    def __invert__(self) -> Moments:
        return ~self.left | ~self.right

    @property
    def bounds(self) -> tuple[Instant | None, Instant | None]:
        starts, ends = zip(self.left.bounds, self.right.bounds, strict=True)
        return (
            max((t for t in starts if t is not None), default=None),
            min((t for t in ends if t is not None), default=None),
        )


class _Either(Moments, frozen=True):
    """A union with a lazy set. Where `left` has everything, `right` is not computed."""

    left: Moments
    right: Moments

    def within(self, start: Instant, end: Instant) -> Spans:
        left = self.left.within(start, end)
        if left.edges == (start, end):
            return left
        return ~(~left)._meet(~self.right.within(start, end))

    def __invert__(self) -> Moments:
        return ~self.left & ~self.right

    @property
    def bounds(self) -> tuple[Instant | None, Instant | None]:
        (start, end), (also_start, also_end) = self.left.bounds, self.right.bounds
        return (
            None if start is None or also_start is None else min(start, also_start),
            None if end is None or also_end is None else max(end, also_end),
        )


@lru_cache(maxsize=4096)
def _chunk(source: Source, chunk: int, number: int) -> Spans:
    """What `source` yields in the stretch of that number, `chunk` microseconds long, counted from 1970."""
    start = number * chunk
    return union_of(source(start, start + chunk)).within(start, start + chunk)


def _stretches(length: int) -> Iterator[Span]:
    """`[0, length)` in pieces, each twice as long as the one before: what is near is found cheaply."""
    near, piece = 0, WEEK
    while near < length:
        yield near, min(near + piece, length)
        near += piece
        piece *= 2
