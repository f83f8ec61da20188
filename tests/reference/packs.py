"""Random rule packs. Every duration lies on full hours, and every rule passes the loader."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st
from tests.reference.proposing import CHANNELS

Dict = dict[str, Any]
Draw = st.DrawFn


SHORT = ["1 hour", "6 hours", "24 hours", "1 day", "1 business day", "48 hours", "2 days", "0 days"]
LONG = ["3 days", "1 week", "5 business days", "240 hours", "2 weeks", "1 month", "15 business days"]
DURATIONS = SHORT[:-1] + LONG
HOST_INTENTS = [
    "thanks",
    "thanks",
    "thanks",
    "inquiry",
    "inquiry",
    "inquiry",
    "final",
    "feedback",
    "connect",
    "decline",
    "negotiate",
    "keep-in-touch",
]
JOINING_INTENTS = ["share", "clarify", "correct", "answer"]
INTENTS = [*HOST_INTENTS, *JOINING_INTENTS]
STAGES = [*["awaiting"] * 8, "invited", "offer", "rejected", "new", "accepted"]
EMPLOYER_CHANNELS = ["email", "phone", "linkedin"]

DATES = ["2026-10-20", "2026-10-24", "2026-11-01", "2026-11-10", "2026-10-28T12:00:00+00:00"]
POINTS = [
    *DATES,
    *["decision_date", "instructions.wait_until", "person.absent_until", "last_heard"],
]
"""What a moment may be compared with: days, times and other facts that are moments."""

CALENDAR = ["business hours", "daytime", "business days"]

durations = st.sampled_from(DURATIONS)


def chance(draw: Draw, share: float) -> bool:
    return draw(st.integers(0, 99)) < share * 100


@st.composite
def distances(draw: Draw) -> Any:
    """The least time between two contacts: a duration, or one with intents that do not count."""
    exempt = draw(st.lists(st.sampled_from(INTENTS), max_size=2, unique=True))
    return {"by": draw(durations), "except": exempt} if exempt else draw(durations)


@cache
def leaves() -> st.SearchStrategy[Dict]:
    """A condition with one test."""
    known = st.booleans().map(lambda value: {"known": value})
    number = st.tuples(
        st.sampled_from(["at_least", "at_most", "more_than", "less_than", "is"]), st.integers(0, 3)
    )
    moment = st.one_of(
        known,
        st.tuples(st.sampled_from(["within", "older_than", "older_than"]), durations).map(
            lambda pair: dict([pair])
        ),
        st.sampled_from([{"before": "now"}, {"after": "now"}]),
        st.tuples(st.sampled_from(["before", "after"]), st.sampled_from(POINTS)).map(lambda p: dict([p])),
    )
    past = st.one_of(known, durations.map(lambda d: {"older_than": d}))
    elapsed = st.tuples(st.sampled_from(["at_least", "more_than", "at_most", "less_than"]), durations)
    words = st.sampled_from(
        [
            {"known": True},
            {"known": False},
            {"contains": "kafka"},
            {"contains_any": ["Kafka", "sql"]},
            {"count": {"at_least": 1}},
            {"count": {"less_than": 2}},
            {"some": "sql"},
            {"none": "kafka"},
            {"every": ["sql", "go"]},
        ]
    )
    text = [{"known": True}, {"known": False}]
    culture = st.sampled_from(
        [*text, "relaxed", ["relaxed", "formal"], {"not": "formal"}, {"not_in": ["relaxed"]}]
    )
    rapport = st.sampled_from([*text, "friendly", {"not": "distant"}, ["friendly", "neutral"]])
    role = st.sampled_from([*text, "hr", {"matches": "*manager"}, {"not": "interviewer"}])
    tests: dict[str, st.SearchStrategy[Any]] = {
        "stage": st.one_of(
            st.sampled_from(STAGES), st.just({"not": "offer"}), st.just(["awaiting", "invited"])
        ),
        "company.culture": culture,
        "person.rapport": rapport,
        "person.role": role,
        "decision_date": moment,
        "promise.latest": moment,
        "person.absent_until": moment,
        "instructions.wait_until": moment,
        "last_contact": past,
        "last_heard": past,
        "person.last_contact": past,
        "silence": elapsed.map(lambda pair: dict([pair])),
        "rounds": number.map(lambda pair: dict([pair])),
        "unanswered": number.map(lambda pair: dict([pair])),
        "person.unanswered": number.map(lambda pair: dict([pair])),
        "candidate.strengths": words,
        "topics": words,
        "questions": words,
        "now": st.one_of(
            st.sampled_from(CALENDAR).map(lambda name: {"during": name}),
            st.tuples(st.sampled_from(["before", "after"]), st.sampled_from(DATES)).map(lambda p: dict([p])),
        ),
        "instructions.channels": st.sampled_from([{"contains": "email"}, {"contains": "phone"}]),
    }
    frequent = ["stage", "decision_date", "silence", "company.culture", "person.rapport", "unanswered"]
    return st.sampled_from([*tests, *frequent, *frequent]).flatmap(
        lambda path: tests[path].map(lambda t: {path: t})
    )


@cache
def conditions() -> st.SearchStrategy[Dict]:
    """A condition with up to two levels of `all`, `any` and `not`."""
    leaf = leaves()
    some = st.lists(leaf, min_size=1, max_size=3)
    inner = st.one_of(
        leaf,
        some.map(lambda parts: {"any": parts}),
        some.map(lambda parts: {"all": parts}),
        leaf.map(lambda part: {"not": part}),
    )
    outer = st.one_of(
        inner.map(lambda part: {"not": part}),
        st.lists(inner, min_size=2, max_size=2).map(lambda p: {"any": p}),
    )
    return st.one_of(
        leaf, leaf, inner, outer, st.tuples(leaf, inner).map(lambda pair: {**pair[1], **pair[0]})
    )


@st.composite
def rules(draw: Draw) -> Dict:
    joins, to_self = chance(draw, 0.3), chance(draw, 0.07)
    intent = draw(st.sampled_from(JOINING_INTENTS if joins else INTENTS))
    rule: Dict = {"intent": "task" if to_self else intent, "after": draw(_after())}
    if chance(draw, 0.4):
        rule["anchor"] = draw(st.sampled_from(["first", "last", "each"]))
    if chance(draw, 0.12):
        rule["from"] = draw(
            st.sampled_from(["decision_date", "decision_date", "last_heard", "person.absent_until"])
        )
    ending = draw(st.sampled_from(["within", "open_for", "open_for", "none"]))
    if joins and chance(draw, 0.5):
        rule["after"], ending = "interview", "none"
    elif chance(draw, 0.5):
        rule["wait"] = draw(st.sampled_from(SHORT if ending == "within" else DURATIONS))
    if ending != "none":
        rule[ending] = draw(
            st.sampled_from(LONG if "wait" in rule or chance(draw, 0.5) else ["24 hours", "2 days"])
        )
    if chance(draw, 0.5):
        rule["unless"] = draw(
            st.lists(
                st.sampled_from(["reply", "promise", "interview", "offer", "rejection", {"sent": "thanks"}]),
                min_size=1,
                max_size=3,
                unique_by=str,
            )
        )
    if chance(draw, 0.4):
        rule["when"] = draw(conditions())
    if rule["after"] == "interview" and chance(draw, 0.05):
        rule["when"] = rule.get("when", {}) | {
            "anchor.round": draw(st.sampled_from([1, 2, {"at_least": 2}, {"known": False}]))
        }
    if to_self:
        rule |= {"to": "self", "via": "self"}
    else:
        whom = "contact" if joins and chance(draw, 0.4) else draw(_recipients())
        if whom == "each interviewer" and "interview" not in str(rule["after"]) and not chance(draw, 0.1):
            whom = "contact"
        rule |= {"to": whom, "via": draw(_via(intent in CHANNELS["linkedin"]["intents"]))}
    rule["message"] = "text"
    if joins:
        rule["join"] = draw(
            st.sampled_from([["thanks", "inquiry"], ["thanks", "inquiry", "final", "connect"], "thanks"])
        )
    if chance(draw, 0.15):
        rule["repeat"] = {
            "every": draw(st.sampled_from(["2 days", "1 week", "5 business days"])),
            "times": draw(st.integers(2, 3)),
        }
    if chance(draw, 0.1):
        rule["late"] = "send"
    if chance(draw, 0.3):
        rule["priority"] = draw(st.integers(-1, 2))
    if chance(draw, 0.3):
        rule["prefer"] = draw(st.sampled_from(CALENDAR))
    return rule


@cache
def _after() -> st.SearchStrategy[Any]:
    pattern = st.sampled_from(
        [
            "interview",
            "interview",
            "interview",
            "interview",
            {"sent": "thanks"},
            {"sent": ["thanks", "inquiry"]},
            *["interview"] * 5,
            "promise",
            "reply",
            "offer",
            "rejection",
            "sent",
            {"called": {"outcome": "voicemail"}},
            {"interview": {"round": {"at_least": 2}}},
            {"sent": {"channel": "email"}},
            "absence",
        ]
    )
    several = st.lists(pattern, min_size=2, max_size=3, unique_by=str)
    return st.one_of(pattern, pattern, several, st.just([{"sent": "thanks"}, "interview"]))


@cache
def _recipients() -> st.SearchStrategy[Any]:
    one = ["contact", "contact", "lead", "lead", "hr", "anchor", "recruiter", "hiring manager"]
    line = st.lists(st.sampled_from(one[3:]), min_size=2, max_size=3, unique=True)
    return st.one_of(
        st.just("each interviewer"),
        st.just("each interviewer"),
        st.sampled_from(one),
        st.just("contact"),
        line,
    )


@cache
def _via(linkedin: bool) -> st.SearchStrategy[Any]:
    """Channels; a rule names none that cannot carry its intent."""
    names = [*EMPLOYER_CHANNELS[:2], *EMPLOYER_CHANNELS[2:] * linkedin]
    conditional = st.tuples(st.sampled_from(names), leaves()).map(lambda pair: dict([pair]))
    plain = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    mixed = conditional.map(lambda one: [one, *[c for c in ("email", "phone") if c not in one]])
    return st.one_of(st.just("email"), plain, plain, mixed)


@st.composite
def guards(draw: Draw) -> Dict:
    guard: Dict = {}
    if chance(draw, 0.6):
        intent = st.lists(st.sampled_from(INTENTS), min_size=1, max_size=4, unique=True)
        guard["for"] = draw(
            st.one_of(
                intent.map(lambda names: {"intent": names}),
                st.just({"to": "employer"}),
                st.just({"intent": {"not": "thanks"}}),
                st.just({"rule": "alpha"}),
                st.just({"intent": "inquiry", "to": "employer"}),
            )
        )
    kind = draw(
        st.sampled_from(["until", "while", "outside", "space", "space", "cap", "forbid", "channel", "route"])
    )
    if chance(draw, 0.25):
        guard["when"] = draw(conditions())
    if kind == "until":
        path = draw(
            st.sampled_from(
                [
                    "decision_date",
                    "decision_date",
                    "instructions.wait_until",
                    "person.absent_until",
                    "last_heard",
                ]
            )
        )
        guard["hold"] = {"until": path} | ({"plus": draw(durations)} if chance(draw, 0.6) else {})
    elif kind == "while":
        guard["hold"] = {"while": draw(conditions())}
    elif kind == "outside":
        guard["hold"] = {"outside": draw(st.sampled_from(CALENDAR))}
    elif kind == "space":
        guard["space"] = {}
        if chance(draw, 0.7):
            guard["space"]["person"] = draw(distances())
        if not guard["space"] or chance(draw, 0.6):
            guard["space"]["company"] = draw(distances())
    elif kind == "cap":
        guard["cap"] = {"unanswered": draw(st.integers(1, 3))}
    elif kind == "forbid":
        guard["forbid"] = True
        guard.setdefault("when", draw(conditions()))
        if chance(draw, 0.5):
            guard["for"] = {"intent": JOINING_INTENTS}
    elif kind == "channel":
        guard["forbid"] = {
            "channel": draw(
                st.sampled_from(
                    [{"not_in": "instructions.channels"}, "phone", ["phone", "linkedin"], {"not": "email"}]
                )
            )
        }
    else:
        guard["for"] = guard.get("for", {}) | {"to": "employer"}
        guard["route"] = {"to": "instructions.contact"}
    return guard


@st.composite
def packs(draw: Draw) -> Dict:
    names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    return {
        "format": 1,
        "scenario": "random",
        "rules": {name: draw(rules()) for name in names[: draw(st.sampled_from([1, 2, 3, 3, 4, 5, 6]))]},
        "guards": {f"guard-{n}": draw(guards()) for n in range(draw(st.integers(0, 4)))},
    }
