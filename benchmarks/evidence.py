"""How well mail is told for what it is: recall and false alarms on the corpora of `tests/corpus/mail`.

    python benchmarks/evidence.py [FOLDER]

A folder of your own holds files of the same names and forms.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date
from pathlib import Path
from typing import Any

import yaml

from followup.calendars import Calendar
from followup.evidence import promises_in, read_mail

FOLDER = Path(__file__).parents[1] / "tests" / "corpus" / "mail"
LETTER = b"From: dana@acme.example\nDate: Tue, 24 Nov 2026 10:00:00 -0600\n\n"
SENTENCES_WRITTEN = date(2026, 11, 25)

Pair = tuple[str, Any, Any]
"""What is judged, what is right, what is told; None for nothing."""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    right: Counter[str] = Counter()
    there: Counter[str] = Counter()
    told: Counter[str] = Counter()
    for what, expected, found in pairs(folder):
        there[what] += expected is not None
        told[what] += found is not None
        right[what] += expected is not None and expected == found
        if expected != found:
            print(f"{what}: expected {expected}, told {found}", file=sys.stderr)
    print(f"{'what':<34}{'there':>7}{'right':>7}{'recall':>8}{'false':>7}")
    for what in there:
        if there[what]:
            recall = f"{right[what] / there[what]:.0%}"
            print(f"{what:<34}{there[what]:>7}{right[what]:>7}{recall:>8}{told[what] - right[what]:>7}")


def pairs(folder: Path) -> Iterator[Pair]:
    for name in ("mails.yaml", "bounces.yaml", "automatic.yaml"):
        for case in cases(folder / name):
            yield from of_mail(case["mail"], case["expect"])
    for case in cases(folder / "invitations.yaml"):
        yield from of_invitation(case["entry"], case["expect"])
    for case in cases(folder / "letters.yaml"):
        found = read_mail(LETTER + case["text"].encode())
        yield from of_words(case["said"], {one.kind: one.sure for one in found.said})
        yield "promised day", case.get("day"), next((one.day for one in found.promised if one.sure), None)
    for case in cases(folder / "answers.yaml"):
        found = read_mail(LETTER + case["text"].encode())
        yield from of_words(case["said"], {one.kind: one.sure for one in found.said})
    for case in cases(folder / "promises.yaml"):
        promised = promises_in(case["text"], SENTENCES_WRITTEN, Calendar("UTC"))
        yield "promised day", case["day"], next((one.day for one in promised), None)


def of_mail(mail: str, expect: dict[str, Any]) -> Iterator[Pair]:
    found = read_mail(mail.encode())
    for kind in sorted({expect["kind"], found.kind}):
        yield f"kind: {kind}", kind if expect["kind"] == kind else None, kind if found.kind == kind else None
    yield "address not reached", expect.get("address"), next((one.address for one in found.bounced), None)
    yield (
        "day of an absence",
        expect.get("day") and str(expect["day"]),
        str(found.absent.day) if found.absent else None,
    )


def of_invitation(entry: str, expect: dict[str, Any]) -> Iterator[Pair]:
    [found] = read_mail(entry.encode(), "America/Chicago").invitations
    yield "kind of invitation", expect["kind"], found.kind
    start = found.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if found.start else None
    yield "start of an invitation", expect.get("start"), start


def of_words(expect: dict[str, bool], found: dict[str, bool]) -> Iterator[Pair]:
    for kind in ("rejection", "offer"):
        yield f"{kind}, sure", expect.get(kind) or None, found.get(kind) or None
        yield f"{kind}, sure or asked", kind if kind in expect else None, kind if kind in found else None


def cases(path: Path) -> list[dict[str, Any]]:
    return yaml.safe_load(path.read_text("utf-8")) if path.exists() else []


if __name__ == "__main__":
    main()
