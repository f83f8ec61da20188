"""Email, as a plugin of followup: drafts that your own mail program opens."""

from __future__ import annotations

from followup.channels import Channel
from followup.hookspecs import hookimpl
from followup_email.channel import EmailChannel

__all__ = ["FOLLOWUP_API", "EmailChannel", "followup_channels"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `email`."""
    return (EmailChannel(),)
