"""The channels of the reference, as a plugin for the product's engine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.reference.proposing import CHANNELS

from followup import Draft
from followup.channels import Composition, Limits
from followup.hookspecs import hookimpl


class PlainChannel:
    """A channel that reaches whoever has an address in one field."""

    label = "Test"

    def __init__(self, name: str, address: str, intents: Iterable[str]) -> None:
        self.name = name
        self.address_field = address
        self.direction = "employer"
        self.limits = Limits(intents=frozenset(intents))

    def reaches(self, person: Any) -> bool:
        return bool(getattr(person, self.address_field))

    def compose(self, composition: Composition) -> Draft:
        return Draft(subject=composition.subject, body=composition.body)

    def review(self, draft: Draft) -> tuple[()]:
        return ()


class PlainChannels:
    """A plugin with the channels to the employer that the reference knows; `self` is the core's own."""

    FOLLOWUP_API = 1

    @hookimpl
    def followup_channels(self) -> list[PlainChannel]:
        employer = {name: one for name, one in CHANNELS.items() if one["address"]}
        return [PlainChannel(n, one["address"], one.get("intents", ())) for n, one in employer.items()]
