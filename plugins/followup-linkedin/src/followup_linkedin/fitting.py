"""The review `linkedin-kind`: whether a draft fits what it is on the site, with the account that you have."""

from __future__ import annotations

from collections.abc import Iterator

from followup.hookspecs import Review, ReviewContext
from followup.plan import Draft, Finding
from followup_linkedin.channel import too_long
from followup_linkedin.limits import INMAIL, MESSAGE, account_in, kind_of, length

__all__ = ["REVIEW"]


def check(draft: Draft, context: ReviewContext) -> tuple[Finding, ...]:
    """What is wrong with it as a note, a message or an InMail."""
    return tuple(_findings(draft, context))


def _findings(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    kind = kind_of(context.intent, context.facts)
    told_by_channel = INMAIL.body if draft.subject else MESSAGE.body
    if kind.body < length(draft.body) <= told_by_channel:
        yield too_long(draft, kind)
    if draft.subject and not kind.subject:
        text = f"{kind.article} has no subject on LinkedIn"
        yield Finding("linkedin", "warning", text, "subject", "leave it out")
    account, own = account_in(context.facts), context.facts.get("linkedin", {})
    if kind is INMAIL and own.get("connected") is False and not account.writes_to_anybody:
        text = "a free account cannot write to somebody who is no contact"
        cure = "invite them first, or write by another way"
        yield Finding("linkedin", "warning", text, suggestion=cure)


REVIEW = Review("linkedin-kind", check, "Fits what it is on LinkedIn", channels=frozenset({"linkedin"}))
