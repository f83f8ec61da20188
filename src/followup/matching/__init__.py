"""Matching: the conditions of all rules compiled to Python that finds the rules with something to say.

A rule may speak if an event that it awaits has happened and its `when` is not ruled out by what is known
and concerns nobody in particular. What depends on time, on a person or on the event that the rule hangs on
is left open: the plan decides it for each follow-up, and looks at no other rules.

Up to some hundred rules nested ifs are fastest, each condition asked once for all rules that share it.
Beyond that looking up beats asking: each fact becomes a column, a table from its value to the set of rules
that this value leaves possible, and a state costs some intersections whatever the number of rules. Which of
the two is made is chosen when rules are loaded. Sets of rules are integers, one bit a rule, in order of name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from followup.fields import Fact
from followup.glance import Seen
from followup.matching.asked import Asking
from followup.matching.branching import branches
from followup.matching.columns import columns
from followup.matching.functions import run
from followup.rules import Rule

__all__ = ["MOST_BRANCHES", "Matcher", "compile_rules"]

MOST_BRANCHES = 100
"""Up to so many rules nested ifs are made: about there the two take the same time."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds the rules that may speak. `source` is the Python of both functions, to be read.

    `match` gives their names, in order. `fitting` gives, among a set of rules, the names of those of which an
    awaited event has happened and whose conditions on what no event changes (company, position, people) are
    not ruled out. `numbers` are the bits of sets, by name.
    """

    numbers: Mapping[str, int]
    source: str
    match: Callable[[Seen], list[str]]
    fitting: Callable[[Seen, int], list[str]]


def compile_rules(
    rules: Mapping[str, Rule], facts: Mapping[str, Fact], *, most_branches: int = MOST_BRANCHES
) -> Matcher:
    """The matcher of some rules, whose conditions read these facts."""
    asking = Asking(facts)
    asked = [asking.of(rules[name]) for name in sorted(rules)]
    source, tables = (branches if len(asked) <= most_branches else columns)(asked)
    numbers = {rule.name: number for number, rule in enumerate(asked)}
    made = run(source, {"numbers": numbers, **tables})
    return Matcher(numbers, source, made["match"], made["fitting"])
