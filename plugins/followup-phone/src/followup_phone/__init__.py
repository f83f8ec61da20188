"""Phone calls, as a plugin of followup: a script to call by."""

from __future__ import annotations

from followup.channels import Channel
from followup.hookspecs import hookimpl
from followup_phone.channel import PhoneChannel

__all__ = ["FOLLOWUP_API", "PhoneChannel", "followup_channels"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `phone`."""
    return (PhoneChannel(),)
