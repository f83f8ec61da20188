"""A clock that was set sends nothing by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from followup.sending.steadiness import Steadiness

START = datetime(2026, 9, 15, 12, tzinfo=UTC)


class Machine:
    """Runs for a while; its clock may be set."""

    def __init__(self) -> None:
        self.boot, self.ran, self.set_by = "1", 1000.0, 0.0

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.ran + self.set_by)

    def uptime(self) -> tuple[str, float]:
        return self.boot, self.ran

    def steadiness(self, path: Path) -> Steadiness:
        return Steadiness(path, self.clock, self.uptime)


def test_time_that_passes_is_no_doubt_and_a_clock_that_is_set_is_one(tmp_path: Path) -> None:
    machine = Machine()
    steadiness = machine.steadiness(tmp_path / "clock.json")
    machine.ran += 86_400
    machine.set_by = 60
    assert steadiness.doubt() == ""
    machine.set_by = 3600
    assert steadiness.doubt().startswith("the clock was set ahead by 60 minutes")
    machine.set_by = -3600
    assert steadiness.doubt().startswith("the clock was set back by 60 minutes")
    machine.set_by = 0
    assert steadiness.doubt() == ""


def test_the_next_process_knows_it_until_somebody_says_that_the_clock_is_right(tmp_path: Path) -> None:
    machine, path = Machine(), tmp_path / "clock.json"
    machine.steadiness(path)
    machine.set_by = 86_400
    assert machine.steadiness(path).doubt()
    machine.steadiness(path).trust()
    assert not machine.steadiness(path).doubt()


def test_a_machine_that_was_started_again_has_a_clock_of_its_own(tmp_path: Path) -> None:
    machine, path = Machine(), tmp_path / "clock.json"
    machine.steadiness(path)
    machine.boot, machine.ran, machine.set_by = "2", 5.0, 86_400
    assert not machine.steadiness(path).doubt()
