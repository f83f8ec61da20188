"""`followup letter`: the text to copy by hand, or a page to print."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from followup.cli.opportunities import NOW, Options, chosen, not_now, pass_options, state_at
from followup.errors import UsageError
from followup.names import with_title
from followup.paper import PaperSize, paper_of
from followup.plain import plain_line
from followup_letter.addresses import address_lines

if TYPE_CHECKING:
    from followup.languages import Language
    from followup.plan import Draft
    from followup.state import InterviewState
    from followup_letter.page import Letter

__all__ = ["letter"]


@click.command("letter")
@click.argument("state", type=click.Path(allow_dash=True))
@click.argument("key")
@NOW
@click.option("-o", "--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write a page, as PDF.")
@click.option(
    "--date", "day", metavar="DAY", help="The day of the letter: 2026-11-20; where not given, that of --now."
)
@click.option(
    "--paper",
    type=click.Choice(["a4", "letter"]),
    help="The paper and its envelope; where not given, those of the company's country.",
)
@click.option("--font", metavar="FILE", type=click.Path(), help="A TrueType font for the PDF.")
@pass_options
def letter(
    options: Options,
    state: str,
    key: str,
    now: str | None,
    output: str | None,
    day: str | None,
    paper: str | None,
    font: str | None,
) -> None:
    """Show the words of a letter to copy by hand, or write a page to print and sign.

    STATE is a file with one opportunity, KEY a follow-up that goes by letter, as the plan names it. The page
    has the address where the window of an envelope shows it: A4 after DIN 5008, or US letter.

    \b
    Examples:
      followup letter initech.yaml thank-you:r1:dana
      followup letter initech.yaml thank-you:r1:dana -o dana.pdf
      followup letter initech.yaml thank-you:r1:dana -o dana.pdf --date 2026-11-21 --paper letter
    """
    engine = options.engine()
    read, moment, clock = state_at(engine, state, now)
    followup = chosen(engine.plan(read, moment), key, "letter")
    assert followup.draft is not None
    assert followup.to is not None
    warning = not_now(followup, clock)
    if warning:
        click.echo(f"Do not post it now. {warning}", err=True)
    size = cast("PaperSize", paper) if paper else paper_of(read.company.country)
    language = engine.languages.get(followup.draft.language)
    when = _day(day) if day is not None else clock.local(moment).date()
    made = _letter(read, followup.to.id, followup.draft, language, when, size)
    if output is None:
        _show(made)
        return
    from followup.writing import write_bytes
    from followup_letter.page import pdf

    page = pdf(made, size=size, made=moment, font=Path(font) if font else None)
    if not made.return_address:
        click.echo("your own address is not known; add `address:` to `candidate:`", err=True)
    write_bytes(Path(output), page)
    click.echo(f"{output}: one page of {'US letter' if size == 'letter' else 'A4'}; sign it")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--date: `{text}` is not a day; write `2026-11-20`") from None


def _letter(
    state: InterviewState, person_id: str, draft: Draft, language: Language | None, day: date, size: PaperSize
) -> Letter:
    from followup_letter.page import Letter, dated

    candidate, person, company = state.candidate, state.people[person_id], plain_line(state.company.name)
    name, own = plain_line(candidate.name), address_lines(candidate.address)
    contacts = tuple(plain_line(text) for text in (candidate.phone, candidate.email) if text)
    there = address_lines(person.address)
    addressee = with_title(plain_line(person.name or ""), plain_line(person.title or "") or None)
    firm = () if any(company.casefold() in line.casefold() for line in there) else (company,)
    return Letter(
        language=draft.language,
        sender=(name, *own, *contacts),
        return_address=" · ".join((name, *own)) if own else "",
        recipient=(addressee, *firm, *there),
        date=dated(day, language, size),
        subject=draft.subject,
        body=draft.body,
        signed=name,
    )


def _show(made: Letter) -> None:
    from followup.cli.drawing import draw, text

    lines = ["On the envelope:", *(f"  {line}" for line in made.recipient), "", made.date, ""]
    draw([*map(text, lines), text(made.body)])
