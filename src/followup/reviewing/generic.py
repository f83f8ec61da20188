"""`generic`: the draft holds something of this conversation, and no phrase that fits every employer."""

from __future__ import annotations

from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import entries, fact, letter, phrases_of, talked_about, texts_in
from followup.reviewing.letters import place
from followup.reviewing.phrases import find, words

__all__ = ["generic", "mentions"]

TEMPLATED = frozenset({"thanks", "inquiry", "final", "connect"})
"""The intents for which templates go round; other messages have an occasion of their own."""
OURS = ("strengths", "last", "promise", "occasion", "decision_date")
STEM = 5
"""How many letters of a word are compared, so that its forms count: `migration`, `migrated`."""


def generic(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """A finding for a draft without any detail of its own, and for phrases that fit every employer."""
    for found in find(entries(context, "stock"), draft.body):
        text = f"`{found.text}` could go to every employer"
        suggestion = (
            f"name {fact(context.facts, 'company', 'name') or 'the company'}, or what you talked about"
        )
        yield Finding("generic", "warning", text, place(draft.body, found.start), suggestion)
    if context.intent not in TEMPLATED or not draft.body.strip():
        return
    main = letter(draft, context).main
    where = place(draft.body, main.start + len(main.text) - len(main.text.lstrip()))
    text = f"{draft.subject}\n{main.text}"
    talked = talked_about(context.facts)
    ignored = phrases_of(context, "common")
    if any(mentions(text, detail, ignored) for detail in talked):
        return
    cure = f"say a word about {_quoted(talked)}" if talked else "say a word about what you talked about"
    if context.intent == "thanks" and (context.facts.get("occasion") or {}).get("day"):
        if _has_a_detail(text, context, ignored):
            if talked:
                told = "nothing of what you talked about with them stands in it"
                yield Finding("generic", "note", told, where, cure)
        else:
            told = "it could have gone to anybody: no detail of this conversation stands in it"
            yield Finding("generic", "warning", told, where, cure)
    elif not _has_a_detail(text, context, ignored) and not _names_the_place(text, context, ignored):
        told = "it names neither the position nor the company, nor anything that you talked about"
        yield Finding("generic", "warning", told, where, cure)


def mentions(text: str, detail: str, ignored: frozenset[str] = frozenset()) -> bool:
    """Whether a text speaks of a detail: half of its telling words stand there, in whatever form."""
    telling = [word.casefold()[:STEM] for word in _telling(detail, ignored)]
    if not telling:
        return False
    there = {word.casefold()[:STEM] for word in words(text)}
    return sum(stem in there for stem in telling) * 2 >= len(telling)


def _telling(detail: str, ignored: frozenset[str]) -> list[str]:
    found = [w for w in words(detail) if w.casefold() not in ignored and (len(w) > 3 or w[0].isupper())]
    return found or [w for w in words(detail) if len(w) > 2]


def _has_a_detail(text: str, context: ReviewContext, ignored: frozenset[str]) -> bool:
    """Whether anything stands there that only this case has: a day, a strength, a colleague, an offer …"""
    if next(find(entries(context, "days"), text), None) is not None:
        return True
    facts = context.facts
    ours = texts_in([facts.get(name) for name in OURS])
    candidate = facts.get("candidate") or {}
    ours += texts_in([candidate.get("distinction"), candidate.get("library")])
    if any(mentions(text, detail, ignored) for detail in ours):
        return True
    others = [name for name in context.people if name != fact(facts, "person", "name")]
    return any(next(find((name, name.split()[0]), text), None) is not None for name in others if name.split())


def _names_the_place(text: str, context: ReviewContext, ignored: frozenset[str]) -> bool:
    names = (fact(context.facts, "position", "title"), fact(context.facts, "company", "name"))
    return any(mentions(text, name, ignored) for name in names if name)


def _quoted(details: tuple[str, ...]) -> str:
    return f"`{details[0][:60]}`"
