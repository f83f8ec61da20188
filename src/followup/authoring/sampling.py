"""A made-up case in which a new rule shows what it does, and the tests that come of playing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from followup.authoring.new_rules import SCHEMA_LINE, NewRule
from followup.authoring.yaml_text import flow, scalar
from followup.engine import Engine
from followup.errors import FollowupError
from followup.plan import PENDING, FollowUp, Plan

__all__ = ["PLAYABLE", "MadeTest", "lines_of_test", "made_tests", "sample_state", "test_file", "unplayable"]

MOST_STEPS = 60
"""How many changes of the plan are looked at in search of the moment at which the rule is due."""
INTERVIEWED = "2026-09-15T10:00-05:00"
THANKED = "2026-09-15T11:20-05:00"
HAPPENED = "2026-09-17T10:00-05:00"
LATER = "2026-10-01"
A_MINUTE = timedelta(minutes=1)
_PEOPLE: Mapping[str, Any] = {
    "dana": {"name": "Dana Whitfield", "role": "hiring manager", "email": "dana@initech.example"},
    "rita": {"name": "Rita Lopez", "role": "recruiter", "email": "rita@initech.example"},
    "lee": {"name": "Lee Okafor", "role": "interviewer", "email": "lee@initech.example"},
    "hr": {"name": "Priya Raman", "role": "hr", "email": "priya@initech.example"},
    "sam": {"name": "Sam Ortiz", "role": "scheduler", "email": "sam@initech.example"},
}
_ANCHORS: Mapping[str, Mapping[str, Any]] = {
    "interview": {"id": "r1", "at": INTERVIEWED, "with": ["dana"]},
    "sent": {"to": "dana", "channel": "email"},
    "called": {"to": "dana", "outcome": "spoke"},
    "reply": {"from": "dana"},
    "promise": {"by": "2026-09-24", "who": "dana"},
    "absence": {"who": "dana", "until": "2026-09-24"},
    "bounce": {"to": "dana"},
    "offer": {"from": "dana", "deadline": LATER},
    "rescheduled": {"interview": "r1", "to": "2026-09-22T10:00-05:00"},
    "cancelled": {"interview": "r1"},
    "news": {"about": "a new product"},
    "note": {"text": "a note"},
}
PLAYABLE: Mapping[str, str] = {
    "interview": "an interview took place",
    "sent": "you wrote to somebody (`sent: thanks`: a message of that intent)",
    "called": "you called somebody",
    "reply": "they answered",
    "promise": "they said by when they would decide",
    "absence": "somebody is away",
    "bounce": "a message came back",
    "offer": "they made an offer",
    "rescheduled": "an interview was moved",
    "cancelled": "an interview was called off",
    "news": "they achieved something",
    "note": "you noted something",
}
"""The event types of the core after which a rule can be tried out, and what each means."""
_SETTABLE = ("candidate", "company", "position", "person", "occasion")


@dataclass(frozen=True, slots=True)
class MadeTest:
    """One test of a rule, as plain data beside its name."""

    name: str
    now: datetime
    events: tuple[Mapping[str, Any], ...]
    keys: Mapping[str, Any]


def sample_state(rule: NewRule, engine: Engine) -> dict[str, Any]:
    """A state in which the rule's event has happened and, as far as can be, its conditions hold."""
    channels = engine.vocabulary.channels
    wanted = {channels[name].address_field for name in rule.via if name in channels}
    people = {
        id_: {**person, **{field: given for field, given in _addresses(id_).items() if field in wanted}}
        for id_, person in _PEOPLE.items()
    }
    state: dict[str, Any] = {
        "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "America/Chicago"},
        "company": {"name": "Initech", "country": "US", "timezone": "America/Chicago"},
        "position": {"title": "Data Engineer"},
        "people": people,
        "events": list(_events(rule, engine)),
    }
    for fact, test in rule.when.items():
        owner, _, name = fact.partition(".")
        value = _value_for(test)
        if owner not in _SETTABLE or not name or value is None:
            continue
        if owner == "person":
            for person in people.values():
                person[name] = value
        elif owner == "occasion":
            state["events"][0][name] = value
        else:
            state[owner][name] = value
    return state


def _addresses(id_: str) -> Mapping[str, str]:
    """What a person may be reached at beside their mail, by the field that holds it."""
    return {
        "phone": "+1 312 555 0142",
        "linkedin": f"https://www.linkedin.com/in/{id_}",
        "address": "4 Elm Street\nSpringfield, IL 62701",
    }


def _events(rule: NewRule, engine: Engine) -> Iterator[dict[str, Any]]:
    yield {"type": "interview", **_ANCHORS["interview"]}
    if (rule.after, rule.intent) not in (("interview", "thanks"), ("sent", rule.intent)):
        key = "thank-you:r1:dana"
        yield {"type": "sent", "at": THANKED, "to": "dana", "intent": "thanks", "key": key}
    if rule.after == "interview" or (rule.after, rule.after_intent) == ("sent", "thanks"):
        return
    declared = engine.vocabulary.events.get(rule.after)
    fields = _ANCHORS.get(rule.after, {})
    if declared is not None:
        fields = {name: _example(declared.fields[name]) for name in declared.required}
        fields |= {name: "dana" for name in declared.people if name in declared.required}
    made = {"type": rule.after, "at": HAPPENED, **fields}
    yield {**made, "intent": rule.after_intent} if rule.after_intent else made


def _example(schema: Any) -> Any:
    """A value that a declared field could have."""
    if "enum" in schema:
        return schema["enum"][0]
    kinds: Mapping[Any, Any] = {"integer": 1, "number": 1, "boolean": "true", "array": []}
    return kinds.get(schema.get("type"), "something")


def _value_for(test: Any) -> Any:
    """A value that passes a test, for the simple ones; else None."""
    if isinstance(test, list):
        return test[0] if test else None
    if not isinstance(test, Mapping):
        return test
    for operator in ("is", "in", "at_least", "at_most", "contains"):
        if operator in test:
            return _value_for(test[operator])
    return None


def made_tests(engine: Engine, rule: NewRule, state: dict[str, Any]) -> list[MadeTest]:
    """Tests that hold: due at its moment, not a minute before, nothing after a refusal or once it is done.

    What other rules would say to the same people first is put aside, as far as it must be; the state gets
    a `skipped` event for each. Nothing is returned if the rule never becomes due in this case.
    """
    tries = []
    for intents in (frozenset(), frozenset({rule.intent}), frozenset(engine.vocabulary.intents)):
        played = {**state, "events": [*state["events"], *_skips(engine, rule, state, intents)]}
        due = _first_due(engine, rule, played)
        if due is not None:
            tries.append((due[0].now, played, due))
    if not tries:
        return []
    _, played, due = min(tries, key=lambda tried: tried[0])
    state["events"] = played["events"]
    return list(_tests(engine, rule, played, *due))


def _plan(engine: Engine, state: Mapping[str, Any], now: datetime, *events: Mapping[str, Any]) -> Plan:
    read = engine.read({"format": 1, **state, "events": [*state["events"], *events]})
    return engine.plan(read, now)


def _start(rule: NewRule, state: Mapping[str, Any]) -> datetime:
    """When the rule's event happened."""
    events = [event for event in state["events"] if event["type"] == rule.after]
    return max(datetime.fromisoformat(event["at"]) for event in events)


def _first_due(engine: Engine, rule: NewRule, state: Mapping[str, Any]) -> tuple[Plan, FollowUp] | None:
    now = _start(rule, state)
    for _ in range(MOST_STEPS):
        plan = _plan(engine, state, now)
        found = [followup for followup in plan.due if followup.rule == rule.name]
        if found:
            return plan, found[0]
        if plan.next_change is None:
            return None
        now = plan.next_change
    return None


def _skips(
    engine: Engine, rule: NewRule, state: Mapping[str, Any], intents: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """Events that put aside what other rules would say first, of these intents."""
    start = _start(rule, state) + timedelta(hours=2)
    for followup in _plan(engine, state, start).followups if intents else ():
        if followup.rule != rule.name and followup.intent in intents and followup.status in PENDING:
            yield {"type": "skipped", "at": _iso(start), "key": followup.key}


def _tests(
    engine: Engine, rule: NewRule, state: Mapping[str, Any], plan: Plan, due: FollowUp
) -> Iterator[MadeTest]:
    event = rule.after.replace("_", " ")
    expected: dict[str, Any] = {"key": due.key, "status": "due", "to": due.to.id if due.to else "-"}
    if due.channel is not None:
        expected["channel"] = due.channel
    if due.opens is not None:
        expected["opens"] = _iso(due.opens)
    if due.draft is not None and due.to is not None:
        names = (due.to.name, due.to.name.partition(" ")[0])
        said = next((name for name in names if name in due.draft.body), None)
        expected |= {"says": said} if said else {}
    waits = f"{rule.wait} after the {event}" if rule.wait else f"once the {event} is over"
    yield MadeTest(f"{rule.name} is due {waits}", plan.now, (), {"expect": [expected]})
    before = plan.now - A_MINUTE
    earlier = _not_due(_plan(engine, state, before), rule, due)
    yield MadeTest(f"{rule.name} is not due a minute before", before, (), earlier)
    refusal = {"type": "rejection", "at": _iso(before)}
    refused = _plan(engine, state, plan.now, refusal)
    if not any(f.rule == rule.name and f.status in PENDING for f in refused.followups):
        yield MadeTest(
            f"{rule.name} says nothing after a refusal", plan.now, (refusal,), {"absent": rule.name}
        )
    done = _doing(rule, due, plan.now)
    settled = {"expect": [{"key": due.key, "status": "done"}]}
    later = plan.now + A_MINUTE
    if any(f.key == due.key and f.status == "done" for f in _plan(engine, state, later, done).followups):
        yield MadeTest(f"{rule.name} goes out once", later, (done,), settled)


def _not_due(plan: Plan, rule: NewRule, due: FollowUp) -> dict[str, Any]:
    found = next((followup for followup in plan.followups if followup.key == due.key), None)
    if found is None:
        return {"absent": rule.name}
    return {"expect": [{"key": due.key, "status": found.status}]}


def _doing(rule: NewRule, due: FollowUp, now: datetime) -> dict[str, Any]:
    at = _iso(now)
    if rule.to == "self":
        return {"type": "done", "at": at, "key": due.key}
    kind = "called" if due.channel == "phone" else "sent"
    return {"type": kind, "at": at, "to": due.to.id if due.to else "-", "intent": rule.intent, "key": due.key}


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def unplayable(engine: Engine, rule: NewRule, state: Mapping[str, Any]) -> str:
    """Why the rule never becomes due in its sample case, in one sentence."""
    try:
        plan = _plan(engine, state, _start(rule, state) + timedelta(days=1))
    except FollowupError as error:
        return str(error)
    for followup in plan.followups:
        if followup.rule == rule.name:
            told = followup.reasons[-1].text if followup.reasons else ""
            return f"it is {followup.status}: {', '.join(followup.needs) or told}"
    for silent in plan.silent:
        if silent.rule == rule.name:
            return "; ".join(reason.text for reason in silent.reasons)
    return "nothing is proposed"


def lines_of_test(test: MadeTest, state: Mapping[str, Any] | None) -> list[str]:
    """The entry of a test in `tests.yaml`; with a state, one that does not need the file's."""
    lines = [f"- name: {scalar(test.name)}", f"  now: {_iso(test.now)}"]
    if state is not None:
        lines += ["  state:", *(f"    {line}" for line in _state_lines(state))]
    if test.events:
        lines.append("  events:")
        lines += [f"    - {flow(event)}" for event in test.events]
    for key, value in test.keys.items():
        if isinstance(value, list):
            lines += [f"  {key}:", *(f"    - {flow(item)}" for item in value)]
        else:
            lines.append(f"  {key}: {flow(value)}")
    return lines


def test_file(tests: list[MadeTest], state: Mapping[str, Any]) -> str:
    """A new `tests.yaml` that starts from this state."""
    lines = [SCHEMA_LINE.format(name="tests"), "format: 1", "state:"]
    lines += [f"  {line}" for line in _state_lines(state)]
    lines += ["", "tests:"]
    for index, test in enumerate(tests):
        lines += [*([""] if index else []), *(f"  {line}" for line in lines_of_test(test, None))]
    return "\n".join([*lines, ""])


def _state_lines(state: Mapping[str, Any]) -> Iterator[str]:
    for key, value in state.items():
        if key == "people":
            yield "people:"
            yield from (f"  {id_}: {flow(person)}" for id_, person in value.items())
        elif key == "events":
            yield "events:"
            yield from (f"  - {flow(event)}" for event in value)
        else:
            yield f"{key}: {flow(value)}"
