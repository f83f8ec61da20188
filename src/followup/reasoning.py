"""Reasoning: the paragraph that says why a follow-up does not go out, and what would change that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from followup.condition_words import condition_words
from followup.conditions import All, AnyOf, Condition, Elements, Not, Test
from followup.fact_words import fact_lacking, fact_name, fact_plain, fact_unknown, fact_value
from followup.history import person_calendar
from followup.planning import holding
from followup.scheduling import Placement
from followup.scope import Scope
from followup.standing import stopped_by
from followup.supposing import ChangeSet
from followup.telling import event_words, listed, person_name, stage_words, whence_words
from followup.wording import day, day_and_time

if TYPE_CHECKING:
    from followup.scheduling import Schedule
    from followup.supposing import Subject

__all__ = ["Outcome", "paragraph_of"]

_GATE = {
    "one-a-day": "nobody gets a second message within a day of one that they have not answered",
    "unanswered": "three requests stand unanswered, and one more would press them",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a follow-up by itself: `when` it goes out, perhaps not `first`; or when it lapses, and
    what goes out instead.
    """

    when: datetime | None = None
    lapses: datetime | None = None
    instead: str = ""
    first: bool = True


def paragraph_of(
    subject: Subject,
    alone: Outcome,
    goal: str,
    changes: Sequence[ChangeSet],
    shut: str | None,
    made: Schedule,
    complete: bool,
) -> str:
    """Why, until when, and what would change it: two to four sentences."""
    sentences = [_why(subject, made)]
    status = subject.placement.status if subject.placement is not None else "silent"
    if status == "done":
        return f"{sentences[0]} There is nothing more to do."
    if status == "due":
        return f"{sentences[0]} Nothing stands in its way."
    if shut is not None:
        return f"{sentences[0]} Nothing that you could note would change this: {shut}."
    sentences += _by_itself(subject, alone)
    sentences.append(_changes(subject, changes, goal, alone.when, complete))
    return " ".join(sentences)


def _name(subject: Subject) -> str:
    """The follow-up in words: `“Ask politely for an update” to Priya Raman`."""
    title = subject.rule.title or subject.rule.name
    who = subject.candidate.to if subject.candidate is not None else None
    if subject.rule.to_self or who in (None, "-"):
        return f"“{title}”"
    return f"“{title}” to {person_name(subject.scope.history.state, who)}"


def _why(subject: Subject, made: Schedule) -> str:
    placement = subject.placement
    name = _name(subject)
    if placement is None:
        return _why_silent(subject, name)
    seen, state = placement.outlook, subject.scope.history.state
    match placement.status:
        case "due":
            end = seen.window.end
            until = f", and may go out until {_moment(subject, end)}" if end is not None else ""
            return f"{name} is due now{until}."
        case "done":
            settled = seen.settled_by
            on = f" on {day(subject.scope.calendar.day(settled.at))}" if settled else ""
            return f"{name} was done{on}."
        case "skipped":
            return f"You decided to skip {name}."
        case "snoozed":
            later = seen.window.snoozed_until
            to = f" until {_moment(subject, later)}" if later is not None else ""
            return f"You put {name} off{to}."
        case "missed":
            end = seen.window.end
            until = f": it could have gone out until {_moment(subject, end)}" if end is not None else ""
            return f"The time for {name} is over{until}."
        case "moot":
            return f"{name} is no longer needed: {_moot(placement)}."
        case "blocked":
            return f"{name} cannot go out yet: {_missing(placement, state)}."
        case "held":
            lifts = placement.lifts
            until = f" until {_moment(subject, lifts)}," if lifts is not None else ""
            return f"{name} waits{until} because {_held(placement, made)}."
    if placement.host is not None:
        host = next(p.candidate.rule for p in made.placements if p.key == placement.host)
        return f"{name} rides in “{host.title or host.name}”, whose time has not come."
    return f"{name} is planned, and its time has not come{_opening(placement)}."


def _why_silent(subject: Subject, name: str) -> str:
    rule = subject.rule
    if subject.candidate is None:
        awaited = listed(
            list(dict.fromkeys(whence_words(pattern.type, pattern.intents) for pattern in rule.after)), "or"
        )
        history = subject.scope.history
        if rule.origin is not None and any(history.by_type.get(pattern.type) for pattern in rule.after):
            unknown = fact_unknown(rule.origin.path, history.state, subject.scope.person_id)
            return f"{name} has nothing to do here yet: {unknown}."
        return f"{name} has nothing to do here yet: it waits for {awaited}, and none is noted."
    state = subject.scope.history.state
    unmet = list(dict.fromkeys(_unmet(rule.when, subject.scope, True)))
    if not unmet:
        unmet = [text for choice in rule.via for text in _unmet(choice.when, subject.scope, True)]
    said = "; ".join(unmet[:3]) or "its conditions and its time never meet"
    return f"{name} does not fit what is noted of {state.company.name}: {said}."


def _unmet(condition: Condition, scope: Scope, so: bool) -> Iterator[str]:
    """What a condition asks for and does not get, in words."""
    now, state = scope.history.now, scope.history.state
    truth = condition.truth(scope, scope.calendar)
    if (now in truth.certain) if so else (now not in truth.possible):
        return
    match condition:
        case All(parts=parts):
            for part in parts:
                yield from _unmet(part, scope, so)
        case AnyOf(parts=parts):
            yield listed([text for part in parts for text in _unmet(part, scope, so)], "and")
        case Not(part=part):
            yield from _unmet(part, scope, not so)
        case Test():
            yield _test_words(condition, scope, so)
        case Elements():
            yield fact_lacking(condition.path, state)
        case _:
            yield f"it asks that {condition.text}, which is not so"


def _test_words(test: Test, scope: Scope, so: bool) -> str:
    state, person = scope.history.state, scope.person_id
    for path in test.unknown(scope, scope.calendar):
        return fact_unknown(path, state, person)
    value = test.get(scope)
    if test.operator.name == "known":
        if test.operand is so:
            return fact_unknown(test.path, state, person)
        return f"{fact_name(test.path, state, person)} is noted already, and this is for when it is not"
    if test.operator.name == "count" and isinstance(value, tuple | list) and value and so:
        found = f"there {'is' if len(value) == 1 else 'are'} {len(value)} ({test.path})"
        return f"this is for when {condition_words(test)}, and {found}"
    if test.operator.name in ("count", "contains", "contains_any"):
        return fact_lacking(test.path, state, person)
    if test.path == "stage":
        wanted = sorted(test.operand) if isinstance(test.operand, frozenset) else [test.operand]
        meant = listed([stage_words(str(stage)) for stage in wanted], "or")
        return f"{stage_words(str(value))}, and it is {'' if so else 'not '}for the time when {meant}"
    if test.operator.name in ("at_least", "at_most", "more_than", "less_than") and so:
        return f"this is for when {condition_words(test)}, and here it is {value} ({test.path})"
    if isinstance(value, str | bool | int):
        shown = str(value).lower() if isinstance(value, bool) else str(value)
        asked = f"{'' if so else 'not '}{test.wanted}"
        return f"{fact_value(test.path, shown, state, person)}, and the rule asks for: {asked}"
    return f"the rule asks {'' if so else 'not '}that {test.text}, and that is not so"


def _moot(placement: Placement) -> str:
    candidate = placement.candidate
    state = candidate.scope.history.state
    stop = stopped_by(candidate)
    if stop is not None and not candidate.anchor.is_cancelled:
        on = day(candidate.scope.calendar.day(stop.at))
        ahead = stop.at > candidate.scope.history.now
        return f"on {on}, {event_words(stop.event, state, 'happens' if ahead else 'happened')}"
    return placement.outlook.reasons[0].text if placement.outlook.reasons else "something else took its place"


def _missing(placement: Placement, state: object) -> str:
    candidate = placement.candidate
    given = candidate.scope.history.state
    told = []
    for need in placement.outlook.needs:
        if need == "people":
            told.append("nobody is noted to whom it could go (people)")
        elif need.startswith("channel "):
            told += [r.text for r in placement.outlook.reasons if r.name == need.removeprefix("channel ")]
        else:
            bad = [
                r.text for r in placement.outlook.reasons if "came back" in r.text and need.endswith(r.name)
            ]
            told.append(bad[0] if bad else fact_unknown(need, given, candidate.scope.person_id))
    told += [r.text for r in placement.outlook.reasons if r.kind == "guard"]
    return listed(list(dict.fromkeys(told))) or "something is missing"


def _held(placement: Placement, made: Schedule) -> str:
    texts = [
        _GATE.get(limit.name, limit.text) if limit.kind == "gate" else limit.text
        for limit in holding(placement)
    ]
    if placement.displaced_by is not None:
        other = next((p.candidate.rule for p in made.placements if p.key == placement.displaced_by), None)
        title = other.title or other.name if other is not None else placement.displaced_by
        texts.append(f"“{title}” comes first")
    texts += [reason.text for reason in placement.outlook.reasons if reason.kind in ("guard", "gate")]
    return "; ".join(dict.fromkeys(texts)) or "a guard holds it"


def _opening(placement: Placement) -> str:
    candidate = placement.candidate
    if candidate.rule.wait is None or not candidate.rule.wait.amount or candidate.attempt > 1:
        return ""
    event, state = candidate.anchor.event, candidate.scope.history.state
    if candidate.rule.origin is not None:
        since = fact_plain(candidate.rule.origin.path, state, candidate.scope.person_id)
        return f": it opens {candidate.rule.wait} after {since}"
    on = day(candidate.scope.calendar.day(event.at))
    over = event.end <= candidate.scope.history.now
    words = event_words(event.event, state, "happened" if over else "happens")
    return f": it opens {candidate.rule.wait} after {words} on {on}"


def _by_itself(subject: Subject, alone: Outcome) -> Iterator[str]:
    if alone.when is not None:
        goes = "comes up" if subject.rule.to_self else "goes out"
        sending = "" if alone.first else "you send what is due and "
        yield f"If {sending}nothing else happens, it {goes} on {day_and_time(alone.when)}."
    elif alone.instead:
        on = f", on {day(alone.lapses)}" if alone.lapses is not None else ""
        yield f"If nothing else happens, it will not be needed: “{alone.instead}” goes out first{on}."
    elif alone.lapses is not None:
        yield f"If nothing else happens, its time runs out on {day_and_time(alone.lapses)}."


def _changes(
    subject: Subject, changes: Sequence[ChangeSet], goal: str, when: datetime | None, complete: bool
) -> str:
    if not changes and not complete:
        return "No small change was found that would do more."
    if not changes:
        if when is not None:
            return "Nothing that you could note now would make it due sooner."
        return "Nothing that you could note now would bring it about."
    if goal == "due":
        return f"It would be due now if {'; or if '.join(change.words for change in changes)}."
    times: dict[datetime, list[str]] = {}
    for change in changes:
        times.setdefault(change.when, []).append(change.words)
    told = [f"on {day_and_time(at)} if {'; or if '.join(words)}" for at, words in times.items()]
    goes = "come up" if subject.rule.to_self else "go out"
    return f"It would {goes} {'; '.join(told)}."


def _moment(subject: Subject, at: int) -> str:
    return day_and_time(person_calendar(subject.scope.history.state, None).local(at))
