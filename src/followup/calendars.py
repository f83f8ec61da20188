"""Calendars: where a person lives decides what a day is, and which days are worked.

A calendar is a time zone, and for weekends and public holidays a country and perhaps a region of it.
Without a country Monday to Friday are worked. The zones are those of the IANA database, by the names
that `tzdata` lists; the holidays are those of the `holidays` package, which is imported only when a
calendar has a country.
"""

from __future__ import annotations

import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from pkgutil import get_data
from typing import Any, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from followup.clocks import shown_at, wall_at
from followup.errors import did_you_mean
from followup.moments import DAY, MINUTE, SECOND, Instant, Moments, bounded, moment, periodic

__all__ = ["NAMED", "Calendar", "check_country", "check_zone", "shifted_day"]

NAMED: Mapping[str, str] = {
    "business days": "all of every business day of the person's company",
    "business hours": "9:00 to 17:00 on those days",
    "daytime": "8:00 to 20:00 on every day",
    "weekends": "all of every day of the weekend; a public holiday is no weekend",
}
"""The sets of moments that every calendar knows by name, and what is in each."""

_Kind = Literal["every day", "business", "weekend"]
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = date(1, 1, 3).toordinal(), date(9999, 12, 28).toordinal()
_HOLIDAY_YEARS = range(1900, 2101)
_LONGEST_NAME = 64


class Calendar(Struct, frozen=True, cache_hash=True):
    """Days, clock times and business days of a place.

    `zone` is an IANA name such as `America/Chicago`; `country` an ISO 3166 code of two letters;
    `region` the code of a state or province as the `holidays` package knows it (`IL`, `BY`).
    Raises ValueError for an unknown zone; an unknown country or region raises ValueError when the
    first business day is asked for. Ask `check_zone` and `check_country` before.
    """

    zone: str
    country: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        _zone(self.zone)

    @property
    def tzinfo(self) -> tzinfo:
        """The time zone, for aware datetimes."""
        return _zone(self.zone)

    def local(self, t: Instant) -> datetime:
        """What the clocks of the zone show at `t`, with the zone."""
        return moment(bounded(t), _zone(self.zone))

    def day(self, t: Instant) -> date:
        """The local day on which `t` lies."""
        return self.day_and_clock(t)[0]

    def day_and_clock(self, t: Instant) -> tuple[date, int]:
        """The local day on which `t` lies, and what the clocks show, in microseconds after 0:00."""
        days, clock = divmod(wall_at(bounded(t), self.zone), DAY)
        return date.fromordinal(days + _EPOCH_DAY), clock

    def days_after(self, t: Instant, days: int) -> Instant:
        """When the clocks show the same as at `t` so many days later, or (negative) before."""
        day, clock = divmod(wall_at(bounded(t), self.zone), DAY)
        day = min(max(day + days, _FIRST_DAY - _EPOCH_DAY), _LAST_DAY - _EPOCH_DAY)
        return shown_at(day * DAY + clock, self.zone)

    def at(self, day: date, hour: int = 0, minute: int = 0, second: int = 0, microsecond: int = 0) -> Instant:
        """The instant at which the clocks show that time on `day`.

        A time that the clocks skip is moved forward by as much as they skip; of a time that they show
        twice the earlier is meant.
        """
        return self.at_clock(day, ((hour * 60 + minute) * 60 + second) * SECOND + microsecond)

    def at_clock(self, day: date, clock: int) -> Instant:
        """The same for the time that is `clock` microseconds after 0:00."""
        ordinal = day.toordinal()
        if not 1 < day.year < 9999:
            ordinal = shifted_day(day, 0).toordinal()
        return shown_at((ordinal - _EPOCH_DAY) * DAY + clock, self.zone)

    def start_of(self, day: date) -> Instant:
        """The first instant of the local `day`; of a day that the zone skipped, that of the day after."""
        start = self.at_clock(day, 0)
        shown, clock = self.day_and_clock(start)
        if shown == day and clock < MINUTE:
            return start
        earlier = start - 2 * DAY
        while start - earlier > 1:
            middle = (start + earlier) // 2
            if self.day(middle) < day:
                earlier = middle
            else:
                start = middle
        return start

    def end_of(self, day: date) -> Instant:
        """The first instant after the local `day`: the start of the next."""
        return self.start_of(shifted_day(day, 1))

    def is_business_day(self, day: date) -> bool:
        """Whether `day` is worked: no weekend, no public holiday, no day that the zone skipped."""
        days = _business_days(self, day.year)
        ordinal = day.toordinal()
        index = bisect_left(days, ordinal)
        return index < len(days) and days[index] == ordinal

    def is_weekend(self, day: date) -> bool:
        """Whether `day` belongs to the weekend of the country (Saturday and Sunday without one)."""
        return day.toordinal() in _days_off(self.country, self.region, day.year)[0]

    def business_day_after(self, day: date, n: int) -> date:
        """The `n`-th business day after `day`, which itself never counts; `n` is 1 or more."""
        year = day.year
        days = _business_days(self, year)
        index = bisect_right(days, day.toordinal()) + n - 1
        while index >= len(days):
            if year == MAXYEAR:
                return date.fromordinal(_LAST_DAY)
            index -= len(days)
            year += 1
            days = _business_days(self, year)
        return date.fromordinal(days[index])

    def business_day_before(self, day: date, n: int) -> date:
        """The `n`-th business day before `day`, which itself never counts; `n` is 1 or more."""
        year = day.year
        index = bisect_left(_business_days(self, year), day.toordinal()) - n
        while index < 0:
            if year == MINYEAR:
                return date.fromordinal(_FIRST_DAY)
            year -= 1
            index += len(_business_days(self, year))
        return date.fromordinal(_business_days(self, year)[index])

    def business_hours(self) -> Moments:
        """9:00 to 17:00 on business days."""
        return _daily(self, "business", 9, 17)

    def business_days(self) -> Moments:
        """All of every business day."""
        return _daily(self, "business", 0, 24)

    def daytime(self) -> Moments:
        """8:00 to 20:00, every day."""
        return _daily(self, "every day", 8, 20)

    def weekends(self) -> Moments:
        """All of every day of the weekend."""
        return _daily(self, "weekend", 0, 24)

    def named(self, name: str) -> Moments:
        """The set of that name, one of `NAMED`. Raises ValueError for another name."""
        if name not in NAMED:
            raise ValueError(f"`{name[:_LONGEST_NAME]}` names no moments; {did_you_mean(name, NAMED)}")
        made: Callable[[Calendar], Moments] = getattr(Calendar, name.replace(" ", "_"))
        return made(self)


def check_zone(name: str) -> str | None:
    """What is wrong with `name` as a time zone, in a sentence with its cure; None if it is one."""
    if name in _zone_names():
        return None
    return f"{_shown(name)} is not a time zone; {_zone_cure(name)}"


def check_country(country: str, region: str | None = None) -> str | None:
    """What is wrong with a country and region, in a sentence with its cure; None if both are known."""
    codes = _country_codes()
    if country not in codes:
        return f"{_shown(country)} is not a country code; {_country_cure(country, codes)}"
    if region is None:
        return None
    known = _holidays_of(country).subdivisions
    if region in known:
        return None
    if not known:
        return f"{_shown(region)} is not a region of {country}; none are known there, so leave it out"
    near = [code for code in known if code.casefold() == region.strip().casefold()]
    cure = f"did you mean `{near[0]}`?" if near else "known: " + ", ".join(known)
    return f"{_shown(region)} is not a region of {country}; {cure}"


@cache
def _country_codes() -> frozenset[str]:
    from holidays.registry import COUNTRIES

    return frozenset(names[1] for names in COUNTRIES.values())


def shifted_day(day: date, days: int) -> date:
    """`days` after `day`, kept within what a calendar can reckon."""
    ordinal = day.toordinal() + days
    if _FIRST_DAY <= ordinal <= _LAST_DAY:
        return date.fromordinal(ordinal)
    return date.fromordinal(_FIRST_DAY if ordinal < _FIRST_DAY else _LAST_DAY)


@dataclass(frozen=True, slots=True)
class _Daily:
    """The source of a lazy set: from one full hour to another on every day of a kind."""

    calendar: Calendar
    kind: _Kind
    opens: int
    closes: int

    def __call__(self, start: Instant, end: Instant) -> Iterator[tuple[Instant, Instant]]:
        calendar, opens, closes = self.calendar, self.opens, self.closes
        day, last = shifted_day(calendar.day(start), -1), shifted_day(calendar.day(end), 1)
        while day <= last:
            if self._holds(day):
                begin = calendar.at(day, opens) if opens else calendar.start_of(day)
                finish = calendar.at(day, closes) if closes < 24 else calendar.end_of(day)
                yield begin, finish
            day += timedelta(days=1)

    def _holds(self, day: date) -> bool:
        if self.kind == "business":
            return self.calendar.is_business_day(day)
        if self.kind == "weekend":
            return self.calendar.is_weekend(day)
        return day.toordinal() not in _skipped_days(self.calendar.zone, day.year)


@lru_cache(maxsize=1024)
def _daily(calendar: Calendar, kind: _Kind, opens: int, closes: int) -> Moments:
    return periodic(_Daily(calendar, kind, opens, closes))


@cache
def _zone_names() -> frozenset[str]:
    """The names that `tzdata` lists. Only these are ever opened, so a name can be no path elsewhere."""
    return frozenset((get_data("tzdata", "zones") or b"").decode().split())


@cache
def _zone(name: str) -> ZoneInfo:
    problem = check_zone(name)
    if problem:
        raise ValueError(problem)
    return ZoneInfo(name)


def _shown(name: str) -> str:
    return repr(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "…")


def _zone_cure(name: str) -> str:
    general = "use a name such as `America/Chicago`"
    if len(name) > _LONGEST_NAME:
        return general
    wanted = name.strip().replace(" ", "_").casefold()
    for known in sorted(_zone_names()):
        if wanted and wanted in (known.casefold(), known.rpartition("/")[2].casefold()):
            return f"did you mean `{known}`?"
    return did_you_mean(wanted, _zone_names()) or general


def _country_cure(country: str, known: frozenset[str]) -> str:
    from holidays.registry import COUNTRIES

    general = "use a code of two letters, such as `US`"
    if len(country) > _LONGEST_NAME:
        return general
    wanted = "".join(country.split()).casefold()
    for names in COUNTRIES.values():
        if names[1] in known and wanted in (name.casefold() for name in names):
            return f"did you mean `{names[1]}`?"
    return general


@lru_cache(maxsize=4096)
def _days_off(country: str | None, region: str | None, year: int) -> tuple[frozenset[int], frozenset[int]]:
    """The ordinals of a year's weekend days, and of all days that are not worked.

    Both are complete before they are kept, so threads may ask at the same time.
    """
    days = [date.fromordinal(ordinal) for ordinal in _ordinals(year)]
    if country is None:
        weekend = frozenset(day.toordinal() for day in days if day.weekday() >= 5)
        return weekend, weekend
    problem = check_country(country, region)
    if problem:
        raise ValueError(problem)
    near = [y for y in (year - 1, year, year + 1) if y in _HOLIDAY_YEARS] or [_HOLIDAY_YEARS[-1]]
    with warnings.catch_warnings():
        # Some countries' movable feasts are known for a few decades only; then the others count.
        warnings.simplefilter("ignore", UserWarning)
        table = _holidays_of(country)(subdiv=region, years=near, expand=False)
    weekend = frozenset(day.toordinal() for day in days if table.is_weekend(day))
    return weekend, frozenset(day.toordinal() for day in days if not table.is_working_day(day))


@cache
def _holidays_of(country: str) -> Any:
    """The class with a country's holidays, from its own module: the package of them all imports them all."""
    import holidays
    from holidays.registry import COUNTRIES

    module, class_ = next((module, names[0]) for module, names in COUNTRIES.items() if names[1] == country)
    folder = Path(holidays.__file__).parent / "countries"
    spec = PathFinder.find_spec(f"holidays.countries.{module}", [str(folder)])
    if spec is None or spec.loader is None:
        return getattr(holidays, country)
    alone = module_from_spec(spec)
    spec.loader.exec_module(alone)
    return getattr(alone, class_)


@lru_cache(maxsize=1024)
def _skipped_days(zone: str, year: int) -> frozenset[int]:
    """The ordinals of the days of a year that a zone left out (Apia: 30 December 2011)."""
    place = Calendar(zone)
    noons = ((ordinal, place.at(date.fromordinal(ordinal), 12)) for ordinal in _ordinals(year))
    return frozenset(ordinal for ordinal, noon in noons if place.day(noon).toordinal() != ordinal)


@lru_cache(maxsize=4096)
def _business_days(calendar: Calendar, year: int) -> tuple[int, ...]:
    """The ordinals of a year's business days, in order."""
    off = _days_off(calendar.country, calendar.region, year)[1] | _skipped_days(calendar.zone, year)
    return tuple(ordinal for ordinal in _ordinals(year) if ordinal not in off)


def _ordinals(year: int) -> range:
    """All days of a year that a calendar reckons with."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return range(max(first, _FIRST_DAY), min(last, _LAST_DAY) + 1)
