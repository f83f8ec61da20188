"""Follow-ups in a calendar, as a plugin of followup: the command `followup calendar`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followup.hookspecs import hookimpl

if TYPE_CHECKING:
    import click

__all__ = ["FOLLOWUP_API", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_commands() -> tuple[click.Command, ...]:
    """The command `calendar`."""
    from followup_calendar.command import calendar

    return (calendar,)
