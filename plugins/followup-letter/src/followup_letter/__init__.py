"""Letters on paper, as a plugin of followup: a text to copy by hand, and a page to print."""

from __future__ import annotations

from followup.channels import Channel
from followup.hookspecs import Command, hookimpl
from followup_letter.channel import LetterChannel

__all__ = ["FOLLOWUP_API", "LetterChannel", "followup_channels", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `letter`."""
    return (LetterChannel(),)


@hookimpl
def followup_commands() -> tuple[Command, ...]:
    """`followup letter`."""
    return (Command("letter", "followup_letter.command:letter"),)
