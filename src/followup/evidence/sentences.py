"""Sentences of a mail: lines joined as they were meant, cut where a sentence ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["sentences"]

MOST = 400
LONGEST = 1_000
"""Letters of a sentence; what is longer is cut there."""
SHORT = (
    "mr mrs ms dr prof st vs etc approx no nr ca bzw inkl ggf evtl usw str tel mo di mi do fr sa so mon tue"
    " tues wed thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec okt dez inc ltd"
    " e.g i.e z.b d.h u.a a.m p.m"
)
ABBREVIATED = re.compile(
    rf"(?:^|[\s(])(?:{'|'.join(map(re.escape, SHORT.split()))}|[a-z]|\d{{1,2}}|\d{{1,2}}\.\s?\d{{1,2}})\.$",
    re.IGNORECASE,
)
END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+|\n{2,}|\n(?=\s*(?:[-*•–]|\d{1,2}[.)])\s)")
GREETING = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|moin"
    r"|liebe[r]?|sehr geehrte[r]?)\b[^.!?\n]{0,60}[,!:]?$",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """The sentences, each on one line, without greetings; of many the first."""
    count = 0
    for paragraph in re.split(r"\n\s*\n", text):
        lines = paragraph.strip().split("\n")
        if lines and GREETING.match(lines[0].strip()):
            lines = lines[1:]
        pending = ""
        for piece in END.split("\n".join(lines)):
            pending = f"{pending} {' '.join(piece.split())}".strip()
            if not pending or (len(pending) < LONGEST and ABBREVIATED.search(pending[-20:])):
                continue
            yield pending[:LONGEST]
            pending, count = "", count + 1
            if count == MOST:
                return
        if pending:
            yield pending[:LONGEST]
