from __future__ import annotations

from followup.testing import ChannelConformance, reachable_person
from followup_letter import LetterChannel

ADDRESS = "1 Main Street\nChicago, IL 60601"


class TestLetterChannel(ChannelConformance):
    channel = LetterChannel()
    reachable = (
        reachable_person(address=ADDRESS),
        reachable_person(address="Straße des 17. Juni 135\n10623 Berlin"),
        reachable_person(address="Suite 4/5\n2 O'Connell St., 3rd fl.\nDublin 1\nD01 X2Y3\nIreland\n"),
        reachable_person(address="1 Main Street\r\nChicago, IL 60601"),
    )
    unreachable = (
        reachable_person(address=None),
        reachable_person(address="Chicago"),
        reachable_person(address="1 Main Street\n\nChicago"),
        reachable_person(address="1 Main Street\nChicago\x07"),
        reachable_person(address="1 Main Street\nChicago\u202e"),
        reachable_person(address="<b>1 Main Street</b>\nChicago"),
        reachable_person(address="1 Main Street\n" + "x" * 61),
        reachable_person(address="a\nb\nc\nd\ne\nf"),
        reachable_person(address=ADDRESS, name=None),
        reachable_person(address=ADDRESS, name="Dana " * 100),
    )
