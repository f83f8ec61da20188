"""LinkedIn, as a plugin of followup: words within the site's limits, for you to send."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from followup.channels import Channel
from followup.hookspecs import Command, hookimpl
from followup_linkedin.channel import LinkedInChannel
from followup_linkedin.limits import AS_OF, FREE, PREMIUM

if TYPE_CHECKING:
    from followup.fields import Fact
    from followup.hookspecs import Review

__all__ = ["AS_OF", "FOLLOWUP_API", "FREE", "PREMIUM", "LinkedInChannel", "followup_channels"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> Sequence[Channel]:
    """The channel `linkedin`."""
    return (LinkedInChannel(),)


@hookimpl
def followup_facts() -> Sequence[Fact]:
    """The facts under `linkedin`."""
    from followup_linkedin.facts import FACTS

    return FACTS


@hookimpl
def followup_scenarios() -> Sequence[Path]:
    """The scenario `linkedin`, with the guards of the account."""
    return (Path(__file__).parent / "linkedin",)


@hookimpl
def followup_reviews() -> Sequence[Review]:
    """The review `linkedin-kind`."""
    from followup_linkedin.fitting import REVIEW

    return (REVIEW,)


@hookimpl
def followup_commands() -> tuple[Command, ...]:
    """`followup linkedin open`."""
    return (Command("linkedin", "followup_linkedin.commands:linkedin"),)
