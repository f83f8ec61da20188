from __future__ import annotations

from followup.testing import ChannelConformance
from followup_phone import PhoneChannel


class TestPhoneChannel(ChannelConformance):
    channel = PhoneChannel()
