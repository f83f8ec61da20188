"""What stands on the page to call by: whom, which number, when, the script, and room for notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from followup.languages import Language
from followup.plan import Draft
from followup.wording import day
from followup_phone.hours import Hours, Span
from followup_phone.script import parted

__all__ = ["LABELS", "Labels", "Sheet", "sheet_of"]


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of a sheet in one language."""

    good: str
    possible: str
    no: str
    until: str
    now: str
    following: str
    you: str
    to: str
    odd: str
    no_country: str
    before: tuple[str, str]
    notes: tuple[str, ...]


LABELS: Mapping[str, Labels] = {
    "en": Labels(
        good="This is a good time to call",
        possible="You can call now; there are better hours",
        no="This is no time to call",
        until="until {there}",
        now="It is {time}",
        following="Good hours",
        you="you: {time}",
        to="{start} to {end}",
        odd="These are unusual hours for you; there are no better ones.",
        no_country="The number has no country code: from abroad, dial that of their country first.",
        before=(
            "Before you dial",
            "Have a pen, your calendar and this page at hand. Stand up, breathe out and smile: it can be "
            "heard. Read the lines aloud once.",
        ),
        notes=("Spoke with", "They said", "By when", "Call again on"),
    ),
    "de": Labels(
        good="Jetzt ist eine gute Zeit für den Anruf",
        possible="Jetzt geht es; es gibt bessere Zeiten",
        no="Jetzt ist keine Zeit für den Anruf",
        until="bis {there}",
        now="Es ist {time}",
        following="Gute Zeiten",
        you="bei dir: {time}",
        to="{start} bis {end}",
        odd="Für dich sind das ungewöhnliche Zeiten; bessere gibt es nicht.",
        no_country="Die Nummer hat keine Landesvorwahl: Aus dem Ausland zuerst die des Landes wählen.",
        before=(
            "Vor dem Wählen",
            "Stift, Kalender und dieses Blatt bereitlegen. Aufstehen, ausatmen, lächeln: Das hört man. "
            "Die Sätze einmal laut lesen.",
        ),
        notes=("Gesprochen mit", "Gesagt wurde", "Bis wann", "Wieder anrufen am"),
    ),
}
"""By ISO 639 code."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to call by, all of it in words. `warning` is why not to call now, or empty."""

    language: str
    title: str
    number: str
    link: str
    warning: str
    hours: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]


def sheet_of(draft: Draft, number: str, hours: Hours, language: Language | None, warning: str = "") -> Sheet:
    """The page of a script. In a language that the sheet does not speak its own few words are English."""
    code = draft.language if draft.language in LABELS else "en"
    labels = LABELS[code]
    spoken = language if language is not None and language.code == code else None
    lines = _hours(hours, labels, spoken.day_in_words if spoken is not None else day)
    if number and not number.startswith(("+", "00")) and hours.zones[0] != hours.zones[1]:
        lines.append(labels.no_country)
    return Sheet(
        language=draft.language,
        title=draft.subject,
        number=number,
        link=draft.open,
        warning=warning,
        hours=tuple(lines),
        sections=(labels.before, *parted(draft.body)),
        notes=labels.notes,
    )


def _hours(hours: Hours, labels: Labels, in_words: Callable[[datetime], str]) -> list[str]:
    words = {"good": labels.good, "possible": labels.possible, "no": labels.no}[hours.answer]
    there, here = (zone.rpartition("/")[2].replace("_", " ") for zone in hours.zones)
    same = hours.now_there.replace(tzinfo=None) == hours.now_here.replace(tzinfo=None)
    now = labels.now.format(time=f"{_clock(hours.now_there)} ({there})")
    if not same:
        now += f", {labels.you.format(time=f'{_clock(hours.now_here)} ({here})')}"
    if hours.current is not None:
        words += " " + labels.until.format(there=_clock(hours.current.ends))
    lines = [f"{words}. {now}."]
    if hours.following:
        lines.append(f"{labels.following}:")
    lines += [f"– {_span_in_words(span, labels, in_words)}" for span in hours.following]
    if hours.odd:
        lines.append(labels.odd)
    return lines


def _span_in_words(span: Span, labels: Labels, in_words: Callable[[datetime], str]) -> str:
    """`Friday, 27 November, 10:00 to 12:00 (you: 17:00 to 19:00)`."""
    there = labels.to.format(start=_clock(span.starts), end=_clock(span.ends))
    words = f"{in_words(span.starts)}, {there}"
    if span.same_clocks:
        return words
    here = labels.to.format(start=_clock(span.starts_here), end=_clock(span.ends_here))
    if span.starts_here.date() != span.starts.date():
        here = f"{in_words(span.starts_here)}, {here}"
    return f"{words} ({labels.you.format(time=here)})"


def _clock(moment: datetime) -> str:
    return f"{moment.hour:02}:{moment.minute:02}"
