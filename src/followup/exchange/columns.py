"""What the columns of a table are: by their names in English and German, by a preset, by a mapping.

A mapping is kept as a file, so that the next export of the same table needs no questions:

    format: 1
    columns: {Firma: company, Beworben: applied, Laune: ignore}
    statuses: {im Gespräch: interview}
    dates: dmy
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, field

from followup.checking import check_format, checked, first_problems
from followup.documents import read_path
from followup.errors import InputError, Problem, UsageError, did_you_mean
from followup.sources import Format, Source

__all__ = [
    "FIELDS",
    "IGNORE",
    "PRESETS",
    "Mapped",
    "MappingSource",
    "Preset",
    "folded_name",
    "mapped",
    "read_mapping",
]

FIELDS: Mapping[str, str] = {
    "company": "company, company name, employer, organization, organisation, firm, "
    "firma, unternehmen, arbeitgeber, firmenname",
    "position": "position, job title, title, role, job, job position, position title, job name, role title, "
    "stelle, stellenbezeichnung, stellentitel, jobtitel, rolle, beruf",
    "status": "status, stage, state, application status, list, current status, result, outcome, "
    "stand, stufe, phase, bewerbungsstatus, ergebnis",
    "applied": "applied, date applied, applied on, applied date, application date, date of application, "
    "date, beworben, beworben am, bewerbungsdatum, bewerbung am, datum der bewerbung, datum, gesendet am",
    "interview": "interview, interview date, interview on, date of interview, interviewed on, "
    "date interviewed, next interview, gespräch, gespräch am, vorstellungsgespräch, "
    "vorstellungsgespräch am, interview am, interviewtermin, termin",
    "interview_time": "interview time, time of interview, time, uhrzeit, uhrzeit des gesprächs",
    "rejected": "rejected, rejected on, date rejected, rejection date, rejection, "
    "absage, absage am, abgelehnt am",
    "offer": "offer, offer date, date offered, offered on, offer on, date of offer, angebot, angebot am",
    "updated": "last updated, updated, updated at, last change, last activity, last edited time, "
    "date updated, zuletzt geändert, letzte änderung, aktualisiert, aktualisiert am",
    "recruiter": "recruiter, recruiter name, personalvermittler, personalvermittlerin, recruiterin",
    "hiring_manager": "hiring manager, hiring manager name, vorgesetzter, vorgesetzte, fachvorgesetzter",
    "interviewer": "interviewer, interviewers, interviewed by, interviewed with, gesprächspartner, "
    "gesprächspartnerin, gespräch mit",
    "contact": "contact, contact name, contact person, "
    "ansprechpartner, ansprechpartnerin, ansprechperson, kontakt, kontaktperson, name des kontakts",
    "role": "contact role, contact title, contact position, role of contact, funktion, rolle des kontakts",
    "email": "email, e mail, mail, email address, contact email, contact e mail, recruiter email, "
    "mailadresse, e mail adresse, kontakt e mail",
    "phone": "phone, telephone, phone number, contact phone, tel, mobile, "
    "telefon, telefonnummer, handy, mobil",
    "linkedin": "linkedin, linkedin url, linkedin profile, contact linkedin, linkedin profil",
    "first_name": "first name, given name, vorname",
    "last_name": "last name, surname, family name, nachname, familienname",
    "notes": "notes, note, comments, comment, remarks, description of contact, "
    "notizen, notiz, bemerkung, bemerkungen, anmerkung, anmerkungen, kommentar, kommentare",
    "url": "url, link, job url, job link, job posting, posting url, job posting url, posting, "
    "stellenanzeige, anzeige, ausschreibung",
    "location": "location, city, place, job location, ort, standort, arbeitsort, stadt",
    "salary": "salary, max salary, salary range, pay, compensation, gehalt, gehaltsspanne, lohn",
}
"""What a column may be, with the names by which it is known; written in small letters without signs."""
IGNORE = "ignore"
"""What a column is that nothing is taken of."""


@dataclass(frozen=True, slots=True)
class Preset:
    """The columns of one program's export, where their names alone would mislead. `known_by` are its own."""

    title: str
    known_by: frozenset[str]
    columns: Mapping[str, str]


PRESETS: Mapping[str, Preset] = {
    # `Jobs/Job Applications.csv` of LinkedIn's "Get a copy of your data". The columns, as public parsers and
    # their samples of 2023 to 2026 have them (looked up on 2026-11-28): Application Date, Contact Email,
    # Contact Phone Number, Company Name, Job Title, Job Url, Resume Name, Question And Answers. The two
    # contact columns are what the applicant gave: your own addresses, never somebody's at the company.
    "linkedin-applications": Preset(
        "LinkedIn's data archive, Job Applications.csv",
        frozenset({"application date", "company name", "job title", "resume name"}),
        {
            "application date": "applied", "contact email": IGNORE, "contact phone number": IGNORE,
            "company name": "company", "job title": "position", "job url": "url", "resume name": IGNORE,
            "question and answers": IGNORE,
        },
    ),
    # `Connections.csv` of the same archive (same sources and day): some lines of notes, then First Name, Last
    # Name, URL, Email Address, Company, Position, Connected On.
    "linkedin-connections": Preset(
        "LinkedIn's data archive, Connections.csv",
        frozenset({"first name", "last name", "connected on"}),
        {"url": "linkedin", "email address": "email", "position": IGNORE, "connected on": IGNORE},
    ),
    # The table of Teal's job tracker: Job Position, Company, Max. Salary, Location, Status, Date Saved,
    # Deadline, Date Applied, Follow up, Excitement; other public parsers read Company Name and Job Title.
    # From public repositories on 2026-11-28; Teal does not document them. The deadline is that for applying.
    "teal": Preset(
        "Teal",
        frozenset({"date saved", "excitement"}),
        {
            "job position": "position", "max salary": "salary", "date saved": IGNORE, "deadline": IGNORE,
            "date applied": "applied", "follow up": IGNORE, "excitement": IGNORE,
        },
    ),
    # Huntr's CSV: a job's board column is `List`; the company stands in Company or Employer, the job in Title
    # or Job Title; Date Applied. From public parsers on 2026-11-28; Huntr does not document them.
    "huntr": Preset(
        "Huntr",
        frozenset({"list", "title"}),
        {"list": "status", "title": "position", "employer": "company", "description": IGNORE},
    ),
    # Notion exports a database with the names of your own properties. A relation is written as the page's
    # title and its address in brackets.
    "notion": Preset("a database of Notion", frozenset(), {}),
    "spreadsheet": Preset("any other table", frozenset(), {}),
}  # fmt: skip
"""The programs that are known by the columns of their exports."""


class MappingSource(Source, frozen=True, kw_only=True):
    """A mapping, as its file has it."""

    format: Format
    columns: Annotated[dict[str, str], Meta(description="names of columns, each with what it is")] = field(
        default_factory=dict
    )
    statuses: Annotated[dict[str, str], Meta(description="words for where it stands, and ours")] = field(
        default_factory=dict
    )
    dates: Annotated[Literal["dmy", "mdy"] | None, Meta(description="whether days come first")] = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """A header that was understood: what each column is, and which names were not known."""

    fields: tuple[str, ...]
    unknown: tuple[str, ...]
    preset: str

    def column(self, field: str) -> int | None:
        """The place of the first column that is this."""
        return self.fields.index(field) if field in self.fields else None


def folded_name(name: str) -> str:
    """A column's name as it compares: small letters, without signs."""
    return " ".join(re.sub(r"[^\w]+|_", " ", name.casefold()).split())


_BY_NAME = {name.strip(): meant for meant, names in FIELDS.items() for name in names.split(",")}


def mapped(header: Sequence[str], preset: str | None, columns: Mapping[str, str]) -> Mapped:
    """What the columns are: as `columns` say, else as the preset does, else by their names.

    Without a preset, the one is taken whose own columns are there.

    Of two columns that would be the same, the first is taken. Raises UsageError.
    """
    names = [folded_name(name) for name in header]
    own = {folded_name(name): meant for name, meant in columns.items()}
    for name, meant in columns.items():
        if meant not in (*FIELDS, IGNORE):
            raise UsageError(f"a column cannot be `{meant}`; {did_you_mean(meant, [*FIELDS, IGNORE])}")
        if folded_name(name) not in names:
            raise UsageError(f"the table has no column `{name}`; {did_you_mean(name, header)}")
    there = (each for each, known in PRESETS.items() if known.known_by and known.known_by <= set(names))
    chosen = preset or next(there, "spreadsheet")
    preset_columns = PRESETS[chosen].columns
    fields: list[str] = []
    unknown: list[str] = []
    explicit = {own.get(name) for name in names}
    for shown, name in zip(header, names, strict=True):
        meant = own.get(name) or preset_columns.get(name) or _BY_NAME.get(name, "")
        taken = meant in fields or (name not in own and meant in explicit)
        if not meant or (taken and meant != IGNORE):
            unknown += [shown] if name else []
            meant = IGNORE
        fields.append(meant)
    return Mapped(tuple(fields), tuple(unknown), chosen)


def read_mapping(path: str) -> MappingSource:
    """A mapping that was kept in a file. Raises InputError."""
    document = read_path(path)
    problems: list[Problem] = []
    check_format(document, problems)
    found = checked(document, (), document.value, MappingSource, problems)
    if problems or found is None:
        raise InputError(first_problems(problems))
    return found
