"""The core's reviews: a draft is read before it goes out; what should be better is said with its place.

Each review is a module of this package, imported when the first draft is read: a function from a draft and
what is known about it to findings. What they look for in words stands in the language's own folder,
`rules/languages/CODE/language.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import islice

from followup.hookspecs import Review, ReviewContext
from followup.plan import Draft, Finding

__all__ = ["core_reviews"]

MOST_FINDINGS = 50
"""Of one review in one draft; nobody reads more."""
LETTERS = frozenset({"email"})
"""The channels whose drafts have a subject, a greeting and a signature."""
WRITTEN = frozenset({"email", "linkedin"})
"""The channels whose drafts are read by the other side as they stand."""


def _check(name: str, module: str | None = None) -> Callable[[Draft, ReviewContext], Sequence[Finding]]:
    """The function of that name in a module, by default of the same name, imported when it is called."""

    def run(draft: Draft, context: ReviewContext) -> tuple[Finding, ...]:
        check = getattr(import_module(f"{__name__}.{module or name}"), name)
        return tuple(islice(check(draft, context), MOST_FINDINGS))

    return run


def core_reviews() -> tuple[Review, ...]:
    """The reviews that every engine has."""
    return (
        Review("casual", _check("casual"), "no slang, emoji or shouting", ("mistakes.casual",)),
        Review("concise", _check("concise"), "a few short paragraphs", ("thanks.concise",), channels=LETTERS),
        Review(
            "contact-details",
            _check("contact_details", "contact"),
            "how to reach you",
            ("email.contact-details",),
            channels=LETTERS,
        ),
        Review("formal", _check("formal"), "greeting and closing", ("email.formal",), channels=LETTERS),
        Review(
            "generic",
            _check("generic"),
            "a detail of this conversation",
            ("mistakes.generic",),
            channels=WRITTEN,
        ),
        Review(
            "names", _check("names"), "the right people and company", ("email.proofread", "thanks.by-name")
        ),
        Review("pressing", _check("pressing"), "no begging, no pressure", ("mistakes.aggressive",)),
        Review("proofread", _check("proofread"), "spelling and slips", ("email.proofread",)),
        Review(
            "subject",
            _check("subject"),
            "the subject names the purpose",
            ("email.subject",),
            channels=LETTERS,
        ),
        Review(
            "tailored",
            _check("tailored"),
            "unlike every other note",
            ("rounds.tailored", "mistakes.generic"),
            channels=WRITTEN,
        ),
    )
