"""Email, as a plugin of followup: drafts that your own mail program opens, and sending on your word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from followup.channels import Channel
from followup.delivery import Deliverer
from followup.hookspecs import Command, hookimpl
from followup_email.channel import EmailChannel
from followup_email.delivering import EmailDeliverer

if TYPE_CHECKING:
    from followup_email.smtp import SmtpDeliverer

__all__ = [
    "FOLLOWUP_API",
    "EmailChannel",
    "EmailDeliverer",
    "SmtpDeliverer",
    "followup_channels",
    "followup_commands",
    "followup_deliverers",
]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `email`."""
    return (EmailChannel(),)


@hookimpl
def followup_deliverers() -> tuple[Deliverer, ...]:
    """What sends the drafts of the channel `email`: each by your account of the address that it is from."""
    return (EmailDeliverer(),)


@hookimpl
def followup_commands() -> tuple[Command, ...]:
    """The command `followup email`."""
    return (Command("email", "followup_email.commands:email"),)


def __getattr__(name: str) -> Any:
    if name != "SmtpDeliverer":
        raise AttributeError(f"module `followup_email` has no attribute `{name}`")
    from followup_email.smtp import SmtpDeliverer

    return SmtpDeliverer
