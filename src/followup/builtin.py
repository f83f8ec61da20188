"""What the core itself adds to an engine, through the same hooks as everybody's plugins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from followup.channels import Channel, Composition, Direction, Limits
from followup.conditions import Operator
from followup.hookspecs import Review, hookimpl
from followup.operators import core_operators
from followup.plain import plain_line, plain_text
from followup.plan import Draft, Finding
from followup.resources import rules_folder
from followup.reviewing import core_reviews
from followup.state import Person

__all__ = ["FOLLOWUP_API", "Scenarios", "SelfChannel"]

FOLLOWUP_API = 1


class SelfChannel:
    """A note to yourself."""

    name = "self"
    label = "Note to yourself"
    direction: Direction = "self"
    limits = Limits()
    address_field = ""

    def reaches(self, person: Person) -> bool:
        return False

    def compose(self, composition: Composition) -> Draft:
        return Draft(plain_line(composition.subject), plain_text(composition.body))

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        return ()


@hookimpl
def followup_channels() -> Sequence[Channel]:
    return [SelfChannel()]


@hookimpl
def followup_operators() -> Sequence[Operator]:
    return list(core_operators())


@hookimpl
def followup_reviews() -> Sequence[Review]:
    return list(core_reviews())


@hookimpl
def followup_languages() -> Sequence[Path]:
    return sorted(path.parent for path in (rules_folder() / "languages").glob("*/language.yaml"))


class Scenarios:
    """The built-in scenarios, a plugin of their own so that an engine can do without them."""

    FOLLOWUP_API = 1

    @hookimpl
    def followup_scenarios(self) -> Sequence[Path]:
        return sorted(path.parent for path in rules_folder().glob("*/scenario.yaml"))
