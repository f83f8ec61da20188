"""Holding the product's engine against the reference: the same case, the same words, and what differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import event
from tests.reference.channels import PlainChannels
from tests.reference.engine import plan, statuses

from followup import Engine, InterviewState

PENDING = {"due", "scheduled", "held", "blocked", "snoozed"}
Plain = dict[str, Any]


def real_engine(pack: Plain) -> Engine:
    """The product's engine with nothing but this pack and the channels of the tests."""
    with TemporaryDirectory() as folder:
        messages = Path(folder, "messages")
        messages.mkdir()
        Path(folder, "scenario.yaml").write_text(json.dumps(pack), encoding="utf-8")
        for name in {rule.get("message", key) for key, rule in pack["rules"].items()}:
            (messages / f"{name}.md").write_text("---\nsubject: x\n---\nx\n", encoding="utf-8")
        return Engine.load([folder], builtin=False, plugins=False, extra_plugins=[("plain", PlainChannels())])


def real_plan(engine: Engine, state: Plain, now: datetime) -> tuple[Plain, datetime | None]:
    """What the product says, as the reference says it, and its `next_change`."""
    found = engine.plan(InterviewState.from_dict(state), now, drafts=False)
    records = {
        f.key: {
            "rule": f.rule,
            "status": f.status,
            "to": f.to.id if f.to else None,
            "channel": f.channel,
            "opens": _utc(f.opens),
            "closes": _utc(f.closes),
            "at": _utc(f.at),
            "lifts": _utc(f.lifts),
            "host": f.host,
            "parts": sorted(f.parts),
        }
        for f in found.followups
    }
    silent = sorted(one.rule for one in found.silent)
    return {"stage": found.stage, "followups": records, "silent": silent}, _utc(found.next_change)


def _utc(moment: datetime | None) -> datetime | None:
    """The moment in UTC: times of two zones never count as equal in an hour that comes twice."""
    return None if moment is None else moment.astimezone(UTC)


def as_yaml(data: Any) -> str:
    return yaml.dump(data, sort_keys=False, allow_unicode=True, Dumper=_PlainDumper)


class _PlainDumper(yaml.SafeDumper):
    """Without anchors and aliases, which the product's reader refuses."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def comparable(found: Plain) -> Plain:
    """Leaves out what means nothing: times and channel of what is over or blocked."""
    followups = {}
    for key, one in found["followups"].items():
        kept = dict(one)
        if one["status"] not in PENDING:
            kept = {name: one[name] for name in ("rule", "status", "to", "host", "parts")}
            if one["status"] == "missed":
                kept["closes"] = one["closes"]
        elif one["at"] is None:
            del kept["channel"]
        followups[key] = kept
    return found | {"followups": followups}


def differences(real: Plain, reference: Plain) -> Iterator[str]:
    """What the two say differently, a line each."""
    for name in ("stage", "silent"):
        if real[name] != reference[name]:
            yield f"{name} is {real[name]}, in the reference {reference[name]}"
    for key in sorted(real["followups"].keys() | reference["followups"].keys()):
        one, other = real["followups"].get(key, {}), reference["followups"].get(key, {})
        for field in sorted(one.keys() | other.keys()):
            if one.get(field) != other.get(field):
                yield f"{field} of {key} is {one.get(field)}, in the reference {other.get(field)}"


def check(pack: Plain, state: Plain, now: datetime) -> None:
    """Compares both engines; a case in which they differ is shown as YAML, to be replayed."""
    try:
        _check(pack, state, now)
    except Exception as error:
        error.add_note(f"# replay\n{as_yaml({'now': now.isoformat(), 'pack': pack, 'state': state})}")
        raise


def _check(pack: Plain, state: Plain, now: datetime) -> None:
    engine = real_engine(pack)
    real, change = real_plan(engine, state, now)
    found = list(differences(comparable(real), comparable(plan(pack, state, now))))
    assert not found, "\n".join(found)
    before = {key: one["status"] for key, one in real["followups"].items()}
    for kind in sorted({*before.values(), *("part" for one in real["followups"].values() if one["host"])}):
        event(f"a follow-up is {kind}")
    for moment in moments_without_change(now, change):
        assert statuses(pack, state, moment) == before, f"something changes by {moment}, before {change}"
    if change is not None and change < now + timedelta(days=300):
        assert statuses(pack, state, change) != before, f"nothing changes at {change}"
    event(f"the next change is {'never' if change is None else 'at a moment'}, and is right")


def moments_without_change(now: datetime, change: datetime | None) -> Iterator[datetime]:
    """Full hours between now and the next change: all at first, then ever fewer, and the last."""
    hour = 1
    while hour < 24 * 200:
        moment = now + timedelta(hours=hour)
        if change is not None and moment >= change:
            break
        yield moment
        hour += 1 + hour // 6
    if change is not None and change - timedelta(hours=1) > now:
        yield change - timedelta(hours=1)
