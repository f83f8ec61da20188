"""Phone calls, as a plugin of followup: a script to call by, good hours, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followup.channels import Channel
from followup.hookspecs import hookimpl
from followup_phone.channel import PhoneChannel

if TYPE_CHECKING:
    import click

__all__ = ["FOLLOWUP_API", "PhoneChannel", "followup_channels", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `phone`."""
    return (PhoneChannel(),)


@hookimpl
def followup_commands() -> Sequence[click.Command]:
    """`followup call` and `followup log-call`."""
    from followup_phone.call import call
    from followup_phone.log_call import log_call

    return (call, log_call)
