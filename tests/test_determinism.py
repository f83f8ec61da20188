"""Same input, same plan, byte for byte: whatever the process, the order of the files, the thread."""

from __future__ import annotations

import ast
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import (
    EXAMPLES,
    INTERVIEW,
    ROOT,
    builtin_engine,
    engine_of,
    new_builtin_engine,
    rule,
    state,
    time,
)

from followup import Engine, InterviewState

NOW = time("2026-09-18T12:00")
PRINT_PLANS = """
import sys
from datetime import timedelta
from tests.support import EXAMPLES, builtin_engine
from followup import InterviewState
engine = builtin_engine()
for path in EXAMPLES:
    state = InterviewState.from_yaml(path)
    now = max(event.at for event in state.events) + timedelta(days=2)
    sys.stdout.buffer.write(engine.plan(state, now).to_json() + b"\\n")
"""


def run(code: str, **variables: str) -> bytes:
    """What a new Python prints."""
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    environment = {**os.environ, "PYTHONPATH": path, **variables}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env=environment
    ).stdout


@cache
def plans() -> bytes:
    return run(PRINT_PLANS, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "4242"},
        {"TZ": "Pacific/Kiritimati"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"},
        {"LC_ALL": "C", "LANG": "ja_JP.UTF-8", "PYTHONUTF8": "0"},
    ],
    ids=lambda variables: " ".join(variables.values()),
)
def test_plans_are_the_same_in_every_process(variables: dict[str, str]) -> None:
    assert plans().count(b"\n") == len(EXAMPLES)
    assert run(PRINT_PLANS, **variables) == plans()


def reordered(value: Any, turn: int) -> Any:
    """The same mapping with its keys in another order."""
    keys = sorted(value) if turn else sorted(value, reverse=True)
    return {key: value[key] for key in keys}


@cache
def copied_rules() -> dict[str, str]:
    return {path.parent.name: path.read_text("utf-8") for path in (ROOT / "rules").glob("*/scenario.yaml")}


def test_the_order_of_rules_and_guards_in_a_file_means_nothing(tmp_path: Path) -> None:
    found = []
    for turn in (0, 1):
        root = tmp_path / "rules"
        for name, text in copied_rules().items():
            (root / name / "messages").mkdir(parents=True, exist_ok=True)
            for message in (ROOT / "rules" / name / "messages").glob("*.md"):
                (root / name / "messages" / message.name).write_bytes(message.read_bytes())
            scenario = yaml.load(text, yaml.BaseLoader)
            for key in ("rules", "guards"):
                scenario[key] = reordered(scenario.get(key, {}), turn)
            (root / name / "scenario.yaml").write_text(yaml.dump(scenario, sort_keys=False), "utf-8")
        engine = builtin_engine(rules=[root], builtin=False)
        found.append([engine.plan(view, NOW, reasons=False).to_json() for view in examples()])
    assert found[0] == found[1]


@cache
def examples() -> list[InterviewState]:
    return [InterviewState.from_yaml(path) for path in EXAMPLES]


@settings(max_examples=30)
@given(st.sampled_from(EXAMPLES), st.randoms(use_true_random=False), st.integers(0, 60))
def test_the_order_of_events_and_keys_in_a_state_means_nothing(path: Path, random: Any, days: int) -> None:
    data = InterviewState.from_yaml(path).to_dict()
    events = list(data["events"])
    random.shuffle(events)
    keys = list(data)
    random.shuffle(keys)
    shuffled = InterviewState.from_dict({key: events if key == "events" else data[key] for key in keys})
    now = max(event.at for event in shuffled.events).replace(microsecond=days)
    engine = shared_engine()
    assert engine.plan(shuffled, now).to_json() == engine.plan(InterviewState.from_yaml(path), now).to_json()


@cache
def shared_engine() -> Engine:
    return builtin_engine()


def test_the_order_of_people_means_nothing_where_their_roles_differ() -> None:
    for path in EXAMPLES:
        data = InterviewState.from_yaml(path).to_dict()
        turned = {**data, "people": dict(reversed(data["people"].items()))}
        engine, now = shared_engine(), NOW
        assert (
            engine.plan(InterviewState.from_dict(turned), now).to_json()
            == engine.plan(InterviewState.from_dict(data), now).to_json()
        )


def test_eight_threads_get_what_one_gets() -> None:
    engine = builtin_engine()
    views = list(product(examples(), [time(f"2026-{month:02}-18T12:00") for month in (7, 11)]))
    alone = [new_builtin_engine().plan(*view).to_json() for view in views]
    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(lambda _: [engine.plan(*view).to_json() for view in views], range(8)):
            assert found == alone


def test_a_plan_survives_pickling() -> None:
    for view in examples():
        plan = shared_engine().plan(view, NOW)
        assert pickle.loads(pickle.dumps(plan)) == plan


def test_a_state_survives_pickling_and_json() -> None:
    for view in examples():
        assert pickle.loads(pickle.dumps(view)) == view
        assert InterviewState.from_dict(view.to_dict()) == view
        assert InterviewState.from_text(view.to_json().decode()) == view
        assert InterviewState.from_text(view.to_yaml()) == view


def test_an_engine_survives_pickling() -> None:
    engine = Engine.load(plugins=False)
    again = pickle.loads(pickle.dumps(engine))
    assert again.plan(state(INTERVIEW), NOW) == engine.plan(state(INTERVIEW), NOW)


def test_planning_twice_gives_the_same() -> None:
    engine = engine_of({"ask": rule(to="each interviewer", prefer="business hours")})
    assert engine.plan(state(INTERVIEW), NOW) == engine.plan(state(INTERVIEW), NOW)


# Who reads the clock


CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
          ("time", "time"), ("time", "time_ns"), ("time", "monotonic"), ("time", "localtime")}  # fmt: skip


def clocks_read(path: Path) -> set[tuple[str, str]]:
    """The clocks that a module names, as attributes or imported."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            found.add((owner, node.attr))
        elif isinstance(node, ast.ImportFrom):
            found.update((node.module or "", alias.name) for alias in node.names)
    return found & CLOCKS


def test_only_the_command_line_reads_the_clock() -> None:
    core = ROOT / "src" / "followup"
    readers = {path for path in core.rglob("*.py") if clocks_read(path)}
    assert all((core / "cli") in path.parents for path in readers)
