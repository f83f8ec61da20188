"""Chronicles as Markdown: for each opportunity a table of what happened and one of what is to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from followup.cli.markdown import escaped
from followup.cli.timeline_words import coming_words, past_notes, past_words

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.retrospect.chronicles import Chronicle

__all__ = ["timelines_markdown"]


def timelines_markdown(found: Sequence[tuple[Chronicle, Clock]]) -> Iterator[str]:
    """The lines of these chronicles, one after the other."""
    for number, (chronicle, clock) in enumerate(found):
        if number:
            yield ""
        yield from _timeline(chronicle, clock)


def _timeline(chronicle: Chronicle, clock: Clock) -> Iterator[str]:
    yield f"# {escaped(chronicle.title)}"
    yield ""
    yield f"{clock.exact(chronicle.now)}: {escaped(chronicle.stands)}. Times in {clock.zone}."
    yield from ("", "## What happened", "")
    if chronicle.happened:
        yield from ("| when | what |", "|---|---|")
    else:
        yield "Nothing yet."
    for past in chronicle.happened:
        lines = [past_words(past), *past_notes(past, chronicle.now)]
        yield f"| {clock.exact(past.at)} | {'<br>'.join(map(escaped, lines))} |"
    yield from ("", "## What is to come", "")
    if chronicle.assumed:
        yield from ("If nobody answers, and you send each message when it is due.", "")
    if chronicle.to_come:
        yield from ("| when | what |", "|---|---|")
    else:
        yield "Nothing, unless something happens."
    for each in chronicle.to_come:
        when = clock.exact(each.at) if each.at else clock.day(each.day) if each.day else ""
        lines = [coming_words(each), *([each.why] if each.why else [])]
        yield f"| {when} | {'<br>'.join(map(escaped, lines))} |"
