from __future__ import annotations

from followup.testing import ChannelConformance
from followup_email import EmailChannel


class TestEmailChannel(ChannelConformance):
    channel = EmailChannel()
