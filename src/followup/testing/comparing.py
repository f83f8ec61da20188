"""A plan held against what a test expects of it: what differs, wanted beside found, and why it is so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from followup.calendars import Calendar
from followup.documents import Document
from followup.moments import instant
from followup.plan import PENDING, Finding, FollowUp, Plan, Reason
from followup.test_sources import ExpectationSource, FindingSource
from followup.testing.naming import listed, rule_of
from followup.testing.reading import NEVER, Scene, time_of
from followup.testing.results import Difference, Failure
from followup.testing.words import around, compared, flat

__all__ = ["Place", "unfound", "unmet"]

Path = tuple[str | int, ...]

SHOWN = 200
"""Characters of a draft that are shown where nothing in it is near to what is wanted."""
WORDS = frozenset({"says", "omits", "finds"})
"""What is expected of a draft; why the follow-up stands as it does says nothing about it."""
NOTHING_LEFT = "wanted nothing that could still go out"


def unmet(plan: Plan, scene: Scene, document: Document) -> Iterator[Failure]:
    """What of one moment of a test is not so in its plan."""
    source, path = scene.source, scene.path
    for index, expected in enumerate(source.expect):
        place = Place(document, (*path, "expect", index))
        yield from _unlike(plan, expected, scene.calendar, place)
    absent = listed(source.absent)
    for name in absent:
        for followup in plan.followups:
            if followup.rule == name and followup.status in PENDING:
                yield _there(plan, followup, NOTHING_LEFT, document, path, "absent")
    if source.silent or not (source.expect or absent or source.review):
        for followup in plan.due:
            yield _there(plan, followup, "wanted nothing due", document, path, "silent")


def unfound(
    findings: Sequence[Finding], wanted: list[str | FindingSource] | None, place: Place
) -> Iterator[Difference]:
    """The findings that there should be and are not; with none wanted, those that there are."""
    if wanted is None:
        return
    if not wanted and findings:
        yield Difference("finds", "nothing", _shown_findings(findings), place("finds"))
    for index, one in enumerate(wanted):
        if not any(_fits(finding, one) for finding in findings):
            yield Difference("finds", _shown_wanted(one), _shown_findings(findings), place("finds", index))


class Place:
    """Where an expectation and what stands inside it are written, as `file:line`."""

    def __init__(self, document: Document, path: Path) -> None:
        self._document = document
        self._path = path

    def __call__(self, *inside: str | int) -> str:
        return self._document.place((*self._path, *inside)).short


def _there(
    plan: Plan, followup: FollowUp, wanted: str, document: Document, path: Path, field: str
) -> Failure:
    return Failure(
        followup=followup.key,
        text=f"{wanted}, found {_shown(followup)}",
        at=Place(document, path)(field),
        now=plan.now,
        reasons=_telling(followup),
    )


def _unlike(plan: Plan, expected: ExpectationSource, calendar: Calendar, place: Place) -> Iterator[Failure]:
    """What is wrong with the follow-up that comes nearest to what is expected; nothing if one fits."""
    rule = rule_of(expected)
    of_rule = [followup for followup in plan.followups if followup.rule == rule]
    named = [followup for followup in of_rule if expected.key in ("", followup.key)]
    if not named:
        silent = next((silent.reasons for silent in plan.silent if silent.rule == rule), ())
        yield Failure(
            followup=expected.key or rule,
            text="wanted a follow-up, found none" + ("; the rule is silent" if silent else ""),
            at=place(),
            now=plan.now,
            reasons=silent,
            others=tuple(_shown(followup) for followup in of_rule),
        )
        return
    found = [(tuple(_differences(followup, expected, calendar, place)), followup) for followup in named]
    differences, nearest = min(found, key=lambda pair: (_weight(pair[0]), pair[1].key))
    if differences:
        yield Failure(
            followup=nearest.key,
            text="",
            at=place(),
            now=plan.now,
            differences=differences,
            reasons=_telling(nearest) if {d.field for d in differences} - WORDS else (),
            others=tuple(_shown(followup) for followup in named if followup is not nearest),
        )


def _weight(differences: tuple[Difference, ...]) -> int:
    """To whom it goes says more than anything else about which follow-up is meant."""
    return sum(100 if difference.field == "to" else 1 for difference in differences)


def _differences(
    followup: FollowUp, expected: ExpectationSource, calendar: Calendar, place: Place
) -> Iterator[Difference]:
    to = followup.to.id if followup.to else None
    for field, wanted, found in (
        ("to", expected.to, to),
        ("status", expected.status, followup.status),
        ("channel", expected.channel, followup.channel),
        ("language", expected.language, followup.draft.language if followup.draft else None),
    ):
        if wanted is not None and wanted != found:
            hint = _as_it_is(followup, calendar) if field == "status" else ""
            yield Difference(field, wanted, found or "none", place(field), hint)
    host = followup.host or ""
    if expected.host is not None and expected.host not in (host, host.partition(":")[0]):
        yield Difference("host", expected.host, followup.host or "none", place("host"))
    for field in ("opens", "closes", "at", "lifts"):
        wanted_time: str | None = getattr(expected, field)
        if wanted_time is not None:
            yield from _time_difference(field, wanted_time, getattr(followup, field), calendar, place)
    yield from _list_differences(followup, expected, place)
    yield from _word_differences(followup, expected, place)
    if expected.finds is not None and followup.draft is None:
        wanted = ", ".join(map(_shown_wanted, expected.finds)) or "nothing"
        yield Difference("finds", wanted, "no draft", place("finds"))
    else:
        yield from unfound(followup.findings, expected.finds, place)


def _as_it_is(followup: FollowUp, calendar: Calendar) -> str:
    """What could be expected instead: the status as it is, with the moment that matters for it."""
    field = {"held": "lifts", "snoozed": "lifts", "scheduled": "at", "due": "closes", "missed": "closes"}
    name = field.get(followup.status)
    found: datetime | None = getattr(followup, name) if name else None
    more = f", {name}: {_time(found, calendar)}" if name and found else ""
    return f"did you mean `status: {followup.status}{more}`?"


def _time(found: datetime | None, calendar: Calendar) -> str:
    return found.astimezone(calendar.tzinfo).isoformat() if found else NEVER


def _off(wanted: str, found: datetime | None, calendar: Calendar) -> str:
    """How much too early or too late it is."""
    if found is None or wanted.strip() == NEVER:
        return ""
    apart = found - time_of(wanted, calendar)
    if len(wanted.strip()) == 10:
        apart = timedelta(days=(calendar.day(instant(found)) - date.fromisoformat(wanted.strip())).days)
    minutes = round(abs(apart).total_seconds() / 60)
    units = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
    said = [f"{amount} {unit}{'s' if amount > 1 else ''}" for amount, unit in units if amount]
    if not said:
        return ""
    return f"{' '.join(said[:2])} {'later' if apart > timedelta(0) else 'earlier'}"


def _time_difference(
    field: str, wanted: str, found: datetime | None, calendar: Calendar, place: Place
) -> Iterator[Difference]:
    if wanted.strip() == NEVER:
        fits = found is None
    elif found is None:
        fits = False
    elif len(wanted.strip()) == 10:
        fits = calendar.day(instant(found)) == date.fromisoformat(wanted.strip())
    else:
        fits = found == time_of(wanted, calendar)
    if not fits:
        yield Difference(field, wanted, _time(found, calendar), place(field), _off(wanted, found, calendar))


def _list_differences(followup: FollowUp, expected: ExpectationSource, place: Place) -> Iterator[Difference]:
    if expected.parts is not None:
        # A part may be named by its key or by its rule alone.
        rules = {key: key.partition(":")[0] for key in followup.parts}
        named = sorted(key if key in expected.parts else rule for key, rule in rules.items())
        if named != sorted(expected.parts):
            yield Difference("parts", _joined(expected.parts), _joined(followup.parts), place("parts"))
    if expected.needs is not None and sorted(expected.needs) != sorted(followup.needs):
        yield Difference("needs", _joined(expected.needs), _joined(followup.needs), place("needs"))


def _word_differences(followup: FollowUp, expected: ExpectationSource, place: Place) -> Iterator[Difference]:
    draft = followup.draft
    words = flat(f"{draft.subject}\n{draft.body}") if draft else ""
    for index, text in enumerate(listed(expected.says)):
        where = place("says") if isinstance(expected.says, str) else place("says", index)
        if draft is None:
            yield Difference("says", f"`{text}`", "no draft", where)
        elif flat(text) not in words:
            yield _unsaid(flat(text), words, where)
    for index, text in enumerate(listed(expected.omits)):
        where = place("omits") if isinstance(expected.omits, str) else place("omits", index)
        if flat(text) in words:
            found = around(text, words)
            shown = " ".join(word.text for word in found)
            yield Difference("omits", f"nothing like `{text}`", f"`{shown}`", where, words=found)
    if expected.because is not None:
        reasons = [reason.text for reason in followup.reasons]
        if not any(_contains(reason, expected.because) for reason in reasons):
            found_reasons = _joined(f"`{reason}`" for reason in reasons)
            yield Difference("because", f"`{expected.because}`", found_reasons, place("because"))


def _unsaid(text: str, words: str, where: str) -> Difference:
    near = compared(text, words)
    if not near:
        shown = words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
        return Difference("says", f"`{text}`", f"`{shown}`", where, "nothing near it")
    shown = " ".join(word.text for word in near if word.side != "wanted")
    return Difference("says", f"`{text}`", f"`{shown}`", where, words=near)


def _fits(finding: Finding, wanted: str | FindingSource) -> bool:
    if isinstance(wanted, str):
        return finding.review == wanted
    return (
        wanted.review in ("", finding.review)
        and wanted.severity in (None, finding.severity)
        and (wanted.where is None or f"{finding.where}:".startswith(f"{wanted.where}:"))
        and all(_contains(finding.text, text) for text in listed(wanted.text))
        and all(_contains(finding.suggestion, text) for text in listed(wanted.suggestion))
    )


def _shown_wanted(wanted: str | FindingSource) -> str:
    if isinstance(wanted, str):
        return wanted
    given = {
        "review": wanted.review,
        "severity": wanted.severity,
        "where": wanted.where,
        "text": ", ".join(listed(wanted.text)),
        "suggestion": ", ".join(listed(wanted.suggestion)),
    }
    return ", ".join(f"{field} `{value}`" for field, value in given.items() if value) or "a finding"


def _shown_findings(findings: Sequence[Finding]) -> str:
    shown = [f"{f.review} ({f.severity}, {f.where}: {f.text})" for f in findings]
    return "; ".join(shown) or "nothing"


def _telling(followup: FollowUp) -> tuple[Reason, ...]:
    return tuple(reason for reason in followup.reasons if reason.kind not in ("advice", "rule"))


def _contains(text: str, wanted: str) -> bool:
    return flat(wanted).casefold() in flat(text).casefold()


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _shown(followup: FollowUp) -> str:
    return f"{followup.key}, {followup.status}"
