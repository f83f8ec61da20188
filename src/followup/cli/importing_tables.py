"""Tables of other programs for `followup import`: which column is what, and which of two dates is meant."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from followup.errors import InputError, UsageError

if TYPE_CHECKING:
    from followup.exchange.columns import Mapped, MappingSource
    from followup.exchange.dates import Order
    from followup.exchange.tables import Row
    from followup.exchange.taking import Taken
    from followup.store import Entry
    from followup.vocabulary import Vocabulary

__all__ = ["TABLE_OPTIONS", "TableOptions", "looks_like_a_table", "table_reader"]

SUFFIXES = (".csv", ".tsv", ".tab")
PRESET_NAMES = (
    "linkedin-applications", "linkedin-connections", "teal", "huntr", "notion", "spreadsheet",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What the person says of a table."""

    preset: str | None = None
    columns: tuple[str, ...] = ()
    dates: Order | None = None
    mapping: str | None = None
    save_mapping: Path | None = None
    skip_bad: bool = False

    @property
    def given(self) -> bool:
        """Whether anything is said."""
        return self != TableOptions()


def TABLE_OPTIONS(function: Callable[..., Any]) -> Callable[..., Any]:  # noqa: N802
    """The options of `followup import` for tables of other programs."""
    for option in reversed((
        click.option("--preset", type=click.Choice(PRESET_NAMES),
                     help="The program that wrote the table; else it is known by its columns."),
        click.option("--column", "columns", multiple=True, metavar="NAME=FIELD",
                     help="What a column is, such as `Firma=company`; may be given several times."),
        click.option("--dates", type=click.Choice(["dmy", "mdy"]),
                     help="Whether 03/04 is 3 April or 4 March, where the table leaves that open."),
        click.option("--mapping", type=click.Path(dir_okay=False), metavar="FILE",
                     help="What the columns are, as `--save-mapping` kept it."),
        click.option("--save-mapping", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                     help="Keep what the columns are for the next time."),
        click.option("--skip-bad", is_flag=True,
                     help="Take the rows that can be read, and leave the others out."),
    )):  # fmt: skip
        function = option(function)
    return function


def looks_like_a_table(text: str, file: str, options: TableOptions) -> bool:
    """Whether a text is a table, by its file's name, by what was said of it, or by its first line."""
    if options.given or file.lower().endswith(SUFFIXES):
        return True
    first = text.lstrip().partition("\n")[0]
    return not first.startswith(("{", "[", "-", "#")) and ":" not in first and any(s in first for s in ",;\t")


def table_reader(
    rows: Sequence[Row], file: str, options: TableOptions, now: datetime, vocabulary: Vocabulary
) -> Callable[[Sequence[Entry]], Taken]:
    """What makes of a table and the log what is to be written. Raises InputError and UsageError."""
    from followup.exchange.columns import MappingSource, mapped, read_mapping
    from followup.exchange.joining import joined, met
    from followup.exchange.trackers import header_of, read_tracker

    if not rows:
        raise UsageError(f"{file} is empty")
    mapping = read_mapping(options.mapping) if options.mapping else MappingSource(format=1)
    said = {**mapping.columns, **_said(options.columns)}
    at = header_of(rows, said)
    header, body = rows[at].cells, rows[at + 1 :]
    columns = mapped(header, options.preset, said)
    if columns.preset == "linkedin-connections":
        people = _people(columns, body, file)
        return lambda entries: met(entries, people, now, vocabulary)
    columns = _complete(header, columns, options, said)
    orders, dates = _orders(columns, header, body, options.dates or mapping.dates)
    found, problems = read_tracker(columns, body, orders, mapping.statuses, file)
    if options.save_mapping:
        _save(options.save_mapping, header, columns, mapping, dates)

    def read(entries: Sequence[Entry]) -> Taken:
        from dataclasses import replace

        from followup.cli.yourself import candidate_of
        from followup.store import folded

        candidate = candidate_of(folded(entries))
        if candidate is None or not candidate.get("timezone"):
            raise UsageError(
                "a table does not say who you are; say it once: `followup init --name … --timezone …`"
            )
        taken, more = joined(entries, found, candidate, now, vocabulary, file)
        bad = sorted([*problems, *more], key=lambda problem: problem.place.line)
        if bad and not options.skip_bad:
            good = len(body) - len({problem.place.line for problem in bad})
            error = InputError(bad)
            error.add_note(
                f"nothing is written; `--skip-bad` leaves these rows out and takes the other {good}"
            )
            raise error
        told = [str(problem) for problem in bad]
        if columns.unknown:
            told.append(f"columns that are left out: {', '.join(columns.unknown)}")
        return replace(taken, lines=(*taken.lines, *told))

    return read


def _said(columns: Sequence[str]) -> dict[str, str]:
    found = {}
    for column in columns:
        name, sign, meant = column.rpartition("=")
        if not sign or not name.strip():
            raise UsageError(f'--column: `{column}` has no `=`; write it like `--column "Firma=company"`')
        found[name.strip()] = meant.strip()
    return found


def _complete(
    header: Sequence[str], columns: Mapped, options: TableOptions, said: Mapping[str, str]
) -> Mapped:
    """The columns with those of the company and the position, which are asked for on a terminal."""
    from followup.exchange.columns import mapped

    said = dict(said)
    for field in ("company", "position"):
        if columns.column(field) is not None:
            continue
        if not sys.stdin.isatty():
            names = ", ".join(f"`{name}`" for name in header if name.strip())
            raise UsageError(
                f'no column is known to be the {field}; add `--column "NAME={field}"` with one of {names}'
            )
        from followup.cli.asking import choose

        said[choose(f"Which column is the {field}?", dict.fromkeys(header, ""), err=True)] = field
        columns = mapped(header, options.preset, said)
    return columns


def _orders(
    columns: Mapped, header: Sequence[str], body: Sequence[Row], dates: Order | None
) -> tuple[dict[str, Order], Order | None]:
    """For each column of days whether days come first: as the person says, else as its cells do."""
    from followup.exchange.trackers import DAYS, orders_of

    if dates:
        return dict.fromkeys(DAYS, dates), dates
    orders, asked = orders_of(columns, header, body)
    if not asked:
        return orders, None
    if not sys.stdin.isatty():
        told = "; ".join(f"line {each.line}: `{each.cell}` in the column `{each.column}`" for each in asked)
        raise UsageError(
            f"nobody can know whether days or months come first: {told}; add `--dates dmy` for days first, "
            "or `--dates mdy` for months first"
        )
    from followup.cli.asking import choose

    cell, column = asked[0].cell, asked[0].column
    answers = {"dmy": "the day comes first", "mdy": "the month comes first"}
    answer = choose(f"`{cell}` in the column `{column}`: what comes first?", answers, err=True)
    dates = "mdy" if answer == "mdy" else "dmy"
    return {**dict.fromkeys(DAYS, dates), **orders}, dates


def _people(columns: Mapped, body: Sequence[Row], file: str) -> list[tuple[str, Any]]:
    from followup.exchange.trackers import people_of

    if columns.column("company") is None:
        raise UsageError(f"{file} has no column with companies")
    return people_of(columns, body)


def _save(
    path: Path, header: Sequence[str], columns: Mapped, mapping: MappingSource, dates: Order | None
) -> None:
    import yaml

    from followup.writing import write_text

    pairs = zip(header, columns.fields, strict=True)
    kept: dict[str, Any] = {"format": 1, "columns": {name: meant for name, meant in pairs if name.strip()}}
    if mapping.statuses:
        kept["statuses"] = dict(mapping.statuses)
    if dates:
        kept["dates"] = dates
    write_text(path, yaml.safe_dump(kept, sort_keys=False, allow_unicode=True, width=110))
    click.echo(f"kept what the columns are: {path}", err=True)
