"""`subject`: it names the purpose, in a few calm words."""

from __future__ import annotations

from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import entries, fact, first_of, phrases_of
from followup.reviewing.generic import mentions
from followup.reviewing.phrases import find, words

__all__ = ["subject"]

_MARKS = " \t!?.,:;-–…*"


def subject(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """A finding for a subject that is empty, says too little, or shouts."""
    line = " ".join(draft.subject.split())
    title = fact(context.facts, "position", "title")
    example = first_of(context, "example_subject", "Thank you")
    suggestion = f"name the purpose and the position, such as `{example}: {title or 'the position'}`"
    if not line:
        yield Finding("subject", "error", "the subject is empty", "subject", suggestion)
        return
    bare = line.casefold().strip(_MARKS)
    if not bare or bare in phrases_of(context, "vague_subjects"):
        yield Finding("subject", "warning", f"the subject `{line}` says too little", "subject", suggestion)
    elif not _says_what(line, title, context):
        text = f"the subject `{line}` does not say what it is about"
        yield Finding("subject", "warning", text, "subject", suggestion)
    letters = [word for word in words(line) if len(word) > 1]
    if len(letters) > 1 and line.isupper():
        text = "the subject is in capitals"
        yield Finding(
            "subject", "warning", text, "subject", f"write `{line.capitalize()}`, with names as they are"
        )
    if "!" in line:
        text = "an exclamation mark in the subject reads like an advertisement"
        yield Finding("subject", "warning", text, "subject", "leave it out")


def _says_what(line: str, title: str | None, context: ReviewContext) -> bool:
    """Whether the subject names a purpose (alone, or within a longer word), the position or the company."""
    purposes = entries(context, "purposes")
    if not purposes or next(find(purposes, line), None) is not None:
        return True
    folded = line.casefold()
    if any(len(purpose) > 5 and purpose in folded for purpose in phrases_of(context, "purposes")):
        return True
    company = fact(context.facts, "company", "name")
    named = {word.casefold() for word in words(f"{title or ''} {company or ''}")}
    if any(word.casefold() in named for word in words(line) if len(word) > 2):
        return True
    ignored = phrases_of(context, "common")
    names = (fact(context.facts, "candidate", "name"), *context.people)
    telling = (each for each in context.known if len(each.split()) > 1 and each not in names)
    return any(mentions(line, each, ignored) for each in telling)
