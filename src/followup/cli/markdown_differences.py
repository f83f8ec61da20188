"""What a change of rules changes, as Markdown: for a pull request, or for notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from followup.cli.difference_words import heading_words, rows, rule_at
from followup.cli.markdown import escaped
from followup.cli.times import Clock
from followup.differing import RuleChange, StateDifference, WordChange
from followup.differing.reporting import summary

__all__ = ["differences_markdown"]


def differences_markdown(
    rules: Sequence[RuleChange],
    differences: Sequence[StateDifference],
    names: tuple[str, str],
    *,
    asked: bool,
) -> Iterator[str]:
    """The lines of all that differs; `asked` says whether any states were given."""
    yield f"# From {escaped(names[0])} to {escaped(names[1])}"
    if asked:
        yield from ("", f"{escaped(summary(differences))}.")
    yield from ("", "## Rules", "")
    if not rules:
        yield "No rule and no guard differs."
    for rule in rules:
        yield f"- {rule.kind} `{rule.name}` {rule.what} ({escaped(rule_at(rule))})"
        for key in rule.keys:
            old, new = (escaped(" ".join(side.split())) or "–" for side in (key.old, key.new))
            yield f"    - {escaped(key.key)}: {old} → {new}"
    found = sorted(
        ((change.rule, change.title, each, change) for each in differences for change in each.changes),
        key=lambda entry: entry[0],
    )
    for (name, title), entries in groupby(found, key=lambda entry: entry[:2]):
        yield from ("", f"## {escaped(title)} (`{name}`)", "")
        for _, _, difference, change in entries:
            yield f"- **{escaped(difference.name)}**: {escaped(heading_words(change))} (`{change.key}`)"
            for label, old, new in rows(change, Clock(difference.start, difference.zone)):
                yield f"    - {label}: {escaped(old) or '–'} → {escaped(new) or '–'}"
            if change.words:
                yield f"    - words: {' '.join(map(_word, change.words))}"


def _word(change: WordChange) -> str:
    words = escaped(change.text)
    return {"both": words, "old": f"~~{words}~~", "new": f"**{words}**"}[change.side]
