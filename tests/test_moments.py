"""Moments: the laws of the algebra, checked against plain Python sets of small integers."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.moments import (
    ALWAYS,
    DAY,
    EARLIEST,
    HORIZON,
    HOUR,
    LATEST,
    NEVER,
    WEEK,
    Moments,
    Spans,
    between,
    bounded,
    instant,
    moment,
    periodic,
    since,
    union_of,
    until,
)

# The model: time goes in steps of a month, and a set is the steps from LOW to HIGH that are in it.
# (In smaller steps, lazy sets that never meet would take long to search as far as the horizon.)

STEP = 30 * DAY
LOW, HIGH = 0, 24 * STEP
UNIVERSE = frozenset(range(LOW, HIGH, STEP))
steps = st.integers(LOW, HIGH // STEP).map(lambda n: n * STEP)
places = st.sampled_from(sorted(UNIVERSE))


@dataclass(frozen=True)
class Every:
    """A span of that `length` in every `period`, picklable and hashable as a source must be."""

    period: int
    offset: int
    length: int

    def __call__(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        first = (start - self.offset - self.length) // self.period
        for number in range(first, (end - self.offset) // self.period + 1):
            begin = number * self.period + self.offset
            yield begin, begin + self.length


concrete = st.builds(
    lambda spans, complement: ~union_of(spans) if complement else union_of(spans),
    st.lists(st.tuples(steps, steps), max_size=4),
    st.booleans(),
)
simple = st.one_of(
    st.sampled_from([ALWAYS, NEVER]),
    st.builds(since, steps),
    st.builds(until, steps),
    st.builds(between, steps, steps),
)
lazy = st.builds(
    lambda every, chunk: periodic(every, chunk),
    st.builds(Every, st.sampled_from([2 * STEP, 3 * STEP, 7 * STEP]), steps, steps),
    st.integers(10, 1000).map(lambda n: n * DAY),
)


def combinations(sets: st.SearchStrategy[Moments]) -> st.SearchStrategy[Moments]:
    return (
        st.builds(lambda a, b: a & b, sets, sets)
        | st.builds(lambda a, b: a | b, sets, sets)
        | st.builds(lambda a, b: a - b, sets, sets)
        | st.builds(lambda a: ~a, sets)
    )


known = st.recursive(simple | concrete, combinations, max_leaves=5)
mixed = st.recursive(simple | concrete | lazy, combinations, max_leaves=5)


def members(moments: Moments) -> frozenset[int]:
    return frozenset(t for t in UNIVERSE if t in moments)


def same(one: Moments, other: Moments) -> bool:
    """Equal as wholes if both are known as wholes; else equal wherever the model looks."""
    if isinstance(one, Spans) and isinstance(other, Spans):
        return one == other and hash(one) == hash(other)
    return one.within(LOW - DAY, HIGH + DAY) == other.within(LOW - DAY, HIGH + DAY)


# The operations are those of sets


@given(mixed, mixed)
def test_operations_do_what_they_do_on_sets_of_integers(a: Moments, b: Moments) -> None:
    assert members(a & b) == members(a) & members(b)
    assert members(a | b) == members(a) | members(b)
    assert members(a - b) == members(a) - members(b)
    assert members(~a) == UNIVERSE - members(a)


LAWS: dict[str, Callable[[Moments, Moments, Moments], tuple[Moments, Moments]]] = {
    "intersection is associative": lambda a, b, c: ((a & b) & c, a & (b & c)),
    "union is associative": lambda a, b, c: ((a | b) | c, a | (b | c)),
    "intersection is commutative": lambda a, b, c: (a & b, b & a),
    "union is commutative": lambda a, b, c: (a | b, b | a),
    "intersection distributes over union": lambda a, b, c: (a & (b | c), (a & b) | (a & c)),
    "union distributes over intersection": lambda a, b, c: (a | (b & c), (a | b) & (a | c)),
    "the complement of an intersection is a union (De Morgan)": lambda a, b, c: (~(a & b), ~a | ~b),
    "the complement of a union is an intersection (De Morgan)": lambda a, b, c: (~(a | b), ~a & ~b),
    "intersection absorbs union": lambda a, b, c: (a & (a | b), a),
    "union absorbs intersection": lambda a, b, c: (a | (a & b), a),
    "complement is an involution": lambda a, b, c: (~~a, a),
    "intersection is idempotent": lambda a, b, c: (a & a, a),
    "union is idempotent": lambda a, b, c: (a | a, a),
    "ALWAYS changes no intersection": lambda a, b, c: (a & ALWAYS, a),
    "NEVER changes no union": lambda a, b, c: (a | NEVER, a),
    "NEVER absorbs in an intersection": lambda a, b, c: (a & NEVER, NEVER),
    "ALWAYS absorbs in a union": lambda a, b, c: (ALWAYS | a, ALWAYS),
    "nothing is in a set and in its complement": lambda a, b, c: (a & ~a, NEVER),
    "everything is in a set or in its complement": lambda a, b, c: (a | ~a, ALWAYS),
    "difference is intersection with the complement": lambda a, b, c: (a - b, a & ~b),
}


@pytest.mark.parametrize("law", LAWS)
@given(known, known, known)
def test_laws_for_sets_known_as_a_whole(law: str, a: Moments, b: Moments, c: Moments) -> None:
    left, right = LAWS[law](a, b, c)
    assert left == right


@pytest.mark.parametrize("law", LAWS)
@given(mixed, mixed, mixed)
def test_laws_for_lazy_sets_among_them(law: str, a: Moments, b: Moments, c: Moments) -> None:
    left, right = LAWS[law](a, b, c)
    assert same(left, right)


# What is asked of a set


@given(mixed, places)
def test_first_is_the_earliest_member_from_there(a: Moments, t: int) -> None:
    expected = min((u for u in members(a) if u >= t), default=None)
    found = a.first(t)
    assert found == expected if expected is not None else found is None or found >= HIGH


@given(mixed, places)
def test_last_is_the_latest_member_up_to_there(a: Moments, t: int) -> None:
    earlier = max((u for u in members(a) if u < t), default=None)
    expected = t if t in a else None if earlier is None else earlier + STEP - 1
    found = a.last(t)
    assert found == expected if expected is not None else found is None or found < LOW


@given(mixed, places)
def test_next_change_is_the_first_instant_of_other_membership(a: Moments, t: int) -> None:
    expected = min((u for u in UNIVERSE if u > t and (u in a) is not (t in a)), default=None)
    found = a.next_change(t)
    assert found == expected if expected is not None else found is None or found >= HIGH


@given(mixed, places)
def test_nothing_changes_until_the_next_change(a: Moments, t: int) -> None:
    change = a.next_change(t)
    if change is not None:
        assert (change - 1 in a) is (t in a)
        assert (change in a) is not (t in a)


@given(mixed, places, steps)
def test_within_is_the_set_restricted_and_known_as_a_whole(a: Moments, start: int, end: int) -> None:
    restricted = a.within(start, end)
    assert restricted == restricted & between(start, end)
    assert members(restricted) == frozenset(t for t in members(a) if start <= t < end)
    assert frozenset(t for low, high in a.spans(start, end) for t in range(low, high, STEP)) == members(
        restricted
    )


@given(mixed)
def test_edges_are_in_order_and_none_is_needless(a: Moments) -> None:
    seen = a.within(LOW, HIGH)
    assert list(seen.edges) == sorted(set(seen.edges))
    assert hash(seen) == hash(union_of(a.spans(LOW, HIGH)))
    assert seen == union_of(a.spans(LOW, HIGH))


@given(known)
def test_start_and_end_of_a_set_known_as_a_whole(a: Moments) -> None:
    assert a.is_never is (a == NEVER)
    assert (a.start is None) is (a.is_never or LOW - 1 in a)
    assert (a.end is None) is (a.is_never or HIGH in a)
    if a.start is not None:
        assert a.first(LOW - 1) == a.start
    if a.end is not None:
        assert a.last(HIGH) == a.end - 1


@given(mixed, places, places)
def test_start_and_end_of_what_is_cut_from_any_set(a: Moments, start: int, end: int) -> None:
    cut = a & between(start, end)
    assert cut.is_never is (not members(cut))
    assert cut.start == min(members(cut), default=None)
    assert cut.end == (max(members(cut)) + STEP if members(cut) else None)


@given(mixed)
def test_a_set_survives_pickling(a: Moments) -> None:
    copy = pickle.loads(pickle.dumps(a))
    assert copy == a
    assert hash(copy) == hash(a)


@given(st.lists(st.tuples(steps, steps)))
def test_union_of_spans_takes_them_in_any_order(spans: list[tuple[int, int]]) -> None:
    one_by_one: Moments = NEVER
    for span in spans:
        one_by_one |= between(*span)
    assert union_of(spans) == one_by_one


def test_touching_spans_are_one_span() -> None:
    assert between(1, 2) | between(2, 3) == between(1, 3)
    assert until(5) | since(5) == ALWAYS


def test_a_span_that_ends_before_it_starts_is_never() -> None:
    assert between(5, 5) == between(6, 5) == NEVER


def test_a_set_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ALWAYS.begins = False  # type: ignore[misc]


def test_a_set_shows_its_spans() -> None:
    assert repr(~between(3, 5)) == "<moments [-oo, 3) [5, oo)>"
    assert repr(NEVER) == "<moments never>"


# Lazy sets


@dataclass(frozen=True)
class Recorded:
    """A source that notes for which stretches it is called."""

    asked: tuple[list[tuple[int, int]]]

    def __call__(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        self.asked[0].append((start, end))
        yield from Every(DAY, 9 * HOUR, 8 * HOUR)(start, end)

    def __hash__(self) -> int:
        return id(self.asked)


def test_nothing_is_computed_before_it_is_asked_and_then_only_nearby() -> None:
    source = Recorded(([],))
    hours = periodic(source, WEEK)
    combined = (hours & since(100 * WEEK)) | between(0, DAY)
    assert not source.asked[0]
    assert combined.first(100 * WEEK) == 100 * WEEK + 9 * HOUR
    assert all(99 * WEEK <= start < end <= 102 * WEEK for start, end in source.asked[0])


def test_what_was_computed_is_kept() -> None:
    source = Recorded(([],))
    hours = periodic(source, WEEK)
    for _ in range(3):
        assert hours.first(0) == 9 * HOUR
    assert len(source.asked[0]) == len(set(source.asked[0]))


def test_sets_that_never_meet_are_searched_as_far_as_the_horizon() -> None:
    days, nights = periodic(Every(DAY, 0, 12 * HOUR)), periodic(Every(DAY, 12 * HOUR, 12 * HOUR))
    assert (days & nights).first(0) is None
    assert (days & nights).last(0) is None
    assert (days & nights).next_change(0) is None
    assert (days | nights).next_change(0) is None
    assert not (days & nights).is_never
    assert (days & nights & since(0)).is_never


def test_the_horizon_is_counted_from_where_the_set_may_begin() -> None:
    days = periodic(Every(DAY, 0, 12 * HOUR))
    assert (days & since(2 * HORIZON)).first(0) == 2 * HORIZON
    assert (days & until(-2 * HORIZON)).last(0) == -2 * HORIZON - 12 * HOUR - 1
    assert (days & between(5 * DAY + 13 * HOUR, 6 * DAY)).is_never


def test_a_lazy_set_has_neither_start_nor_end() -> None:
    days = periodic(Every(DAY, 0, 12 * HOUR))
    assert (days.start, days.end) == (None, None)
    assert ((days & since(HOUR)).start, (days & since(HOUR)).end) == (HOUR, None)
    assert ((days & until(DAY)).start, (days & until(DAY)).end) == (None, 12 * HOUR)


# Instants


@given(
    st.datetimes(datetime(1, 1, 4), datetime(9999, 12, 28)),
    st.timedeltas(timedelta(hours=-23), timedelta(hours=23)),
)
def test_an_instant_is_exact(naive: datetime, offset: timedelta) -> None:
    aware = naive.replace(tzinfo=timezone(offset))
    assert moment(instant(aware), UTC) == aware
    assert instant(moment(instant(aware), aware.tzinfo or UTC)) == instant(aware)


def test_an_instant_counts_microseconds_from_1970() -> None:
    assert instant(datetime(1970, 1, 2, 0, 0, 0, 7, tzinfo=UTC)) == DAY + 7
    assert instant(datetime(1969, 12, 31, 23, tzinfo=UTC)) == -HOUR


def test_the_two_passes_of_a_repeated_hour_are_two_instants() -> None:
    chicago = ZoneInfo("America/Chicago")
    first, second = (datetime(2026, 11, 1, 1, 30, tzinfo=chicago, fold=fold) for fold in (0, 1))
    assert instant(second) - instant(first) == HOUR
    assert [moment(instant(t), chicago).fold for t in (first, second)] == [0, 1]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2026-11-20T10:00:00 has no time zone; give it one, such as"):
        instant(datetime(2026, 11, 20, 10))


def test_a_moment_at_the_borders_of_what_a_date_can_say_is_refused() -> None:
    for far in (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), datetime(9999, 12, 31, tzinfo=UTC)):
        with pytest.raises(ValueError, match="out of reach"):
            instant(far)


def test_a_bounded_instant_can_be_shown_in_every_zone() -> None:
    for zone in (timezone(timedelta(hours=-23)), timezone(timedelta(hours=23))):
        assert moment(bounded(LATEST + 1), zone) == moment(LATEST, UTC)
        assert moment(bounded(EARLIEST - 1), zone) == moment(EARLIEST, UTC)
    assert bounded(5) == 5
