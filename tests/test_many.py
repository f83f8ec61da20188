"""`plan_many`: the plans of many states in order, whatever is wrong with some of them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tests.support import EXAMPLES

from followup import Engine, FollowupError, InterviewState, Plan, StateError
from followup.errors import UsageError

NOW = datetime.fromisoformat("2026-11-27T10:00-06:00")
STATES = [InterviewState.from_yaml(path) for path in EXAMPLES]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(plugins=False)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_plans_come_in_the_order_of_the_states(engine: Engine, processes: int) -> None:
    many = [STATES[number % len(STATES)] for number in range(100)]
    found = list(engine.plan_many(many, NOW, drafts=False, processes=processes))
    assert found == [engine.plan(state, NOW, drafts=False) for state in many]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_state_that_cannot_be_read_gives_its_error_and_the_rest_is_planned(
    engine: Engine, processes: int, tmp_path: Path
) -> None:
    good = STATES[0]
    sources: list[Any] = [
        good, good.to_json(), b'{"format": 1}', good.to_yaml().encode(), good.to_dict(), {"people": 5},
        EXAMPLES[0], str(EXAMPLES[0]), tmp_path / "nothing.yaml", good,
    ]  # fmt: skip
    found = list(engine.plan_many(sources, NOW, processes=processes))
    wrong = [number for number, each in enumerate(found) if isinstance(each, FollowupError)]
    assert wrong == [2, 5, 8]
    assert {each for each in found if isinstance(each, Plan)} == {engine.plan(good, NOW)}
    missing = found[2]
    assert isinstance(missing, StateError)
    assert "candidate" in str(missing)
    assert missing.problems


@pytest.mark.parametrize("processes", [1, 2])
def test_states_are_taken_only_as_plans_are(engine: Engine, processes: int) -> None:
    taken = count()
    endless = (STATES[next(taken) % len(STATES)] for _ in count())
    found = engine.plan_many(endless, NOW, drafts=False, reasons=False, processes=processes)
    assert isinstance(next(found), Plan)
    assert next(taken) < 1_000


def test_a_moment_without_a_zone_is_refused_at_once(engine: Engine) -> None:
    with pytest.raises(UsageError, match="aware"):
        engine.plan_many(STATES, datetime(2026, 11, 27))
