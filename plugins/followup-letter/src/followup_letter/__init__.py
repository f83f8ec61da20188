"""Letters on paper, as a plugin of followup: a text to copy by hand, and a page to print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followup.channels import Channel
from followup.hookspecs import hookimpl
from followup_letter.channel import LetterChannel

if TYPE_CHECKING:
    import click

__all__ = ["FOLLOWUP_API", "LetterChannel", "followup_channels", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `letter`."""
    return (LetterChannel(),)


@hookimpl
def followup_commands() -> Sequence[click.Command]:
    """`followup letter`."""
    from followup_letter.command import letter

    return (letter,)
