"""Reminders to yourself, as a plugin of followup: the command `followup remind`."""

from __future__ import annotations

from followup.hookspecs import Command, hookimpl

__all__ = ["FOLLOWUP_API", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_commands() -> tuple[Command, ...]:
    """The command `remind`."""
    return (Command("remind", "followup_remind.command:remind"),)
