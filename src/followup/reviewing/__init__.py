"""The core's reviews: a draft is read before it goes out; what should be better is said with its place.

Each review is a module of this package: a function from a draft and what is known about it to findings.
What they look for in words stands in the language's own folder, `rules/languages/CODE/language.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from itertools import islice

from followup.hookspecs import Review, ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.casual import casual
from followup.reviewing.concise import concise
from followup.reviewing.contact import contact_details
from followup.reviewing.formal import formal
from followup.reviewing.generic import generic
from followup.reviewing.names import names
from followup.reviewing.pressing import pressing
from followup.reviewing.proofread import proofread
from followup.reviewing.subject import subject
from followup.reviewing.tailored import tailored

__all__ = ["core_reviews"]

MOST_FINDINGS = 50
"""Of one review in one draft; nobody reads more."""
LETTERS = frozenset({"email"})
"""The channels whose drafts have a subject, a greeting and a signature."""
WRITTEN = frozenset({"email", "linkedin"})
"""The channels whose drafts are read by the other side as they stand."""


def _listed(
    check: Callable[[Draft, ReviewContext], Iterator[Finding]],
) -> Callable[[Draft, ReviewContext], Sequence[Finding]]:
    """A review that yields its findings, as the function that a `Review` asks for."""

    @wraps(check)
    def run(draft: Draft, context: ReviewContext) -> tuple[Finding, ...]:
        return tuple(islice(check(draft, context), MOST_FINDINGS))

    return run


def core_reviews() -> tuple[Review, ...]:
    """The reviews that every engine has."""
    return (
        Review("casual", _listed(casual), "no slang, emoji or shouting", ("mistakes.casual",)),
        Review("concise", _listed(concise), "a few short paragraphs", ("thanks.concise",), channels=LETTERS),
        Review(
            "contact-details",
            _listed(contact_details),
            "how to reach you",
            ("email.contact-details",),
            channels=LETTERS,
        ),
        Review("formal", _listed(formal), "greeting and closing", ("email.formal",), channels=LETTERS),
        Review(
            "generic",
            _listed(generic),
            "a detail of this conversation",
            ("mistakes.generic",),
            channels=WRITTEN,
        ),
        Review(
            "names", _listed(names), "the right people and company", ("email.proofread", "thanks.by-name")
        ),
        Review("pressing", _listed(pressing), "no begging, no pressure", ("mistakes.aggressive",)),
        Review("proofread", _listed(proofread), "spelling and slips", ("email.proofread",)),
        Review(
            "subject",
            _listed(subject),
            "the subject names the purpose",
            ("email.subject",),
            channels=LETTERS,
        ),
        Review(
            "tailored",
            _listed(tailored),
            "unlike every other note",
            ("rounds.tailored", "mistakes.generic"),
            channels=WRITTEN,
        ),
    )
