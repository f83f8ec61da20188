"""A plan, a simulation or the table of advice as Markdown, to keep in notes or to paste into an issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from followup.cli.wording import (
    HIDDEN,
    SECTIONS,
    WAITING,
    address_line,
    as_title,
    change_words,
    place_line,
    printable,
    quiet_line,
    riding,
    shown_with_status,
    telling,
    when_line,
)
from followup.plain import escaped_markdown

if TYPE_CHECKING:
    from followup.citations import Citation
    from followup.cli.times import Clock
    from followup.plan import Draft, FollowUp, Plan
    from followup.simulating import Simulation

__all__ = ["advice_markdown", "escaped", "plan_markdown", "simulation_markdown"]


def plan_markdown(
    plan: Plan, clock: Clock, title: str, *, everything: bool = False, drafts: bool | None = None
) -> Iterator[str]:
    """The lines of the plan. `drafts`: of all follow-ups, of none, or (None) of those that are due."""
    yield f"# {escaped(title)}"
    yield ""
    change = f"; changes {clock.both(plan.next_change)}" if plan.next_change else ""
    yield f"{clock.exact(plan.now)}, {escaped(plan.stage)}{change}. Times in {clock.zone}."
    if not plan.due:
        yield ""
        yield escaped(quiet_line(plan, clock))
    for status, name in SECTIONS.items():
        found = shown_with_status(plan, status)
        if not found or (status in HIDDEN and not everything):
            continue
        yield from ("", f"## {name}", "")
        for followup in found:
            yield from _item(followup, clock)
            if followup.draft and (drafts if drafts is not None else status == "due"):
                yield from _draft(followup.draft)
    if riding(plan):
        yield from ("", f"## {WAITING}", "")
    for followup, reason in riding(plan):
        told = f"{as_title(followup)} {address_line(followup)} (`{followup.key}`): {reason}"
        yield f"- {escaped(told)}"
    if plan.questions:
        yield from ("", "## Questions", "")
        for question in plan.questions:
            rules = escaped(", ".join(question.rules))
            yield f"- {escaped(question.text)} (`{question.fact}`, for {rules})"
    if everything and plan.silent:
        yield from ("", "## Silent", "")
        for silent in plan.silent:
            yield f"- `{silent.rule}`: {escaped('; '.join(reason.text for reason in silent.reasons))}"


def _item(followup: FollowUp, clock: Clock) -> Iterator[str]:
    yield f"- **{escaped(as_title(followup))}** {escaped(address_line(followup))} (`{followup.key}`)"
    lines = [when_line(followup, clock)]
    if followup.needs:
        lines.append(f"missing: {', '.join(followup.needs)}")
    reason = telling(followup.status, followup.reasons)
    if reason:
        place = place_line(followup)
        lines.append(f"{reason.text} ({place})" if place else reason.text)
    for line in filter(None, lines):
        yield f"  - {escaped(line)}"


def _draft(draft: Draft) -> Iterator[str]:
    yield ""
    if draft.subject:
        yield f"  > **{escaped(draft.subject)}**"
        yield "  >"
    for line in printable(draft.body).rstrip("\n").split("\n"):
        # Two spaces at the end keep the line break.
        yield f"  > {escaped(line)}  " if line else "  >"
    yield ""


def escaped(words: str) -> str:
    """Words on one line that Markdown shows as they are."""
    return escaped_markdown(" ".join(printable(words).split()))


def simulation_markdown(simulation: Simulation, clock: Clock, title: str) -> Iterator[str]:
    """The lines of a simulation: a heading a moment, what happened and what that changed."""
    yield f"# {escaped(title)}"
    yield ""
    yield f"{clock.exact(simulation.start)} to {clock.exact(simulation.end)}. Times in {clock.zone}."
    for step in simulation.steps:
        yield from ("", f"## {clock.exact(step.at)}", "")
        yield from (f"- **{escaped(happened)}**" for happened in step.happened)
        for change in step.changes:
            why = f" ({escaped(change.why)})" if change.why else ""
            yield f"- `{change.key}` {change_words(change)}{why}"
    yield ""
    yield f"{len(simulation.sent)} sent." if simulation.steps else "Nothing happens in this time."


def advice_markdown(found: Sequence[Citation]) -> Iterator[str]:
    """The lines of the table of advice: a table a section. It names no lines of files, for those move."""
    yield "# Advice"
    yield ""
    yield "What each piece of advice says, what carries it out, and which tests show it at work."
    yield "`followup advice` prints this with the file and line of everything."
    for section, pieces in groupby(found, key=lambda citation: citation.advice.id.partition(".")[0]):
        yield from ("", f"## {section}", "", "| advice | carried out by | shown by |", "|---|---|---|")
        for citation in pieces:
            carriers = [f"{each.kind} `{each.name}`" for each in citation.carriers]
            tests = [
                escaped(f"{test.name} (fails)" if test.passed is False else test.name)
                for test in citation.tests
            ]
            told = f"`{citation.advice.id}`<br>{escaped(citation.advice.says)}"
            yield f"| {told} | {'<br>'.join(carriers) or '**nothing**'} | {_few(tests) or '**no test**'} |"


def _few(words: Sequence[str]) -> str:
    """The first three, and how many more."""
    more = [f"and {len(words) - 3} more"] if len(words) > 3 else []
    return "<br>".join([*words[:3], *more])
