"""Where somebody is, as far as the machine and the time zone database know: defaults for questions."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from followup.calendars import check_zone

__all__ = ["countries_of", "own_zone", "zone_for"]


def own_zone() -> str:
    """The time zone of this machine by its IANA name; empty where it does not say."""
    found = [os.environ.get("TZ", "").lstrip(":")]
    try:
        found.append(Path("/etc/localtime").resolve().as_posix().rpartition("/zoneinfo/")[2])
        found.append(Path("/etc/timezone").read_text("utf-8").strip())
    except OSError:
        pass
    named = (zone for zone in found if "/" in zone and not zone.startswith("Etc/"))
    return next((zone for zone in named if check_zone(zone) is None), "")


def countries_of(zone: str) -> tuple[str, ...]:
    """The countries in which clocks show this zone, the one it is named after first."""
    return tuple(country for country, own in _zones() if own == zone)


def zone_for(country: str, near: str) -> str:
    """A time zone of a country: `near` where that is one of them, else its first, else empty."""
    found = [zone for own, zone in _zones() if own == country]
    return near if near in found else next(iter(found), "")


@cache
def _zones() -> tuple[tuple[str, str], ...]:
    """Country and zone, one pair a line of the database's own table."""
    from importlib.resources import files

    try:
        text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    except (OSError, ModuleNotFoundError):
        return ()
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return tuple((row[0], row[2]) for row in rows if len(row) > 2)
