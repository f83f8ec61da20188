"""Releasing: the drafts of a plan are read together, and one with an error is not let out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from followup.channels import Channel
from followup.errors import UsageError, did_you_mean
from followup.history import History, person_calendar
from followup.hookspecs import OtherText
from followup.judging import Judge, known_texts, language_of, names_elsewhere, sent_texts
from followup.languages import Language
from followup.plan import Draft, Finding, FollowUp, Reason
from followup.proposing import SELF
from followup.scheduling import Schedule
from followup.scope import Scope
from followup.state import InterviewState
from followup.vocabulary import Vocabulary

__all__ = ["Text", "released", "review", "text_for"]

NEEDS = ("draft",)
"""What a follow-up lacks whose draft has an error."""


def released(
    followups: Sequence[FollowUp],
    made: Schedule,
    judge: Judge,
    languages: Mapping[str, Language],
    channels: Mapping[str, Channel],
    elsewhere: tuple[str, ...] = (),
) -> list[FollowUp]:
    """The follow-ups with what reviews find in their drafts; an error keeps a due one from being sent.

    `elsewhere` are names of other opportunities, which a person may have put into their own words.
    """
    known, sent = known_texts(made.history.state), tuple(sent_texts(made.history))
    scopes = {placement.key: placement.candidate.scope for placement in made.placements}
    read = {
        f.key: judge.findings(
            f.draft,
            channels[str(f.channel)],
            f.intent,
            scopes[f.key],
            languages[f.draft.language],
            others=(*_others(followups, f), *sent),
            known=known,
            elsewhere=elsewhere if f.draft.edited else (),
        )
        for f in followups
        if f.draft is not None
    }
    found = [structs.replace(f, findings=(*read.get(f.key, ()), *f.findings)) for f in followups]
    faulty = {f.key: [each for each in f.findings if each.severity == "error"] for f in found}
    return [_released(f, faulty) for f in found]


def _released(followup: FollowUp, faulty: Mapping[str, Sequence[Finding]]) -> FollowUp:
    if followup.status != "due" or not faulty.get(followup.host or followup.key):
        return followup
    reasons = [_host_is_blocked(followup.host)] if followup.host else map(_mend, faulty[followup.key])
    return structs.replace(followup, status="blocked", needs=NEEDS, reasons=(*followup.reasons, *reasons))


def _mend(finding: Finding) -> Reason:
    """Why a draft cannot go out as it is, and what would let it."""
    cure = f"; {finding.suggestion}" if finding.suggestion else ""
    return Reason("review", finding.review, f"{finding.text} ({finding.where}){cure}")


def _host_is_blocked(host: str) -> Reason:
    return Reason("review", host, f"it rides in {host}, whose draft has to be mended first")


def _others(followups: Iterable[FollowUp], followup: FollowUp) -> Iterator[OtherText]:
    """The other drafts that go out by the same channel."""
    for other in followups:
        if other.draft is not None and other.key != followup.key and other.channel == followup.channel:
            yield OtherText(other.to.name if other.to else "nobody", other.draft.body)


class Text(Struct, frozen=True, kw_only=True):
    """A text that somebody wrote or edited, and what it is for.

    `key` names the follow-up whose draft it is, `to` the id of the person; either may be None. `language`
    is a code; None where the text shall tell.
    """

    draft: Draft
    intent: str
    channel: Channel
    to: str | None = None
    key: str | None = None
    language: str | None = None


def text_for(
    draft: Draft,
    vocabulary: Vocabulary,
    languages: Mapping[str, Language],
    *,
    intent: str,
    channel: str,
    to: str | None,
    key: str | None,
    language: str | None,
) -> Text:
    """A text, of which channel, intent and language are given by name. Raises UsageError for unknown ones."""
    found = vocabulary.channels.get(channel)
    if found is None:
        raise UsageError(f"no channel is named `{channel}`; {did_you_mean(channel, vocabulary.channels)}")
    if intent and intent not in vocabulary.intents:
        raise UsageError(f"no intent is named `{intent}`; {did_you_mean(intent, vocabulary.intents)}")
    if language is not None and language not in languages:
        raise UsageError(f"no language has the code `{language}`; {did_you_mean(language, languages)}")
    return Text(draft=draft, intent=intent, channel=found, to=to, key=key, language=language)


def review(
    text: Text,
    followups: Sequence[FollowUp],
    made: Schedule,
    judge: Judge,
    languages: Mapping[str, Language],
    elsewhere: Iterable[InterviewState],
) -> tuple[Finding, ...]:
    """What the channel and the reviews find in a text, read beside the other drafts of a plan.

    Raises UsageError for a key or person that there is not.
    """
    meant = _meant(text, followups, made)
    if meant is not None:
        [scope] = [p.candidate.scope for p in made.placements if p.key == meant.key]
        others = tuple(_others(followups, meant))
    else:
        scope = _scope_after_interview(text.to, made)
        others = tuple(_to_others(text, followups))
    spoken = text.draft.language if text.draft.language in languages else "en"
    return judge.findings(
        text.draft,
        text.channel,
        text.intent,
        scope,
        languages[text.language] if text.language else language_of(text.draft.body, languages, spoken),
        others=(*others, *sent_texts(made.history)),
        elsewhere=names_elsewhere(elsewhere, made.history.state),
    )


def _meant(text: Text, followups: Sequence[FollowUp], made: Schedule) -> FollowUp | None:
    """The follow-up that a text stands for: the one of its key, else one like it, best one to come."""
    by_key = {followup.key: followup for followup in followups}
    if text.key is not None:
        if text.key not in by_key:
            told = f"no follow-up has the key `{text.key[:80]}`; {did_you_mean(text.key, by_key)}"
            raise UsageError(told.rstrip("; "))
        return by_key[text.key]
    people = made.history.state.people
    if text.to not in (None, SELF, *people):
        told = (
            f"the state knows nobody with the id `{str(text.to)[:60]}`; {did_you_mean(str(text.to), people)}"
        )
        raise UsageError(told.rstrip("; "))
    like = [f for f in followups if f.intent == text.intent and f.to is not None and f.to.id == text.to]
    return next((f for f in like if f.draft is not None), next(iter(like), None))


def _to_others(text: Text, followups: Iterable[FollowUp]) -> Iterator[OtherText]:
    """The drafts of other follow-ups than the one that a text stands for, by the same channel."""
    for other in followups:
        to = other.to.id if other.to else None
        apart = text.to is not None and (other.intent, to) != (text.intent, text.to)
        if apart and other.draft is not None and other.channel == text.channel.name:
            yield OtherText(other.to.name if other.to else "nobody", other.draft.body)


def _scope_after_interview(to: str | None, made: Schedule) -> Scope:
    """The history as seen for a person after the last interview that they took part in."""
    history: History = made.history
    met = [h for h in history.interviews if to is None or to in getattr(h.event, "with_", ())]
    anchor = next(iter(reversed(met or history.interviews)), None)
    base = Scope(history, {}, person_calendar(history.state, None), None, anchor)
    return base.of(to) if to in history.state.people else base
