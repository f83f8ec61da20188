from __future__ import annotations

from followup.testing import ChannelConformance
from followup_linkedin import LinkedInChannel


class TestLinkedInChannel(ChannelConformance):
    channel = LinkedInChannel()
