"""Follow-ups in a calendar, as a plugin of followup: the command `followup calendar`."""

from __future__ import annotations

from followup.hookspecs import Command, hookimpl

__all__ = ["FOLLOWUP_API", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_commands() -> tuple[Command, ...]:
    """The command `calendar`."""
    return (Command("calendar", "followup_calendar.command:calendar"),)
