"""What the reviews find of the planted faults in `tests/reviews_corpus`, and what they find where none is.

A fault counts as found if a finding of its review lies within its text. A finding is a false alarm if it
lies on the text of no planted fault, of whatever review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from followup import Draft, Engine, Finding, InterviewState

UNSEEN = "unseen"
"""The file of drafts on which nothing was tuned."""
CORPUS = Path(__file__).parent / "reviews_corpus"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the text that is at fault; `subject` and `body` stand for the whole of them."""

    review: str
    at: str


@dataclass(frozen=True, slots=True)
class Case:
    """A draft of the corpus, ready to be read."""

    name: str
    file: str
    state: InterviewState
    now: datetime
    draft: Draft
    to: str
    intent: str
    channel: str
    language: str
    elsewhere: tuple[InterviewState, ...]
    faults: tuple[Fault, ...]

    def findings(self, engine: Engine) -> tuple[Finding, ...]:
        return engine.review(
            self.draft,
            self.state,
            intent=self.intent,
            channel=self.channel,
            to=self.to,
            now=self.now,
            language=self.language,
            others=self.elsewhere,
        )

    def lies_on(self, finding: Finding, fault: Fault) -> bool:
        if finding.where == "subject" or fault.at == "subject":
            return finding.where == fault.at
        start, end = 0, len(self.draft.body)
        if fault.at != "body":
            start = self.draft.body.index(fault.at)
            end = start + len(fault.at)
        return start <= position(self.draft.body, finding.where) <= end


def position(body: str, where: str) -> int:
    """The character of the body at `body:LINE:COLUMN`."""
    _, *numbers = where.split(":")
    if not numbers:
        return 0
    line, column = map(int, numbers)
    return len("".join(body.splitlines(keepends=True)[: line - 1])) + column - 1


@dataclass(slots=True)
class Measure:
    """How one review did: planted, found, false alarms; and which were missed and what was imagined."""

    planted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)
    imagined: list[str] = field(default_factory=list)

    @property
    def false_alarms(self) -> int:
        return len(self.imagined)


@cache
def cases() -> tuple[Case, ...]:
    states = yaml.safe_load((CORPUS / "states.yaml").read_text("utf-8"))
    files = sorted(path for path in CORPUS.glob("*.yaml") if path.name != "states.yaml")
    return tuple(
        _case(written, path.stem, states[written["state"]])
        for path in files
        for written in yaml.safe_load(path.read_text("utf-8"))["drafts"]
    )


def _case(written: dict[str, Any], file: str, home: dict[str, Any]) -> Case:
    sent = [
        {"type": "sent", "at": home["now"], "intent": "thanks", **event} for event in written.get("sent", [])
    ]
    data = {"format": 1, **home["state"], "events": [*home["state"]["events"], *sent]}
    signature = home["signature"] if written.get("signed", True) else ""
    elsewhere = (
        InterviewState.from_dict({**data, "company": {"name": name}, "people": {}, "events": []})
        for name in written.get("elsewhere", [])
    )
    return Case(
        name=written["name"],
        file=file,
        state=InterviewState.from_dict(data),
        now=datetime.fromisoformat(str(home["now"])),
        draft=Draft(written.get("subject", ""), written["body"] + signature),
        to=written["to"],
        intent=written["intent"],
        channel=written.get("channel", "email"),
        language=written.get("language", "en"),
        elsewhere=tuple(elsewhere),
        faults=tuple(Fault(fault["review"], fault["at"]) for fault in written.get("faults", ())),
    )


def measured(engine: Engine, reviews: Iterable[str], *, unseen: bool = False) -> dict[str, Measure]:
    """How each of these reviews does on the corpus, or on the drafts on which nothing was tuned."""
    table = {name: Measure() for name in sorted(reviews)}
    for case in (case for case in cases() if (case.file == UNSEEN) == unseen):
        found = [finding for finding in case.findings(engine) if finding.review in table]
        for fault in case.faults:
            if fault.review in table:
                measure = table[fault.review]
                measure.planted += 1
                if any(f.review == fault.review and case.lies_on(f, fault) for f in found):
                    measure.found += 1
                else:
                    measure.missed.append(f"{case.name}: `{fault.at}`")
        for finding in found:
            if not any(case.lies_on(finding, fault) for fault in case.faults):
                table[finding.review].imagined.append(f"{case.name}: {finding.text} ({finding.where})")
    return table


def table_lines(table: dict[str, Measure], unseen: dict[str, Measure]) -> Iterator[str]:
    """The table as it stands in `docs/reviews.md`, and a line on the drafts on which nothing was tuned."""
    tuned = [case for case in cases() if case.file != UNSEEN]
    clean = sum(not case.faults for case in tuned)
    german = sum(case.language == "de" for case in tuned)
    yield f"{len(tuned)} drafts, {german} of them in German, {clean} without any fault."
    yield ""
    yield "| review | planted | found | recall | false alarms |"
    yield "|---|---:|---:|---:|---:|"
    for name, measure in table.items():
        recall = f"{measure.found / measure.planted:.0%}" if measure.planted else "–"
        yield f"| `{name}` | {measure.planted} | {measure.found} | {recall} | {measure.false_alarms} |"
    planted, found, alarms = (
        sum(getattr(measure, name) for measure in unseen.values())
        for name in ("planted", "found", "false_alarms")
    )
    yield ""
    yield (
        f"On {len(cases()) - len(tuned)} more drafts, on which nothing was tuned, they found {found} of "
        f"{planted} faults, with {alarms} false alarms."
    )
