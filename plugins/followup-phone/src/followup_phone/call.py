"""`followup call`: the script of a call and when to make it, on the screen, on paper or in a browser."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from followup.cli.opportunities import NOW, Options, chosen, not_now, pass_options, state_at
from followup_phone.numbers import plain_number

if TYPE_CHECKING:
    from followup.paper import PaperSize
    from followup.plan import FollowUp
    from followup.state import InterviewState
    from followup_phone.sheet import Sheet

__all__ = ["call"]


@click.command("call")
@click.argument("state", type=click.Path(allow_dash=True))
@click.argument("key")
@NOW
@click.option(
    "--pdf", "pdf_file", metavar="FILE", type=click.Path(dir_okay=False), help="Write one page, as PDF."
)
@click.option(
    "--print",
    "print_file",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write a page for your browser to show and print, as HTML.",
)
@click.option(
    "--paper",
    type=click.Choice(["a4", "letter"]),
    help="The size of the paper; where not given, that of the company's country.",
)
@click.option("--font", metavar="FILE", type=click.Path(), help="A TrueType font for the PDF.")
@pass_options
def call(
    options: Options,
    state: str,
    key: str,
    now: str | None,
    pdf_file: str | None,
    print_file: str | None,
    paper: str | None,
    font: str | None,
) -> None:
    """Show the script of a call, and the good hours for it on the clocks there and on yours.

    STATE is a file with one opportunity, KEY a follow-up that goes by phone, as the plan names it. Nobody is
    called: you dial. Afterwards `followup log-call` writes down what came of it.

    \b
    Examples:
      followup call aurora.yaml inquiry:conversa:bia
      followup call aurora.yaml inquiry:conversa:bia --pdf call.pdf
      followup call aurora.yaml inquiry:conversa:bia --print call.html
    """
    from followup.paper import paper_of
    from followup.writing import write_bytes, write_text

    engine = options.engine()
    read, moment, clock = state_at(engine, state, now)
    followup = chosen(engine.plan(read, moment), key, "phone")
    reason = not_now(followup, clock)
    warning = f"Do not call now. {reason}" if reason else ""
    sheet = _sheet(options, read, followup, moment, warning)
    size = cast("PaperSize", paper) if paper else paper_of(read.company.country)
    if pdf_file is not None:
        from followup_phone.pdf import pdf

        page, whole = pdf(sheet, size=size, made=moment, font=Path(font) if font else None)
        write_bytes(Path(pdf_file), page)
        click.echo(f"{pdf_file}: one page" + ("" if whole else ", without the written message"))
    if print_file is not None:
        from followup_phone.html import html

        write_text(Path(print_file), html(sheet, size=size))
        click.echo(f"{print_file}: open it in a browser and print")
    if pdf_file is None and print_file is None:
        _show(sheet)
    elif warning:
        click.echo(warning, err=True)


def _sheet(
    options: Options, state: InterviewState, followup: FollowUp, moment: datetime, warning: str
) -> Sheet:
    from followup.history import person_calendar
    from followup_phone.hours import hours_to_call
    from followup_phone.sheet import sheet_of

    assert followup.draft is not None
    assert followup.to is not None
    person = state.people[followup.to.id]
    hours = hours_to_call(person_calendar(state, person), person_calendar(state, None), moment)
    language = options.engine().languages.get(followup.draft.language)
    return sheet_of(followup.draft, plain_number(person.phone), hours, language, warning)


def _show(sheet: Sheet) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from followup.cli.drawing import draw, text

    head = [text(sheet.title, "bold"), text(f"{sheet.number}   {sheet.link}")]
    if sheet.warning:
        head.append(text(sheet.warning, "bold red"))
    head += [text(line) for line in sheet.hours]
    body: list[Padding | Text] = []
    for heading, words in sheet.sections:
        body += [Text(), text(heading, "bold"), Padding(text(words), (0, 0, 0, 2))]
    draw([*head, *body, Text(), text("Afterwards: followup log-call", "dim")])
