"""LinkedIn, as a plugin of followup: words within the site's limits, for you to send."""

from __future__ import annotations

from followup.channels import Channel
from followup.hookspecs import hookimpl
from followup_linkedin.channel import LinkedInChannel
from followup_linkedin.limits import FREE, PREMIUM, SiteLimits

__all__ = ["FOLLOWUP_API", "FREE", "PREMIUM", "LinkedInChannel", "SiteLimits", "followup_channels"]

FOLLOWUP_API = 1


@hookimpl
def followup_channels() -> tuple[Channel, ...]:
    """The channel `linkedin`."""
    return (LinkedInChannel(),)
