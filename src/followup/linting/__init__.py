"""Linting: what the loader lets pass and a rule writer would still want to know.

Each file looks for one family of faults. Only what is certain is a warning; what may be meant so is a note.
A line is silenced where it stands, by `# followup: allow CODE` (`followup.linting.allowing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.errors import Problem

__all__ = ["lint"]


def lint(engine: Engine) -> tuple[Problem, ...]:
    """All that lint finds in the loaded scenarios, in order of place, but for what a line allows."""
    from followup.linting.allowing import without_allowed
    from followup.linting.guards import lint_guards
    from followup.linting.leftovers import lint_leftovers, lint_tests
    from followup.linting.room import lint_room
    from followup.linting.subject import Subject
    from followup.linting.texts import lint_texts
    from followup.linting.twins import lint_twins
    from followup.linting.unreachable import lint_rules
    from followup.linting.windows import lint_windows

    subject = Subject(engine)
    families = (
        lint_rules, lint_windows, lint_twins, lint_guards, lint_texts, lint_room, lint_leftovers, lint_tests,
    )  # fmt: skip
    found = [problem for family in families for problem in family(subject)]
    unique = dict.fromkeys(sorted(found, key=lambda problem: (problem.place, problem.code)))
    return without_allowed(unique, subject)
