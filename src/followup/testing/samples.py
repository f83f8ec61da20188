"""What the kits try an author's code on: ordinary and odd values, and a rule that uses what is tested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from followup.calendars import Calendar
from followup.errors import FollowupError
from followup.hookspecs import API_VERSION, hookimpl
from followup.moments import instant
from followup.testing.channels import HOSTILE_TEXTS
from followup.timepoints import at_instant

__all__ = ["CALENDAR", "SAID", "VALUES", "refused_in_a_rule"]

CALENDAR = Calendar("America/Chicago")
_MOMENT = at_instant(instant(datetime(2026, 9, 15, 15, tzinfo=UTC)))
VALUES: dict[str, tuple[Any, ...]] = {
    "text": ("", "Data Engineer", *HOSTILE_TEXTS.values()),
    "number": (0, 1, -1, 10**18),
    "boolean": (True, False),
    "moment": (_MOMENT,),
    "list": ((), ("Data Engineer",), tuple(HOSTILE_TEXTS.values())),
}
"""Values that a fact of each kind may have; of other kinds only an author's examples are tried."""
SAID: tuple[Any, ...] = (
    None, "", " ", "3", "true", True, False, [], ["", None, ["x"]], {}, {"a": {"b": "c"}},
    "9" * 400, *HOSTILE_TEXTS.values(),
)  # fmt: skip
"""What a rule may say in the place of a value."""


def refused_in_a_rule(hook: str, record: object, when: Mapping[str, Any]) -> str:
    """What an engine with this record says of a rule with that condition; nothing if it plans."""
    from followup.engine import Engine

    plugin = SimpleNamespace(FOLLOWUP_API=API_VERSION, **{hook: hookimpl(lambda: [record])})
    rule = {
        "title": "A trial", "intent": "task", "after": "interview", "wait": "1 day", "open_for": "1 week",
        "when": dict(when), "to": "self",
    }  # fmt: skip
    scenario = {"format": 1, "scenario": "trial", "title": "A trial", "rules": {"trial": rule}}
    state = {
        "format": 1, "candidate": {"name": "Ana Souza"}, "company": {"name": "Initech"},
        "position": {"title": "Data Engineer"},
        "events": [{"type": "interview", "id": "r1", "at": "2026-09-15T10:00-05:00"}],
    }  # fmt: skip
    with TemporaryDirectory() as temporary:
        folder = Path(temporary, "trial")
        (folder / "messages").mkdir(parents=True)
        (folder / "messages" / "trial.md").write_text("---\nsubject: A trial\n---\nA trial.\n", "utf-8")
        (folder / "scenario.yaml").write_text(json.dumps(scenario), "utf-8")
        try:
            engine = Engine.load(folder, plugins=False, extra_plugins=[("under-test", plugin)])
            engine.plan(engine.read(state), datetime(2026, 9, 17, 15, tzinfo=UTC))
        except FollowupError as refusal:
            return str(refusal)
        return ""
