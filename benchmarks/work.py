"""Count work instead of time: the same figures on every machine, however busy.

    python -m benchmarks.work            compare with the figures recorded in benchmarks/work.yaml
    python -m benchmarks.work --renew    record the figures as they are now

It fails when something grew by more than a twentieth. Instructions are those of Python's own machine, and
are compared only by the version of Python that recorded them. The states are fixed, and each is seen for the
first time but for what outlives a state, such as the holidays of a year.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any

import yaml
from benchmarks.packs import write_packs
from benchmarks.plans import OTHER_PLUGINS, examples
from benchmarks.states import NOW, busy_state, random_states
from benchmarks.timing import table
from benchmarks.workload import Workload

from followup import Engine, InterviewState

RECORDED = Path(__file__).with_suffix(".yaml")
HEAD = """\
# Work a state, as `python -m benchmarks.work --renew` recorded it; `tox -e work` compares. Growth is a fault.
"""
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
ROOM = 1.05
SEED = 7
STATES = 8
MATCHED = (10, 100, 1_000, 10_000)
RULES = (10, 100, 1_000)
EVENTS = (1, 10, 100)

COUNTED: Mapping[str, Sequence[str]] = {
    "schedules made": ["followup.scheduling:schedule"],
    "rules looked at": ["followup.proposing:anchors_of"],
    "conditions evaluated": [
        f"followup.conditions:{kind}.truth" for kind in ("Test", "Custom", "All", "AnyOf", "Not", "Elements")
    ],
    "durations added": ["followup.durations:add", "followup.durations:add_to_day"],
    "years of holidays read": ["followup.calendars:_days_off"],
}
"""What is counted, and the functions whose calls are."""

Work = Callable[[InterviewState], object]
Figures = dict[str, float]


def cases() -> Iterator[tuple[str, Work, Sequence[InterviewState]]]:
    """Each case: its name, what is done, and with which states."""
    states = random_states(STATES, SEED, 50)
    for rules in MATCHED:
        yield f"match of {rules:,} rules", _match(_engine(rules, builtin=False)), states
    engine = Engine.load(deny=OTHER_PLUGINS)
    given = examples()
    yield "plan of an example, without reasons", _plan(engine, drafts=False, reasons=False), given
    yield "plan of an example, with reasons and drafts", _plan(engine), given
    for events in EVENTS:
        name = f"plan of {events} event{'' if events == 1 else 's'}"
        yield name, _plan(engine, drafts=False, reasons=False), [busy_state(events, SEED)]
    for rules in RULES:
        larger = _engine(rules, builtin=True)
        yield f"plan with {rules:,} rules more", _plan(larger, drafts=False, reasons=False), states


def _engine(rules: int, *, builtin: bool) -> Engine:
    with TemporaryDirectory() as folder:
        write_packs(Workload.of(rules, 0, SEED).rules, Path(folder))
        return Engine.load(folder, builtin=builtin, deny=OTHER_PLUGINS)


def _match(engine: Engine) -> Work:
    return lambda state: engine.match(state, NOW)


def _plan(engine: Engine, *, drafts: bool = True, reasons: bool = True) -> Work:
    return lambda state: engine.plan(state, NOW, drafts=drafts, reasons=reasons)


def count(work: Work, states: Sequence[InterviewState]) -> Figures:
    """What one state takes, on the average, once what outlives a state is there."""
    for state in states:
        work(state)
    calls: Counter[CodeType | str] = Counter()
    instructions = 0

    def called(frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            calls[frame.f_code] += 1
        elif event == "c_call":
            calls["of C"] += 1

    def traced(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal instructions
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        instructions += event == "opcode"
        return traced

    sys.setprofile(called)
    for state in states:
        work(state)
    sys.setprofile(None)
    sys.settrace(traced)
    for state in states:
        work(state)
    sys.settrace(None)
    figures = {name: sum(calls[_code(path)] for path in paths) for name, paths in COUNTED.items()}
    figures |= {"calls": calls.total(), "instructions": instructions}
    return {name: round(figure / len(states), 1) for name, figure in figures.items()}


def _code(path: str) -> CodeType:
    """The code of a function by its name. One that is not there any more raises AttributeError."""
    found: Any = resolve_name(path)
    found = getattr(found, "fget", found)
    code: CodeType = getattr(found, "__wrapped__", found).__code__
    return code


def growth(found: Mapping[str, Figures], recorded: Mapping[str, Figures]) -> Iterator[str]:
    """A sentence for each figure that grew."""
    for case, figures in found.items():
        before = recorded.get(case)
        if before is None:
            yield f"{case}: nothing is recorded of it"
            continue
        for name, figure in figures.items():
            if figure > before.get(name, 0) * ROOM + 0.5:
                yield f"{case}: {name} grew from {before.get(name, 0):,} to {figure:,}"


def main() -> int:
    """Count, print a table, and compare or record."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.work", description=__doc__.partition("\n")[0])
    parser.add_argument("--renew", action="store_true", help=f"write the figures to {RECORDED.name}")
    renew = parser.parse_args().renew
    found = {name: count(work, states) for name, work, states in cases()}
    columns = [*COUNTED, "calls", "instructions"]
    print(table(["", *columns], [[case, *(each[name] for name in columns)] for case, each in found.items()]))
    if renew:
        text = yaml.safe_dump({"python": VERSION, "cases": found}, sort_keys=False)
        RECORDED.write_text(HEAD + text, "utf-8")
        return 0
    kept = yaml.safe_load(RECORDED.read_text("utf-8"))
    if kept["python"] != VERSION:
        print(f"\nInstructions are compared by Python {kept['python']} only; this is {VERSION}.")
        found = {case: {**each, "instructions": 0} for case, each in found.items()}
    grown = list(growth(found, kept["cases"]))
    print("", *grown, sep="\n")
    if grown:
        print("If that is meant, record it: python -m benchmarks.work --renew")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
