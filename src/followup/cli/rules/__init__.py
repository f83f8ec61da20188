"""`followup rules`: everything for whoever writes or changes a rule, one file a command."""

from __future__ import annotations

import click

from followup.cli.lazy import LazyGroup

__all__ = ["command"]


COMMANDS = {
    "check": "Check rules, settings, tests and states.",
    "diff": "Show what a change of rules changes.",
    "docs": "Write a page for people from each scenario.",
    "format": "Rewrite rule files in one style.",
    "graph": "Draw scenarios as a picture.",
    "list": "List every rule.",
    "new": "Write a new rule with a message and tests.",
    "schema": "Print a JSON Schema, or write all for an editor.",
    "show": "Show a rule: source, meaning, origin.",
    "test": "Run the tests of rules.",
}
MODULES = {name: f"followup.cli.rules.{name}" for name in COMMANDS} | {"list": "followup.cli.rules.listing"}


class RulesGroup(LazyGroup):
    """The commands of `followup rules`."""

    lines = COMMANDS
    modules = MODULES


@click.group("rules", cls=RulesGroup)
def command() -> None:
    """List, show, check and test rules.

    \b
    Examples:
      followup rules list
      followup rules show inquiry
      followup rules check my-rules/
      followup rules test my-rules/
    """
