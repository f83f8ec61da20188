"""Random states whose histories are played against random packs.

Something due is sent, something else happens, time goes by; so that keys, spacing, bounces and parts
meet as they do in life. Every time lies on a full hour.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st
from tests.reference.engine import plan
from tests.reference.grid import BASE
from tests.reference.packs import INTENTS, Dict, Draw, chance, packs

START = 24 * 110
"""The grid hour of the first event, in October: clocks change and holidays fall in the weeks after it."""
ROLES = ["hiring manager", "interviewer", "recruiter", "hr", "scheduler", "Interviewer"]
PEOPLE = ["dana", "lee", "priya", "sam"]
ZONES = ["America/Chicago", "America/Chicago", "Europe/Berlin", "UTC"]


def at(hour: int) -> str:
    return (BASE + timedelta(hours=hour)).isoformat()


def _hours_until(text: str) -> int:
    return (datetime.fromisoformat(text) - BASE) // timedelta(hours=1)


def day(draw: Draw, hour: int, low: int, high: int) -> str:
    """A day or an exact time, so many days from an hour."""
    there = hour + 24 * draw(st.integers(low, high))
    return at(there)[:10] if chance(draw, 0.7) else at(there)


@st.composite
def persons(draw: Draw) -> Dict:
    everybody: Dict = {}
    usual = dict(zip(PEOPLE, ["hiring manager", "Interviewer", "hr", "recruiter"], strict=True))
    for name in PEOPLE[: draw(st.sampled_from([2, 3, 4, 4]))]:
        person: Dict = {"name": f"{name.title()} Doe"}
        if chance(draw, 0.9):
            person["role"] = usual[name] if chance(draw, 0.7) else draw(st.sampled_from(ROLES))
        if chance(draw, 0.9):
            person["email"] = draw(
                st.sampled_from(
                    [f"{name}@initech.example"] * 5 + ["dana@initech.example", "Dana@Initech.example"]
                )
            )
        for field, value in (
            ("phone", "+1 312 555 0100"),
            ("linkedin", f"https://www.linkedin.com/in/{name}"),
        ):
            if chance(draw, 0.4):
                person[field] = value
        if chance(draw, 0.5):
            person["rapport"] = draw(st.sampled_from(["friendly", "neutral", "distant"]))
        if chance(draw, 0.2):
            person["timezone"] = draw(st.sampled_from(ZONES))
        everybody[name] = person
    return everybody


@st.composite
def interviews(draw: Draw, hour: int, known: list[str], number: int) -> Dict:
    named = draw(
        st.lists(st.sampled_from(known), min_size=0 if chance(draw, 0.1) else 1, max_size=3, unique=True)
    )
    event: Dict = {"type": "interview", "id": f"r{number}", "at": at(hour), "with": named}
    if chance(draw, 0.4):
        event["minutes"] = draw(st.sampled_from([60, 120]))
    if chance(draw, 0.6):
        event["round"] = draw(st.integers(1, 3))
    if chance(draw, 0.3):
        event["questions"] = ["sql"]
    if named and chance(draw, 0.3):
        event["topics"] = {named[0]: draw(st.sampled_from([["kafka"], ["sql", "go"]]))}
    return event


@st.composite
def states(draw: Draw) -> Dict:
    """A state without events."""
    everybody = draw(persons())
    candidate: Dict = {"name": "Ana Souza"}
    company: Dict = {"name": "Initech"}
    if chance(draw, 0.8):
        candidate["timezone"] = draw(st.sampled_from(ZONES))
    if chance(draw, 0.6):
        company["timezone"] = draw(st.sampled_from(ZONES))
    if chance(draw, 0.5):
        candidate["strengths"] = draw(
            st.lists(st.sampled_from(["kafka", "SQL", "go"]), max_size=2, unique=True)
        )
    if chance(draw, 0.7):
        company["culture"] = draw(st.sampled_from(["formal", "relaxed"]))
    if chance(draw, 0.5):
        company["country"] = draw(st.sampled_from(["US", "DE"]))
    state: Dict = {
        "format": 1,
        "candidate": candidate,
        "company": company,
        "position": {"title": "Engineer"},
        "people": everybody,
    }
    instructions: Dict = {}
    if chance(draw, 0.2):
        instructions["channels"] = draw(st.sampled_from([["email"], ["phone"], ["email", "phone"]]))
    if chance(draw, 0.3):
        instructions["contact"] = draw(st.sampled_from(sorted(everybody)))
    if chance(draw, 0.2):
        instructions["wait_until"] = day(draw, START, 1, 20)
    if chance(draw, 0.02):
        instructions["no_contact"] = True
    if instructions:
        state["instructions"] = instructions
    return state


@st.composite
def cases(draw: Draw) -> tuple[Dict, Dict, datetime]:
    """A pack, a state whose history was played against it, and a `now`."""
    pack, state = draw(packs()), draw(states())
    known = sorted(state["people"])
    hour, number, rounds = START, 0, 1
    events = [draw(interviews(hour, known, 1))]
    state["events"], elsewhere = events, []
    for _ in range(draw(st.integers(0, 8))):
        hour += draw(st.sampled_from([0, 1, 2, 5, 24, 24, 30, 48, 72, 120, 168, 250]))
        number += 1
        what = draw(
            st.sampled_from(["send"] * 6 + ["incident"] * 5 + ["ending", "interview", "change", "elsewhere"])
        )
        made: Dict = {}
        if what == "send":
            made = _sending(draw, pack, state, hour, known)
        elif what == "incident":
            made = _incident(draw, pack, state, hour, known)
        elif what == "ending":
            made = _ending(draw, hour, known)
        elif what == "interview":
            rounds += 1
            made = draw(interviews(hour + 24 * draw(st.integers(-3, 8)), known, rounds))
            if chance(draw, 0.5):
                made["arranged"] = at(min(hour, _hours_until(made["at"])))
        elif what == "change":
            made = {"type": draw(st.sampled_from(["rescheduled", "cancelled"])), "at": at(hour)}
            made["interview"] = f"r{draw(st.integers(1, rounds))}"
            if made["type"] == "rescheduled":
                made["to"] = at(hour + 24 * draw(st.integers(-2, 8)))
        else:
            made = _elsewhere(draw, hour, known)
            made["id"] = draw(st.sampled_from([f"x{number}", f"e{number - 1}"]))
            elsewhere.append(made)
            continue
        if not made:
            continue
        if "id" not in made and not (
            chance(draw, 0.15) and all(event["at"] != made["at"] for event in events)
        ):
            made["id"] = f"e{number}"
        events.append(made)
    if elsewhere:
        state["elsewhere"] = elsewhere
    now = hour + draw(st.sampled_from([0, 0, 0, 1, 3, 24, 25, 48, 100, 168, 400, -30]))
    return pack, state, BASE + timedelta(hours=now)


def _sending(draw: Draw, pack: Dict, state: Dict, hour: int, known: list[str]) -> Dict:
    """Sends what is due, as the plan has it; or something of one's own."""
    due = sorted(
        (key, f)
        for key, f in plan(pack, state, BASE + timedelta(hours=hour))["followups"].items()
        if f["status"] == "due" and f["host"] is None and f["channel"] and f["to"] != "self"
    )
    own = chance(draw, 0.12) or not due
    if own and not chance(draw, 0.4):
        return {}
    if own:
        made: Dict = {"type": "sent", "at": at(hour), "to": draw(st.sampled_from(known)), "channel": "email"}
        if chance(draw, 0.8):
            made["intent"] = draw(st.sampled_from(INTENTS))
            if chance(draw, 0.3):
                made["key"] = "unknown:r1:dana"
        return made
    key, followup = draw(st.sampled_from(due))
    made = {
        "at": at(hour),
        "to": followup["to"],
        "intent": pack["rules"][followup["rule"]]["intent"],
        "key": key,
    }
    if followup["channel"] == "phone":
        made |= {"type": "called"}
        if chance(draw, 0.8):
            made["outcome"] = draw(st.sampled_from(["spoke", "voicemail", "call back"]))
    else:
        made |= {"type": "sent", "channel": followup["channel"]}
    if chance(draw, 0.7 if followup["parts"] else 0.1):
        made["parts"] = list(followup["parts"])
    if chance(draw, 0.1):
        del made["key"]
    return made


def _incident(draw: Draw, pack: Dict, state: Dict, hour: int, known: list[str]) -> Dict:
    kind = draw(
        st.sampled_from(
            [
                "reply",
                "reply",
                "promise",
                "promise",
                "absence",
                "bounce",
                "skipped",
                "snoozed",
                "snoozed",
                "snoozed",
                "called",
                "done",
            ]
        )
    )
    who = draw(st.sampled_from(known))
    made: Dict = {"type": kind, "at": at(hour)}
    if kind in ("skipped", "snoozed", "done"):
        followups = plan(pack, state, BASE + timedelta(hours=hour))["followups"]
        keys = sorted(key for key, f in followups.items() if kind != "done" or f["to"] == "self")
        if not keys:
            return {}
        made["key"] = draw(st.sampled_from(keys))
        if kind == "snoozed":
            made["until"] = day(draw, hour, 1, 15)
    elif kind == "promise":
        made |= {"by": day(draw, hour, 0, 12)} | ({"who": who} if chance(draw, 0.7) else {})
    elif kind == "absence":
        made |= {"who": who, "until": day(draw, hour, 1, 12)}
    elif kind == "bounce":
        made["to"] = who
        address = state["people"][who].get("email")
        if address and chance(draw, 0.5):
            made["address"] = draw(st.sampled_from([address, address.upper(), "old@initech.example"]))
    elif kind == "called":
        made |= {"to": who, "outcome": draw(st.sampled_from(["spoke", "voicemail", "call back"]))}
        if chance(draw, 0.5):
            made["intent"] = draw(st.sampled_from(INTENTS))
    elif chance(draw, 0.7):
        made["from"] = who
    return made


def _ending(draw: Draw, hour: int, known: list[str]) -> Dict:
    kind = draw(
        st.sampled_from(
            ["offer", "offer", "rejection", "rejection", "withdrawal", "accepted", "declined", "no_contact"]
        )
    )
    made: Dict = {"type": kind, "at": at(hour)}
    if kind == "accepted" and chance(draw, 0.4):
        made["elsewhere"] = True
    elif kind == "no_contact" and chance(draw, 0.6):
        made["who"] = draw(st.sampled_from(known))
    elif kind in ("offer", "rejection") and chance(draw, 0.5):
        made["from"] = draw(st.sampled_from(known))
    return made


def _elsewhere(draw: Draw, hour: int, known: list[str]) -> Dict:
    kind = draw(st.sampled_from(["sent", "sent", "called", "reply", "bounce"]))
    who = draw(st.sampled_from(known))
    made: Dict = {"type": kind, "at": at(hour), "from" if kind == "reply" else "to": who}
    if kind in ("sent", "called") and chance(draw, 0.6):
        made["intent"] = draw(st.sampled_from(INTENTS))
    if kind == "sent":
        made["channel"] = "email"
    return made
