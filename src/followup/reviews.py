"""The core's reviews: a draft is read before it goes out; what should be better is said with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from followup.hookspecs import Review, ReviewContext
from followup.misspellings import MISSPELLINGS
from followup.plan import Draft, Finding

__all__ = ["core_reviews"]

WRITTEN = frozenset({"email"})
MOST_WORDS = 200
"""A few short paragraphs. Mails of 75 to 100 words are answered most (Boomerang, 2016)."""
MOST_PARAGRAPHS = 6

_GREETING = re.compile(
    r"\A\s*(dear|hello|hi|good (morning|afternoon|evening))\b[ ]+[^\s,][^\n]*,", re.IGNORECASE
)
_EMPTY_GREETING = re.compile(r"\A\s*(dear|hello|hi)\s*,", re.IGNORECASE)
_CLOSING = re.compile(
    r"^(kind|best|warm)( regards| wishes)?,"
    r"|^(sincerely|regards|yours sincerely|with thanks|many thanks|thank you again),",
    re.IGNORECASE | re.MULTILINE,
)
_PLACEHOLDER = re.compile(
    r"\{\{|\}\}|\{%|\[(?:your|name|company|position|interviewer)[^\]\n]{0,40}\]|\bTODO\b|\bXXX+\b",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r"\b([A-Za-z]{2,})[ \n]+\1\b", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?<=[a-z0-9][.!?] )([a-z])")
_SPACE_BEFORE = re.compile(r" +([,.;:!?])")
_VAGUE = frozenset(
    {
        "",
        "hi",
        "hello",
        "hey",
        "follow up",
        "follow-up",
        "following up",
        "thanks",
        "thank you",
        "question",
        "update",
        "re:",
    }
)
_MAY_DOUBLE = frozenset({"that", "had", "very"})

_WORD = re.compile(r"[A-Za-z']+")


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"body:{line}:{at - (text.rfind(chr(10), 0, at) + 1) + 1}"


def _concise(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    words = len(draft.body.split())
    paragraphs = len([p for p in re.split(r"\n\s*\n", draft.body.strip()) if p.strip()])
    if words > MOST_WORDS:
        text = f"{words} words, {words - MOST_WORDS} over the limit of {MOST_WORDS}"
        yield Finding("concise", "warning", text, "body", "leave out what the reader knows already")
    if paragraphs > MOST_PARAGRAPHS:
        text = f"{paragraphs} paragraphs, {paragraphs - MOST_PARAGRAPHS} over the limit of {MOST_PARAGRAPHS}"
        yield Finding("concise", "warning", text, "body", "join or leave out some")


def _subject(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    subject = " ".join(draft.subject.split())
    title = _fact(context.facts, "position", "title") or "the position"
    suggestion = f"name the purpose and the position, such as `Thank you: {title}`"
    if not subject:
        yield Finding("subject", "error", "the subject is empty", "subject", suggestion)
    elif subject.casefold().rstrip("!.? ") in _VAGUE:
        yield Finding("subject", "warning", f"the subject `{subject}` says too little", "subject", suggestion)


def _formal(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    person = _fact(context.facts, "person", "name")
    name = person or "the person's name"
    if _EMPTY_GREETING.search(draft.body):
        yield Finding("formal", "error", "the greeting names nobody", "body:1:1", f"write `Dear {name},`")
    elif person is not None and _odd_name(person):
        text = f"the name `{name}` is not written as a name"
        yield Finding("formal", "warning", text, "body:1:1", "write it as they sign")
    elif not _GREETING.search(draft.body):
        yield Finding("formal", "warning", "there is no greeting", "body:1:1", f"begin with `Dear {name},`")
    if not _CLOSING.search(draft.body):
        candidate = _fact(context.facts, "candidate", "name") or "your name"
        yield Finding(
            "formal", "warning", "there is no closing", "body", f"end with `Kind regards,` and {candidate}"
        )


def _odd_name(name: str) -> bool:
    """Whether a name stands in small letters or capitals alone, or has something in brackets."""
    cased = name.lower() != name.upper()
    return "(" in name or (cased and len(name) > 3 and (name.islower() or name.isupper()))


def _contact_details(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    details = [_fact(context.facts, "candidate", name) for name in ("email", "phone", "linkedin")]
    known = [detail for detail in details if detail]
    if not any(detail in draft.body for detail in known):
        suggestion = f"add {known[0]}" if known else "add your mail address or phone number"
        yield Finding("contact-details", "warning", "it does not say how to reach you", "body", suggestion)


def _proofread(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    body = draft.body
    for match in _PLACEHOLDER.finditer(body):
        yield Finding(
            "proofread",
            "error",
            f"a placeholder is left: `{match[0]}`",
            _place(body, match.start()),
            "fill it in",
        )
    for match in _WORD.finditer(body):
        right = MISSPELLINGS.get(match[0].lower())
        if right:
            text = f"`{match[0]}` is misspelt"
            yield Finding("proofread", "warning", text, _place(body, match.start()), f"write `{right}`")
    for match in _DOUBLED.finditer(body):
        if match[1].lower() not in _MAY_DOUBLE:
            yield Finding(
                "proofread",
                "warning",
                f"`{match[1]}` stands twice",
                _place(body, match.start()),
                "leave one out",
            )
    abbreviations = {word for word in _all_words(context.facts) if word.endswith(".")}
    for match in _SENTENCE_START.finditer(body):
        if body[: match.start()].split()[-1] in abbreviations:
            continue
        word = body[match.start() :].split()[0]
        text = "a sentence begins with a small letter"
        yield Finding(
            "proofread", "warning", text, _place(body, match.start()), f"write `{word.capitalize()}`"
        )
    for match in _SPACE_BEFORE.finditer(body):
        yield Finding(
            "proofread",
            "warning",
            f"there is a space before `{match[1]}`",
            _place(body, match.start()),
            "remove it",
        )
    yield from _names(body, context.facts)


def _names(body: str, facts: Mapping[str, Any]) -> Iterator[Finding]:
    """Words that are nearly, but not quite, a name in the state."""
    import difflib

    names = {
        word
        for value in (
            _fact(facts, "company", "name"),
            _fact(facts, "person", "name"),
            _fact(facts, "candidate", "name"),
        )
        for word in _WORD.findall(value or "")
        if len(word) >= 5
    }
    for match in _WORD.finditer(body):
        word = match[0]
        if not word[0].isupper() or len(word) < 5 or word in names or word.removesuffix("'s") in names:
            continue
        near = difflib.get_close_matches(word, sorted(names), n=1, cutoff=0.85)
        if near:
            text = f"`{word}` looks like the name {near[0]}"
            yield Finding("proofread", "warning", text, _place(body, match.start()), f"write `{near[0]}`")


def _all_words(value: Any) -> Iterator[str]:
    """Every word of every text in the facts."""
    if isinstance(value, str):
        yield from value.split()
    elif isinstance(value, (Mapping, list, tuple)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _all_words(item)


def _fact(facts: Mapping[str, Any], owner: str, name: str) -> str | None:
    value = facts.get(owner, {}).get(name) if isinstance(facts.get(owner), dict) else None
    return value if isinstance(value, str) else None


def _as_sequence(check: Any) -> Any:
    def run(draft: Draft, context: ReviewContext) -> Sequence[Finding]:
        return tuple(check(draft, context))

    return run


def core_reviews() -> tuple[Review, ...]:
    """The reviews that every engine has."""
    return (
        Review(
            "concise", _as_sequence(_concise), "a few short paragraphs", ("thanks.concise",), channels=WRITTEN
        ),
        Review(
            "subject",
            _as_sequence(_subject),
            "the subject names the purpose",
            ("email.subject",),
            channels=WRITTEN,
        ),
        Review("formal", _as_sequence(_formal), "greeting and closing", ("email.formal",), channels=WRITTEN),
        Review(
            "contact-details",
            _as_sequence(_contact_details),
            "how to reach you",
            ("email.contact-details",),
            channels=WRITTEN,
        ),
        Review("proofread", _as_sequence(_proofread), "spelling and slips", ("email.proofread",)),
    )
