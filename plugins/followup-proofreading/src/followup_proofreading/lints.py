"""What harper says of a text: asked once for each text, and for those kinds of faults that it is right about.

A linter takes about half a second to load, so it loads when the first text is read. One linter may not be
asked by two threads at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harper import Linter

__all__ = ["SPELLING", "Lint", "lints"]

SPELLING = "Spelling"
RULES = frozenset(
    """
    AllIntentsAndPurposes AllReady AllThough AllowTo AnA AnAnother Anybody AsEvidentBy AsFollows
    BareInMind BestRegards BoarderBorder ComfortableWith CompoundSubjectI DespiteOf DidPast Discuss
    DontCan ExitedExcitedContext ExtendOrExtent FreeRein GoodAt HadOf HavePassed HeartToHeard HelpedPast
    HomeInOn HopHope InDetail InflectedVerbAfterTo IsBeenAuxSequence ItsContraction ItsPossessive
    KindRegards LetsConfusion MassNouns MayOfPronoun Misspell MissingTo ModalOf MostOfTheTimes Nowadays
    OfCourse OneAndTheSame OneOfTheSingular OughtToBe PassionateAbout Payed PeaceOfMind PiqueInterest
    PleasRequestVerb PossessiveYour PrincipleToPrincipalRoleNoun PronounAre PronounContraction
    PronounInflectionBe PronounKnew PronounVerbAgreement QuiteQuiet RallyToReally RelayOnForRely
    ResponsibleFor SaveToSafe SeamToSeem SimplePastToPastParticiple SpellCheck SubjectAndObjectPronoun
    SubjectPronoun SupposedTo TheWhetherWeather TheirToThere TheirToTheyre ThenThan ThereIsAgreement
    ThereOwn ThereToTheir TheyreConfusions TheyreToTheir ThoughThought ToLoseTooLoose ToTwoToo TooTo
    UseToUsedTo WaistWaste WantBe WereWhere WishCould WroteToRote YourOutClauseAgreement
    YourPredicateAdjective
    """.split()  # noqa: SIM905 (so many names read better as words)
)
"""The rules that are asked: spelling, agreement, and words taken for others.

Most of harper's nine hundred are on style, punctuation and layout. They are a matter of taste, or read a
greeting and a signature as sentences; one of them prints to standard output.
"""

_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Lint:
    """A fault: where it begins, the words at fault, its kind, what is wrong, and what to write instead."""

    start: int
    text: str
    kind: str
    message: str
    instead: str


@lru_cache(maxsize=512)
def lints(text: str) -> tuple[Lint, ...]:
    """The faults of a text in order of place: those that are faults in American and in British English."""
    with _one_at_a_time:
        found = _faults(text, british=False)
        british = _faults(text, british=True) if found else {}
    return tuple(found[key] for key in sorted(found.keys() & british.keys()))


def _faults(text: str, *, british: bool) -> dict[tuple[int, str], Lint]:
    """The faults by place and rule."""
    told = _linter(british=british).organized_lints(text, language="plaintext")
    return {
        (lint.span.start, rule): Lint(
            start=lint.span.start,
            text=lint.problem_text,
            kind=lint.lint_kind,
            message=lint.message,
            instead=lint.suggestions[0].replacement_text if lint.suggestions else "",
        )
        for rule, lints in told.items()
        for lint in lints
    }


@cache
def _linter(*, british: bool) -> Linter:
    from harper import Dialect, Linter

    linter = Linter(Dialect.BRITISH if british else Dialect.AMERICAN)
    linter.set_lint_config({rule: rule in RULES for rule in linter.get_default_lint_config()})
    return linter
