"""Judging: a draft is read by its channel and by the reviews, which know the case and its other texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from followup.channels import Channel
from followup.drafting import own_facts, plain_fact
from followup.errors import PluginError
from followup.events import Custom, Declined, Interview, News, Offer, Promise, Rejection, Sent, Withdrawal
from followup.fields import Fact
from followup.history import History, person_calendar
from followup.hookspecs import OtherText, Review, ReviewContext
from followup.languages import Language
from followup.messages import nested
from followup.moments import moment
from followup.plan import Draft, Finding
from followup.scope import Scope
from followup.state import InterviewState
from followup.templates import bounded
from followup.wording import day

__all__ = ["Judge", "known_texts", "language_of", "names_elsewhere", "noted_texts", "sent_texts"]

REVIEWED_FACTS = (
    "candidate.name", "candidate.email", "candidate.phone", "candidate.linkedin", "candidate.distinction",
    "company.name", "company.culture", "position.title", "person.name", "person.first_name", "person.role",
    "person.rapport", "strengths", "topics", "questions", "concerns", "mistakes", "occasion.day",
    "decision_date", "promise.words", "last.offer.terms", "last.offer.unclear", "last.offer.wishes",
    "last.news.about", "last.declined.reason", "candidate.library",
)  # fmt: skip
"""The facts that reviews are given, beside those of the channel's own name."""


class Judge(Struct, frozen=True):
    """Has drafts read by channels and reviews."""

    facts: Mapping[str, Fact]
    reviews: tuple[Review, ...]

    def findings(
        self,
        draft: Draft,
        channel: Channel,
        intent: str,
        scope: Scope,
        language: Language,
        *,
        others: Iterable[OtherText] = (),
        known: tuple[str, ...] = (),
        elsewhere: tuple[str, ...] = (),
    ) -> tuple[Finding, ...]:
        """What the channel finds, and, in what goes to the employer, the reviews.

        `others` are texts that it may not resemble, `known` is `known_texts` of its state, `elsewhere` names
        the companies and people of other opportunities.
        """
        found = [*channel.review(draft)]
        if channel.direction != "employer":
            return tuple(found)
        context = ReviewContext(
            intent=intent,
            channel=channel.name,
            facts=self._facts(channel, scope, language),
            language=language,
            people=_names(scope.history.state),
            known=known or known_texts(scope.history.state),
            others=tuple(others),
            elsewhere=elsewhere,
        )
        for review in self.reviews:
            if (not review.intents or intent in review.intents) and (
                not review.channels or channel.name in review.channels
            ):
                found += _findings(review, draft, context)
        return tuple(found)

    def _facts(self, channel: Channel, scope: Scope, language: Language) -> Mapping[str, Any]:
        values = {name: plain_fact(self.facts[name], scope, language) for name in REVIEWED_FACTS}
        known = {name: bounded(value) for name, value in values.items() if value is not None}
        return nested({**known, **own_facts(self.facts, channel, scope, language)})


def _findings(review: Review, draft: Draft, context: ReviewContext) -> Sequence[Finding]:
    found: object = review.check(draft, context)
    if isinstance(found, (list, tuple)) and all(isinstance(each, Finding) for each in found):
        return found
    raise PluginError(
        f"the review `{review.name}` gave {found!r:.60}; it should give a tuple of `followup.plan.Finding`; "
        "`followup plugins list --cost` says whose it is"
    )


def _names(state: InterviewState) -> tuple[str, ...]:
    return tuple(person.name for person in state.people.values() if person.name)


def known_texts(state: InterviewState) -> tuple[str, ...]:
    """What a state says in words of its own: names, titles, strengths, topics, and what was said.

    Not the texts of messages: what was written once is no excuse to write it again.
    """
    return _each_once((*_names_and_titles(state), *_notes(state)))


def noted_texts(state: InterviewState) -> tuple[str, ...]:
    """The same without names and titles, which are of no language: `von der Heide`, `Head of Sales`."""
    return _each_once(_notes(state))


def _each_once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


def _names_and_titles(state: InterviewState) -> Iterator[str]:
    names = (state.candidate.name, state.company.name, *_names(state))
    yield from names
    yield from (word for name in names for word in name.split() if len(word) > 1)
    yield from (state.position.title, state.position.reference or "")


def _notes(state: InterviewState) -> Iterator[str]:
    candidate = state.candidate
    yield from (candidate.distinction or "", *candidate.strengths)
    for item in candidate.library:
        yield from (item.title, item.summary or "", *item.tags)
    for event in (*state.events, *state.elsewhere):
        if isinstance(event, Interview):
            yield from (topic for topics in event.topics.values() for topic in topics)
            yield from event.questions
            for concern in event.concerns:
                yield from (concern.about, concern.evidence or "")
            for mistake in event.mistakes:
                yield from (mistake.said, mistake.correction or "")
        elif isinstance(event, Offer):
            yield from (event.terms or "", *event.unclear, *event.wishes)
        elif isinstance(event, Promise):
            yield event.words or ""
        elif isinstance(event, News):
            yield event.about
        elif isinstance(event, (Declined, Rejection, Withdrawal)):
            yield event.reason or ""
        elif isinstance(event, Custom):
            yield from (value for value in event.fields.values() if isinstance(value, str))


def sent_texts(history: History) -> Iterator[OtherText]:
    """The words of what was sent before, here and for other opportunities at this company."""
    for happened in (*history.of_type("sent"), *(h for h in history.elsewhere if h.type == "sent")):
        event = happened.event
        if isinstance(event, Sent) and event.text:
            person = history.state.people.get(event.to)
            calendar = person_calendar(history.state, None)
            when = day(moment(happened.at, calendar.tzinfo))
            yield OtherText((person and person.name) or event.to, event.text, when)


def names_elsewhere(states: Iterable[InterviewState], here: InterviewState) -> tuple[str, ...]:
    """The names of companies and people in other opportunities, without those that this one shares."""
    own = {name.casefold() for name in (here.company.name, here.candidate.name, *_names(here))}
    found = (name for state in states for name in (state.company.name, *_names(state)))
    return tuple(dict.fromkeys(name for name in found if name.casefold() not in own))


def language_of(text: str, languages: Mapping[str, Language], default: str) -> Language:
    """The language whose common words stand in a text, the default one where that does not tell."""
    words = [word.strip(".,;:!?()\"'").casefold() for word in text.split()]

    def common(code: str) -> int:
        listed = frozenset(languages[code].reviews.get("common", ()))
        return sum(word in listed for word in words)

    best = max(sorted(languages), key=lambda code: (common(code), code == default))
    return languages[best if common(best) > 2 * common(default) else default]
