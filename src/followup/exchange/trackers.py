"""The rows of a tracker read: what each says of an opportunity, and what is wrong with a row, by its line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from followup.errors import Place, Problem, UsageError
from followup.exchange.columns import IGNORE, Mapped
from followup.exchange.dates import Order, order_of, read_moment, ways_of
from followup.exchange.tables import Row

__all__ = [
    "DAYS",
    "STATUSES",
    "Asked",
    "Found",
    "Person",
    "header_of",
    "named",
    "orders_of",
    "people_of",
    "read_tracker",
]

DAYS = ("applied", "interview", "rejected", "offer", "updated")
"""What is a day or a time."""
STATUSES: Mapping[str, str] = {
    "rejection": "rejected, rejection, declined by company, not selected, turned down, "
    "abgelehnt, absage, abgesagt, absage erhalten",
    "offer": "offer, offered, offer received, negotiating, negotiation, "
    "angebot, angebot erhalten, vertragsangebot",
    "accepted": "accepted, offer accepted, hired, signed, angenommen, zusage, eingestellt, unterschrieben",
    "declined": "offer declined, declined offer, i declined, angebot abgelehnt",
    "withdrawal": "withdrawn, withdrew, i withdrew, withdrawal, zurückgezogen, bewerbung zurückgezogen",
    "interview": "interview, interviewing, interviewed, phone screen, screening, onsite, on site, "
    "final round, first interview, second interview, interview scheduled, im gespräch, gespräch, "
    "vorstellungsgespräch, eingeladen, einladung",
    "": "applied, saved, bookmarked, wishlist, to apply, applying, interested, open, pending, waiting, "
    "in progress, under review, sent, submitted, application sent, no response, no answer, ghosted, "
    "archived, follow up, draft, beworben, offen, gemerkt, geplant, gesendet, abgeschickt, in bearbeitung, "
    "wartet, keine antwort, keine rückmeldung, ausstehend, merkliste",
}
"""What happened, with the words for where it stands then; the last ones say nothing that a plan counts."""
_STATUS = {word.strip(): kind for kind, words in STATUSES.items() for word in words.split(",")}
_NO = {"", "no", "n", "nein", "none", "n a", "na", "tbd", "false", "open", "offen", "keine", "kein", "0"}
_YES = {"yes", "y", "ja", "x", "true", "done", "1", "✓", "✔"}
_RELATION = re.compile(r"\s*\(https://(?:www\.)?notion\.so/[^)\s]*\)")
ROLES = {"recruiter": "recruiter", "hiring_manager": "hiring manager"}
"""Columns that name one person, with the role that they have."""
NO_ROLE = (
    'so no rule writes to them; undo, and say which with `--column "NAME=recruiter"`, `hiring_manager` or '
    "`interviewer`"
)
HEADER_WITHIN = 12
"""In so many first rows the names of the columns are looked for; notes may stand before them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the company, as far as a row says who."""

    name: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """What a row says. `events` have no time where the table has none; `met` are names of who interviewed."""

    line: int
    company: str
    position: str
    people: tuple[Person, ...] = ()
    events: tuple[Mapping[str, str], ...] = ()
    met: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A column of days that can be read in two ways, with the first cell that can."""

    column: str
    cell: str
    line: int


def header_of(rows: Sequence[Row], known: Mapping[str, str]) -> int:
    """Which of the first rows names the columns: the one of whose names most are known. Raises UsageError."""
    from followup.exchange.columns import folded_name, mapped

    own = {folded_name(name) for name in known}
    best, place = 0, 0
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        fields = mapped(row.cells, None, {}).fields
        count = sum(f != IGNORE for f in fields) + sum(folded_name(name) in own for name in row.cells)
        if count > best:
            best, place = count, index
    if not best:
        raise UsageError(
            'no row names columns that are known; say what they are: `--column "NAME=company"`, '
            '`--column "NAME=position"`'
        )
    return place


def orders_of(
    columns: Mapped, header: Sequence[str], rows: Sequence[Row]
) -> tuple[dict[str, Order], list[Asked]]:
    """For each column of days whether they come first, as its cells say; and those of which they do not."""
    orders: dict[str, Order] = {}
    asked: list[Asked] = []
    for name in DAYS:
        index = columns.column(name)
        if index is None:
            continue
        cells = [(_cell(row, index), row.line) for row in rows]
        order = order_of([cell for cell, _ in cells])
        unclear = [(cell, line) for cell, line in cells if ways_of(cell) == "either"]
        if order:
            orders[name] = order
        elif unclear:
            asked.append(Asked(header[index], *unclear[0]))
    return orders, asked


def read_tracker(
    columns: Mapped,
    rows: Sequence[Row],
    orders: Mapping[str, Order],
    statuses: Mapping[str, str],
    file: str,
) -> tuple[list[Found], list[Problem]]:
    """What the rows say, and what is wrong with those that cannot be used."""
    own = {_word(word): kind for word, kind in statuses.items()}
    unknown = [kind for kind in own.values() if kind not in STATUSES and kind != IGNORE]
    if unknown:
        words = ", ".join([*filter(None, STATUSES), IGNORE])
        raise UsageError(f"a status cannot be `{unknown[0]}`; known: {words}")
    found: list[Found] = []
    problems: list[Problem] = []
    for row in rows:
        cells = {
            name: _RELATION.sub("", _cell(row, index))
            for index, name in enumerate(columns.fields)
            if name != IGNORE and _cell(row, index)
        }
        complaints: list[tuple[str, str]] = []
        if any(cell.strip() for cell in row.cells[len(columns.fields) :]):
            # A sign that was not quoted has moved all that follows it into the wrong columns.
            told = f"it has {len(row.cells)} cells and the header {len(columns.fields)}"
            complaints.append((told, "put a cell that holds the separator into quotation marks"))
        read = _read(row.line, cells, orders, {**_STATUS, **own}, complaints)
        problems += [Problem("row", text, Place(file, row.line, 1), cure) for text, cure in complaints]
        if not complaints:
            found.append(read)
    return found, problems


def _read(
    line: int,
    cells: Mapping[str, str],
    orders: Mapping[str, Order],
    statuses: Mapping[str, str],
    complaints: list[tuple[str, str]],
) -> Found:
    for name in ("company", "position"):
        if name not in cells:
            complaints.append((f"the {name} is missing", "write it into the row, or leave the row out"))
        elif len(cells[name]) > 200:
            complaints.append((f"the {name} is longer than 200 characters", "shorten it"))
    times: dict[str, str] = {}
    happened: set[str] = set()
    for name in DAYS:
        cell = cells.get(name, "")
        if _word(cell) in _NO:
            continue
        if _word(cell) in _YES:
            happened.add({"rejected": "rejection"}.get(name, name))
            continue
        moment = read_moment(cell, orders.get(name))
        if name == "interview" and moment and moment.clock is None and "interview_time" in cells:
            cell = f"{cell} {cells['interview_time']}"
            moment = read_moment(cell, orders.get(name))
        if moment is None:
            cure = "write it as 2026-11-20 or 2026-11-20 10:00"
            if ways_of(cell) in ("dmy", "mdy", "either"):
                cure += "; the column has days and months in another order"
            complaints.append((f"`{cell[:60]}` is no day for `{name}`", cure))
        elif name == "applied":
            times[name] = moment.day.isoformat()
        else:
            times[name] = moment.text
    status = _word(cells.get("status", ""))
    told = []
    if status in statuses:
        happened.add(statuses[status])
    elif status:
        shown = cells["status"][:60]
        told.append(f"the status `{shown}` is not known; under `statuses:` a mapping can say what it is")
    events = [
        {"type": kind, "at": times[name]}
        for name, kind in (("interview", "interview"), ("offer", "offer"), ("rejected", "rejection"))
        if name in times
    ]
    for kind in ("offer", "declined", "accepted", "rejection", "withdrawal"):
        if kind in happened and not any(event["type"] == kind for event in events):
            events.append({"type": kind, **({"at": times["updated"]} if "updated" in times else {})})
    if "interview" in happened and "interview" not in times:
        told.append("there was or will be an interview, and the table does not say when: log it")
    people = _people(cells)
    for each in people:
        if "role" not in each.fields:
            told.append(f"{each.name or each.fields['email']} has no role, {NO_ROLE}")
    return Found(
        line,
        _line(cells.get("company", "")),
        _line(cells.get("position", "")),
        tuple(people),
        tuple(events),
        tuple(_names(cells.get("interviewer", ""))),
        tuple(_notes(cells, times)),
        tuple(told),
    )


def _people(cells: Mapping[str, str]) -> list[Person]:
    """Everybody whom a row names. Its addresses are the first one's."""
    addresses = {key: _line(cells[key]) for key in ("email", "phone", "linkedin") if key in cells}
    if "linkedin" in addresses and "://" not in addresses["linkedin"]:
        addresses["linkedin"] = f"https://{addresses['linkedin']}"
    contact = cells.get("contact") or f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
    cells_of = [(contact, _line(cells.get("role", "")))] if contact else []
    cells_of += [(cells[field], role) for field, role in ROLES.items() if field in cells]
    cells_of += [(name, "interviewer") for name in _names(cells.get("interviewer", ""))]
    if not cells_of and "email" in addresses:
        cells_of = [("", _line(cells.get("role", "")))]
    found: list[Person] = []
    for name, role in cells_of:
        fields = {"role": role} if role else {}
        fields |= {} if found else addresses
        found.append(named(name, fields))
    return found


def named(name: str, fields: Mapping[str, str] | None = None) -> Person:
    """Somebody by what stands in a cell: a name, or their address alone."""
    fields = fields or {}
    return Person("", {**fields, "email": _line(name)}) if "@" in name else Person(_line(name)[:200], fields)


def _names(cell: str) -> list[str]:
    """The names in a cell, which commas, semicolons, lines or `&` part."""
    return [_line(name) for name in re.split(r"[,;&\n]", cell) if name.strip()]


def people_of(columns: Mapped, rows: Sequence[Row]) -> list[tuple[str, Person]]:
    """The people of a list of contacts, each with their company; those without one are left out."""
    found = []
    for row in rows:
        cells = {name: _cell(row, index) for index, name in enumerate(columns.fields) if _cell(row, index)}
        company = cells.pop("company", "")
        found += [(company, person) for person in _people(cells) if company and person.name]
    return found


def _notes(cells: Mapping[str, str], times: Mapping[str, str]) -> list[str]:
    told = [f"Applied {times['applied']}"] if "applied" in times else []
    told += [cells[key] for key in ("url", "location", "salary") if key in cells]
    return [*([" · ".join(told)] if told else []), *([cells["notes"]] if "notes" in cells else [])]


def _cell(row: Row, index: int) -> str:
    return row.cells[index].strip() if index < len(row.cells) else ""


def _line(text: str) -> str:
    return " ".join(text.split())


def _word(text: str) -> str:
    return " ".join(re.sub(r"[^\w✓✔]+|_", " ", text.casefold()).split())
