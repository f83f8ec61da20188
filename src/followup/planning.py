"""Planning: a schedule becomes a plan: times in words and zones, reasons, drafts, questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import structs

from followup import wording
from followup.choosing import common_language, language_wanted, unknown_languages, version_for
from followup.conditions import TRUE_CONDITION
from followup.contacts import key_parts
from followup.drafting import Drafter, Undrafted
from followup.durations import Duration
from followup.errors import did_you_mean
from followup.gate import Restriction
from followup.history import person_calendar
from followup.judging import Judge, language_of, names_elsewhere, noted_texts
from followup.keeping import KeptDraft, address_of, stale
from followup.languages import Language
from followup.lasting import next_change
from followup.moments import Instant, instant, moment
from followup.plan import PENDING, Draft, Finding, FollowUp, Plan, Question, Reason, Recipient
from followup.proposing import NOBODY, SELF, Candidate
from followup.releasing import Text, released, review
from followup.scheduling import Placement, Rules, Schedule, schedule
from followup.silence import silent
from followup.state import InterviewState
from followup.telling import message_words
from followup.windows import named

if TYPE_CHECKING:
    from followup.advice import Advice

__all__ = ["Planner", "recipient_of"]

NONE_KEPT: Mapping[str, KeptDraft] = MappingProxyType({})
ORDER = {
    status: place
    for place, status in enumerate(
        ("due", "held", "blocked", "scheduled", "snoozed", "done", "skipped", "moot", "missed")
    )
}


def recipient_of(candidate: Candidate) -> Recipient | None:
    """To whom a candidate goes."""
    state = candidate.scope.history.state
    if candidate.to == NOBODY:
        return None
    if candidate.to == SELF:
        return Recipient(SELF, state.candidate.name)
    person = candidate.scope.person
    return Recipient(candidate.to, (person.name if person else None) or candidate.to)


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans from schedules. Holds what an engine knows; no state of its own."""

    rules: Rules
    drafter: Drafter
    judge: Judge
    advice: Callable[[], Mapping[str, Advice]]

    def plan(
        self,
        state: InterviewState,
        now: Instant,
        *,
        drafts: bool,
        reasons: bool,
        kept: Iterable[KeptDraft] = (),
        others: Iterable[InterviewState] = (),
    ) -> Plan:
        """The plan of a state at `now`, with the kept drafts in the place of its own."""
        made = schedule(state, now, self.rules)
        zone = person_calendar(state, None).tzinfo
        own = {each.key: each for each in kept}
        followups = self._followups(made, drafts=drafts, reasons=reasons, kept=own)
        if drafts:
            elsewhere = names_elsewhere(others, state)
            followups = released(
                followups, made, self.judge, self._languages(), self.rules.channels, elsewhere
            )
        when = {p.key: p.outlook.window.opens if p.at is None else p.at for p in made.placements}
        followups.sort(key=lambda f: (ORDER[f.status], when[f.key], f.key))
        change = next_change(made, state, self.rules)
        return Plan(
            now=moment(now, zone),
            stage=made.history.stage,
            next_change=None if change is None else moment(change, zone),
            followups=tuple(followups),
            questions=tuple(_questions(made)),
            silent=tuple(silent(made, self.rules)) if reasons else (),
            notes=(*unknown_languages(state, self.drafter.languages), *self._strange_keys(made)),
        )

    def _followups(
        self, made: Schedule, *, drafts: bool, reasons: bool, kept: Mapping[str, KeptDraft] = NONE_KEPT
    ) -> list[FollowUp]:
        """The placements of a schedule as follow-ups, with drafts that nobody has read yet."""
        times = _Times(person_calendar(made.history.state, None).tzinfo)
        found = [self._followup(placement, times, made, reasons) for placement in made.placements]
        if not drafts:
            return found
        return [
            self._drafted(followup, placement, made, kept.get(followup.key))
            if followup.host is None and followup.status in PENDING
            else followup
            for followup, placement in zip(found, made.placements, strict=True)
        ]

    def _followup(self, placement: Placement, times: _Times, made: Schedule, reasons: bool) -> FollowUp:
        candidate, seen = placement.candidate, placement.outlook
        rule, window = candidate.rule, seen.window
        if placement.host is not None:
            window = next(p.outlook.window for p in made.placements if p.key == placement.host)
        channel = window.channel_at(made.now if placement.at is None else placement.at)
        advice = _advice(placement, channel)
        return FollowUp(
            key=candidate.key,
            rule=rule.name,
            scenario=rule.scenario,
            intent=rule.intent,
            title=rule.title,
            advice=advice,
            status=placement.status,
            to=recipient_of(candidate),
            channel=channel,
            opens=times[seen.window.opens],
            closes=times[seen.window.end],
            at=times[placement.at],
            lifts=times[placement.lifts],
            parts=placement.parts,
            host=placement.host,
            needs=seen.needs if placement.host is None else (),
            reasons=tuple(self._reasons(placement, advice)) if reasons else (),
        )

    def _drafted(
        self, followup: FollowUp, placement: Placement, made: Schedule, kept: KeptDraft | None
    ) -> FollowUp:
        candidate = placement.candidate
        channel = self.rules.channels.get(followup.channel or "")
        if channel is None:
            return followup
        changed = None if kept is None else stale(kept, followup, address_of(candidate.scope.person, channel))
        if kept is not None and changed is None:
            language = self._language_of(kept, candidate)
            own = self.drafter.reworded(kept, channel, candidate.scope, followup.intent, language)
            return structs.replace(followup, draft=own)
        message = candidate.rule.message
        if message is None:
            return followup
        by_key = {p.key: p.candidate for p in made.placements}
        riding = [part for key in placement.parts if (part := by_key[key]).rule.message is not None]
        wanted = language_wanted(candidate)
        spoken = common_language(wanted, (message, *(p.rule.message for p in riding if p.rule.message)))
        message = version_for(candidate, spoken)
        try:
            parts = [self.drafter.part(version_for(part, spoken), part.scope) for part in riding]
            draft = self.drafter.draft(
                message, channel, candidate.scope, followup.key, followup.intent, parts
            )
        except Undrafted as problem:
            if followup.status == "blocked":
                return followup
            needs = tuple(named(path, candidate) for path in problem.needs) or ("message",)
            reason = Reason("need", message.name, str(problem), message.place.short)
            return structs.replace(
                followup, status="blocked", needs=needs, reasons=(*followup.reasons, reason)
            )
        other = self.drafter.languages.get(wanted) if wanted != spoken else None
        mixed = () if other is None else (_not_in(other.language),)
        foreign = tuple(self._foreign(draft, candidate.scope.history.state))
        told = () if changed is None else (changed,)
        return structs.replace(followup, draft=draft, findings=(*told, *mixed, *foreign))

    def _language_of(self, kept: KeptDraft, candidate: Candidate) -> Language:
        wanted = language_wanted(candidate)
        return language_of(kept.body, self._languages(), wanted if wanted in self.drafter.languages else "en")

    def _foreign(self, draft: Draft, state: InterviewState) -> Iterator[Finding]:
        """What was noted in another language than the draft's, and stands in it as it was noted."""
        languages = {code: spoken.language for code, spoken in self.drafter.languages.items()}
        body = draft.body.casefold()
        noted = (text for text in noted_texts(state) if text.strip(" .?!").casefold() in body)
        for text in noted:
            found = language_of(text, languages, draft.language)
            if found.code != draft.language:
                told = (
                    f"`{text[:60]}` looks like {found.name}; the draft is in {languages[draft.language].name}"
                )
                yield Finding("language", "warning", told, "body", "note it in the language of the draft")

    def review(
        self, text: Text, state: InterviewState, now: Instant | None, elsewhere: Iterable[InterviewState]
    ) -> tuple[Finding, ...]:
        """What the channel and the reviews find in a text; without `now` after the last event.

        Raises UsageError.
        """
        if now is None:
            now = max((instant(event.at) for event in state.events), default=0)
        made = schedule(state, now, self.rules)
        followups = self._followups(made, drafts=True, reasons=False)
        return review(text, followups, made, self.judge, self._languages(), elsewhere)

    def _languages(self) -> Mapping[str, Language]:
        return {code: spoken.language for code, spoken in self.drafter.languages.items()}

    def _strange_keys(self, made: Schedule) -> Iterator[str]:
        """What is said of follow-ups that there are not: a misspelt key would go unnoticed."""
        known: Mapping[str, str] = {}
        for happened in made.history.of_type("skipped", "snoozed", "done"):
            known = known or made.statuses()
            key = str(getattr(happened.event, "key", ""))
            parts = key_parts(key)
            if key not in known and (
                parts is None or parts[0] not in self.rules.rules or parts[1] not in made.history.by_id
            ):
                cure = did_you_mean(key, known)
                yield f"no follow-up has the key `{key[:80]}` of the {happened.type} event; {cure}".rstrip(
                    "; "
                )

    # Reasons

    def _reasons(self, placement: Placement, advice: tuple[str, ...]) -> Iterator[Reason]:
        candidate, seen = placement.candidate, placement.outlook
        rule = candidate.rule
        yield Reason("rule", rule.name, rule.about or rule.title, rule.place.short)
        if rule.decided_by is not None:
            yield Reason("rule", rule.name, f"changed in {rule.decided_by.short}", rule.decided_by.short)
        yield Reason("event", candidate.anchor.event.type, _anchored(candidate))
        yield Reason("window", rule.name, _window(candidate, seen.window.end), rule.place.short)
        yield from seen.reasons
        for limit in holding(placement):
            yield Reason(limit.kind, limit.name, _until(limit, placement), limit.at)
        if placement.host is not None:
            yield Reason("join", placement.host, f"rides in {placement.host}", rule.place.short)
        elif placement.only_rides:
            hosts = f"goes out only inside another message to them: {message_words(rule.join)}"
            yield Reason("join", rule.name, hosts, rule.place.short)
        if placement.displaced_by is not None:
            yield self._displaced(placement)
        for id_ in rule.advice:
            if id_ in advice and (found := self.advice().get(id_)):
                yield Reason("advice", id_, found.says)

    def _displaced(self, placement: Placement) -> Reason:
        other = placement.displaced_by or ""
        rule = self.rules.rules.get(other.split(":")[0])
        if rule is not None and rule.intent == placement.candidate.rule.intent:
            return Reason("gate", "one-wish", f"{other} says the same and comes first")
        return Reason("gate", "spacing", f"{other} comes first; contacts are spaced")


def _not_in(language: Language) -> Finding:
    text = f"not all of its words exist in {language.name}, so that it is in English"
    return Finding("language", "warning", text, "body", f"write it in {language.name}, or send it as it is")


def holding(placement: Placement) -> tuple[Restriction, ...]:
    """The guards that hold a follow-up now, or that will when its own time comes."""
    if placement.status not in ("held", "scheduled", "snoozed"):
        return ()
    seen = placement.outlook
    when = seen.window.natural.first(placement.candidate.scope.history.now)
    return tuple(limit for limit in seen.window.restrictions if when is None or when not in limit.allowed)


def _until(limit: Restriction, placement: Placement) -> str:
    """What a guard says, and until when it holds."""
    now = placement.candidate.scope.history.now
    when = placement.outlook.window.natural.first(now)
    lifts = limit.allowed.first(now if when is None else when)
    return limit.text if lifts is None else f"{limit.text}; until {_day_in_words(lifts, placement.candidate)}"


def _advice(placement: Placement, channel: str | None) -> tuple[str, ...]:
    """The advice that a follow-up carries out: its rule's, its message's, and that of guards that hold it."""
    rule = placement.candidate.rule
    found = rule.advice + (rule.message.advice if rule.message else ())
    for limit in holding(placement):
        found += limit.advice
    return _carried_out(found, tuple([choice.channel for choice in rule.via]), channel)


@lru_cache(maxsize=4096)
def _carried_out(advice: tuple[str, ...], via: tuple[str, ...], channel: str | None) -> tuple[str, ...]:
    """What a section of the advice that bears the name of a channel says, only that channel carries out."""
    others = {*via} - {channel}
    return tuple(id_ for id_ in dict.fromkeys(advice) if id_.partition(".")[0] not in others)


class _Times(dict[Instant | None, datetime | None]):
    """What clocks in a zone show at an instant; each is looked up once."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__({None: None})
        self.zone = zone

    def __missing__(self, at: Instant) -> datetime:
        shown = self[at] = moment(at, self.zone)
        return shown


def _day_in_words(at: Instant, candidate: Candidate) -> str:
    """On the candidate's clocks, as all times of a plan."""
    home = person_calendar(candidate.scope.history.state, None)
    return wording.day_and_time(home.local(at))


def _anchored(candidate: Candidate) -> str:
    event = candidate.anchor.event
    return f"{event.type} {event.id} on {_day_in_words(event.at, candidate)}"


def _window(candidate: Candidate, end: Instant | None) -> str:
    rule = candidate.rule
    wait: Duration | None = (
        rule.wait if candidate.attempt == 1 else rule.repeat.every if rule.repeat else None
    )
    opens = f"{wait} after" if wait is not None and wait.amount else "from"
    source = rule.origin.path if rule.origin is not None else f"the {candidate.anchor.event.type}"
    closes = ""
    if rule.within is not None:
        closes = f", until {rule.within} after it"
    elif rule.open_for is not None:
        closes = f", for {rule.open_for}"
    return f"{opens} {source}{closes}" + ("" if end is None else f" ({_day_in_words(end, candidate)})")


def _questions(made: Schedule) -> Iterator[Question]:
    """The unknown facts that would change the plan, each with the rules that ask for it."""
    asked: dict[str, dict[str, None]] = {}
    now = made.history.now
    for placement in made.placements:
        seen, candidate = placement.outlook, placement.candidate
        if placement.status in ("done", "skipped", "moot", "missed"):
            continue
        rule, scope = candidate.rule, candidate.scope
        when = seen.window.when
        is_open = when.certain != when.possible and seen.window.possible.first(now) is not None
        conditions = [rule.when] if is_open else []
        conditions += [
            choice.when
            for choice in rule.via
            if choice.when is not TRUE_CONDITION and _could_be_used(choice.channel, candidate)
        ]
        for condition in conditions:
            for path in condition.unknown(scope, scope.calendar):
                asked.setdefault(named(path, candidate), {})[rule.name] = None
    for path, rules in sorted(asked.items()):
        yield Question(
            path, tuple(sorted(rules)), f"What is {path}? It would decide about: {', '.join(sorted(rules))}"
        )


def _could_be_used(channel: str, candidate: Candidate) -> bool:
    found = candidate.scope.channels.get(channel)
    person = candidate.scope.person
    return found is not None and person is not None and found.reaches(person)
