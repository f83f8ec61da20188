"""Builders for the tests: a small state, a pack of rules as plain data, channels that need no plugin."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from click.testing import CliRunner, Result

from followup import Draft, Engine, InterviewState, Plan
from followup.channels import Composition, Limits
from followup.cli.options import Options
from followup.cli.root import cli
from followup.explaining import Check
from followup.hookspecs import hookimpl

ROOT = Path(__file__).parent.parent
HEARING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
"""What a terminal does for a program; one that runs in the background may be deaf to Ctrl-C."""

EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in (".yaml", ".json"))

Plain = dict[str, Any]

INTERVIEW: Plain = {"type": "interview", "id": "r1", "at": "2026-09-15T10:00Z", "with": ["dana", "lee"]}
"""A Tuesday, an hour from ten o'clock."""

PEOPLE: Plain = {
    "dana": {"name": "Dana Whitfield", "role": "hiring manager", "email": "dana@initech.example"},
    "lee": {"name": "Lee Okafor", "role": "interviewer", "email": "lee@initech.example"},
    "hr": {"name": "Priya Raman", "role": "hr", "email": "priya@initech.example"},
}


@cache
def kept_options() -> Options:
    """Options whose engine is loaded once: with the plugins that are installed."""
    return Options()


def invoke(*arguments: str, text: str | None = None) -> Result:
    """A command in this process, on the engine of `kept_options`; `text` is its standard input."""
    return CliRunner().invoke(cli, list(arguments), input=text, obj=kept_options())


def example_day() -> str:
    """The state with which the page of the day begins."""
    page = (ROOT / "docs" / "day.md").read_text("utf-8")
    found = re.search(r'^```yaml title="initech.yaml"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


class PlainChannel:
    """Reaches whoever has an address in one field, and carries the words as they are.

    What it opens is the thread that it was told.
    """

    direction = "employer"

    def __init__(self, name: str, address: str, intents: frozenset[str] = frozenset()) -> None:
        self.name = name
        self.label = name.title()
        self.address_field = address
        self.limits = Limits(intents=intents)

    def reaches(self, person: Any) -> bool:
        return bool((getattr(person, self.address_field) or "").strip())

    def compose(self, composition: Composition) -> Draft:
        thread = composition.thread
        told = (*thread.references, thread.message_id, thread.subject) if thread else ()
        return Draft(composition.subject, composition.body, " ".join(told))

    def review(self, draft: Draft) -> tuple[()]:
        return ()


class PlainChannels:
    """A plugin with `email`, `phone` and `linkedin`, so that a test needs no installed plugin."""

    FOLLOWUP_API = 1

    @hookimpl
    def followup_channels(self) -> list[PlainChannel]:
        return [
            PlainChannel("email", "email"),
            PlainChannel("phone", "phone"),
            PlainChannel("linkedin", "linkedin", frozenset({"connect", "congratulate", "keep-in-touch"})),
        ]


def time(text: str) -> datetime:
    """`2026-09-15T10:00`, in UTC where no offset is given."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def state(*events: Plain, **changes: Any) -> InterviewState:
    """Ana's interview at Initech, everything in UTC, with these events; `changes` replace whole keys."""
    return InterviewState.from_dict(
        {
            "format": 1,
            "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC"},
            "company": {"name": "Initech", "timezone": "UTC"},
            "position": {"title": "Data Engineer"},
            "people": PEOPLE,
            "events": list(events),
            **changes,
        }
    )


def sent(at: str, to: str = "dana", intent: str | None = "thanks", **more: Any) -> Plain:
    """A `sent` event."""
    return {"type": "sent", "at": at, "to": to, **({"intent": intent} if intent else {}), **more}


def rule(**keys: Any) -> Plain:
    """A rule that asks the lead by mail after each interview, as far as `keys` do not say otherwise.

    A key that Python cannot spell has an underscore at its end: `from_`.
    """
    given = {key.rstrip("_"): value for key, value in keys.items()}
    return {"title": "", "intent": "inquiry", "after": "interview", "to": "lead", "via": "email", **given}


def engine_of(
    rules: Mapping[str, Plain],
    guards: Mapping[str, Plain] | None = None,
    messages: Mapping[str, str] | None = None,
    **more: Any,
) -> Engine:
    """An engine with nothing but these rules and guards, each rule with a message of its name."""
    pack = {
        "format": 1,
        "scenario": "test",
        "title": "A test",
        "rules": rules,
        "guards": guards or {},
        **more,
    }
    texts = dict.fromkeys(rules, "---\nsubject: A subject\n---\nSome words.\n") | dict(messages or {})
    with TemporaryDirectory() as folder:
        Path(folder, "messages").mkdir()
        Path(folder, "scenario.yaml").write_text(json.dumps(pack, indent=1), encoding="utf-8")
        for name, text in texts.items():
            Path(folder, "messages", f"{name}.md").write_text(text, encoding="utf-8")
        return Engine.load([folder], builtin=False, plugins=False, extra_plugins=[("plain", PlainChannels())])


def builtin_engine(**more: Any) -> Engine:
    """The built-in scenarios over plain channels, whatever is installed; one where nothing is added."""
    return new_builtin_engine(**more) if more else _kept_engine()


@cache
def _kept_engine() -> Engine:
    return new_builtin_engine()


def new_builtin_engine(**more: Any) -> Engine:
    """The same, loaded anew: for who compares two engines."""
    return Engine.load(plugins=False, extra_plugins=[("plain", PlainChannels())], **more)


def plan_of(rules: Mapping[str, Plain], given: InterviewState, now: str, **more: Any) -> Plan:
    """The plan of a pack made for one test."""
    return engine_of(rules, **more).plan(given, time(now))


def statuses(plan: Plan) -> dict[str, str]:
    """The status of each follow-up by key."""
    return {followup.key: followup.status for followup in plan.followups}


@cache
def _explainer(condition: str) -> Engine:
    return engine_of({"test": rule(anchor="first", when=json.loads(condition))})


def checked(condition: Plain, given: InterviewState, now: str | datetime) -> Check:
    """What `explain` says of a condition at a moment, for the person who leads the interview."""
    when = time(now) if isinstance(now, str) else now
    [found] = _explainer(json.dumps(condition)).explain(given, when, "test")[0].candidates
    assert found.condition is not None
    return found.condition


def fact(path: str, given: InterviewState, now: str) -> str:
    """What `explain` says of a fact at a moment, for the person who leads the interview."""
    return checked({path: {"known": True}}, given, now).actual
