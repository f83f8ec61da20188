"""Phone calls, as a plugin of followup: a script to call by, good hours, and what came of it."""

from __future__ import annotations

from followup.channels import Channel
from followup.hookspecs import Command, hookimpl
from followup_phone.channel import PhoneChannel

__all__ = ["FOLLOWUP_API", "PhoneChannel", "followup_channels", "followup_commands"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `phone`."""
    return (PhoneChannel(),)


@hookimpl
def followup_commands() -> tuple[Command, ...]:
    """`followup call` and `followup log-call`."""
    return (
        Command("call", "followup_phone.call:call"),
        Command("log-call", "followup_phone.log_call:log_call"),
    )
