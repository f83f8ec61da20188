"""`formal`: a greeting with a name, and a closing with yours."""

from __future__ import annotations

from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import entries, fact, first_of, letter, phrases_of
from followup.reviewing.letters import Letter, place
from followup.reviewing.phrases import begins_with, find, words

__all__ = ["formal"]


def formal(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """Findings for greeting and closing."""
    if not entries(context, "greetings"):
        return
    parts = letter(draft, context)
    yield from _greeting(draft, parts, context)
    yield from _closing(draft, parts, context)


def _greeting(draft: Draft, parts: Letter, context: ReviewContext) -> Iterator[Finding]:
    person = fact(context.facts, "person", "name")
    proper = f"{first_of(context, 'default_greeting', 'Dear')} {person or 'NAME'},"
    if parts.greeting is None:
        where = place(draft.body, len(draft.body) - len(draft.body.lstrip()))
        yield Finding("formal", "warning", "there is no greeting", where, f"begin with `{proper}`")
        return
    where = place(draft.body, parts.greeting.start)
    line = parts.greeting.text.strip()
    name = _greeted(line, context)
    if begins_with(line, entries(context, "impersonal_greetings")):
        if person is not None:
            text = "the greeting names nobody, although the name is known"
            yield Finding("formal", "warning", text, where, f"write `{proper}`")
    elif not name or name.casefold() in phrases_of(context, "nobody"):
        at = place(draft.body, draft.body.index(name.split()[0], parts.greeting.start)) if name else where
        yield Finding("formal", "error", "the greeting names nobody", at, f"write `{proper}`")
    elif _odd_name(name):
        at = place(draft.body, draft.body.index(name.split()[0], parts.greeting.start))
        text = f"`{name}` is not written as a name"
        yield Finding("formal", "warning", text, at, "write it as they sign")
    if begins_with(line, entries(context, "casual_greetings")) and name:
        text = f"`{line.split()[0].rstrip(',')}` is for friends"
        yield Finding("formal", "warning", text, where, f"write `{proper}`")


def _greeted(line: str, context: ReviewContext) -> str:
    """Whom a greeting names: what stands after its first words, up to the comma."""
    rest = line
    for found in find(entries(context, "greetings"), line):
        if found.start <= 1:
            rest = line[found.start + len(found.text) :]
        break
    return " ".join(rest.strip().rstrip(",!:.;–- ").split()).lstrip(", ")


def _odd_name(name: str) -> bool:
    """Whether a name stands in small letters or capitals alone, or has something in brackets."""
    cased = name.lower() != name.upper()
    return "(" in name or (cased and len(name) > 3 and (name.islower() or name.isupper()))


def _closing(draft: Draft, parts: Letter, context: ReviewContext) -> Iterator[Finding]:
    candidate = fact(context.facts, "candidate", "name")
    proper = first_of(context, "default_closing", "Kind regards")
    end = len(draft.body.rstrip())
    if parts.closing is None:
        suggestion = f"end with `{proper}` and {candidate or 'your name'}"
        where = place(draft.body, max(0, draft.body.rfind("\n", 0, end) + 1))
        yield Finding("formal", "warning", "there is no closing", where, suggestion)
        return
    line = parts.closing.text.strip()
    where = place(draft.body, parts.closing.start)
    if begins_with(line, entries(context, "casual_closings")):
        instead = next(find(entries(context, "casual_closings"), line)).instead or proper
        text = f"the closing `{line.rstrip(',')}` is for friends"
        yield Finding("formal", "warning", text, where, f"write `{instead}`")
    if candidate is not None and not _signed(candidate, line, parts.signature.text):
        yield Finding(
            "formal", "warning", "your name is missing below the closing", where, f"add {candidate}"
        )


def _signed(candidate: str, closing: str, signature: str) -> bool:
    """Whether any name stands below the closing, or beside it; whose it is, `names` asks."""
    wanted = {word.casefold() for word in words(candidate)}
    if wanted & {word.casefold() for word in words(f"{closing} {signature}")}:
        return True
    first = next((line for line in signature.splitlines() if line.strip()), "")
    return bool(words(first)) and "@" not in first
