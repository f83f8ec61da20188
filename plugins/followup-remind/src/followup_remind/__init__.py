"""Reminders to yourself, as a plugin of followup: the command `followup remind`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followup.hookspecs import hookimpl

if TYPE_CHECKING:
    import click

__all__ = ["FOLLOWUP_API", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_commands() -> tuple[click.Command, ...]:
    """The command `remind`."""
    from followup_remind.command import remind

    return (remind,)
