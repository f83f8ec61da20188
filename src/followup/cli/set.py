"""`followup set`: what is known of an opportunity in the store, put right or put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from followup.cli.at_hand import at_hand
from followup.cli.home import HOME, tell_change, tell_nothing
from followup.cli.introducing import EXAMPLE, read_person
from followup.cli.opportunities import NOW
from followup.cli.options import FORMAT, Options, pass_options
from followup.errors import StateError, UsageError

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.store import Entry, Kept, NewEntry, Opportunity

__all__ = ["command"]

SETTLED = {"format": "it says how states are written", "elsewhere": "it comes from other opportunities"}
EVENTS = "what happened is written down by `followup log`"


@click.command("set")
@click.argument("opportunity")
@click.argument("facts", metavar="[FACT=VALUE]...", nargs=-1)
@click.option(
    "--person", "people", metavar="TEXT", multiple=True,
    help=f"Somebody there, new or known by id: `{EXAMPLE}`. May be repeated.",
)  # fmt: skip
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options, opportunity: str, facts: tuple[str, ...], people: tuple[str, ...], now: str | None,
    home: str | None, form: str,
) -> None:  # fmt: skip
    """Put in what you found out, or put right what was wrong: FACT=VALUE; nothing after the = takes it out.

    FACT is as `followup today` asks for it, or as in a state. For a person's, the id does: dana.email.

    \b
    Examples:
      followup set initech company.culture=relaxed
      followup set initech dana.email=dana@initech.example dana.rapport=friendly
      followup set initech --person "Lee Okafor, interviewer, lee@initech.example"
      followup set initech instructions.contact=hr
    """
    from followup.cli.plan_changes import change_data, change_line
    from followup.cli.times import wall_clock
    from followup.store import NewEntry, folded

    if not facts and not people:
        raise UsageError("say what to set: `company.culture=relaxed`, or `--person`")
    told: list[str] = []
    written_at = wall_clock()

    with at_hand(options, opportunity, now, home) as it:

        def decide(entries: Sequence[Entry]) -> list[NewEntry]:
            kept = folded(entries)
            found = kept.opportunity(it.name)
            changed = _changed(it.engine, found, facts, people)
            told[:] = _lines(found.data, changed)
            if not changed:
                return []
            stops = (
                NewEntry(kind="happened", opportunity=it.name, data={**stop, "at": written_at.isoformat()})
                for stop in _stops(kept, found, changed)
            )
            return [NewEntry(kind="changed", opportunity=it.name, data={"facts": changed}), *stops]

        change = it.store.change(decide, written_at)
        if change is None:
            tell_nothing(form, f"{it.name}: it is so already; nothing is changed")
            return
        changed = it.changes_since()
    erased = [entry.data["who"] for entry in change.entries if entry.kind == "happened"]
    told += [f"`{who}` was erased before and is not contacted" for who in erased]
    lines = [f"{it.name}: {line}" for line in told]
    lines += [f"  {change_line(each, it.clock)}" for each in changed]
    tell_change(form, change, lines, plan=[change_data(each) for each in changed])


def _changed(
    engine: Engine, found: Opportunity, facts: Sequence[str], people: Sequence[str]
) -> dict[str, Any]:
    """The facts that differ, by path, as a state can hold them. Raises UsageError and StateError."""
    from followup.states import read_data
    from followup.store.amending import amended, value_at

    known = found.data.get("people", {})
    made: dict[str, Any] = {}
    for text in facts:
        path, value = _fact(text, known)
        made[path] = value
    for id_, person in _introduced(people, known):
        made |= {f"people.{id_}.{field}": value for field, value in person.items()}
    for path, value in list(made.items()):
        made[path] = _fitting(engine, amended(found.data, made), path, value, found)
    differing = {path: value for path, value in made.items() if value_at(found.data, path) != value}
    read_data(amended(found.data, differing), engine.vocabulary)
    return differing


def _fact(text: str, people: Mapping[str, Any]) -> tuple[str, str | None]:
    path, equals, value = text.partition("=")
    path = path.strip()
    first = path.partition(".")[0]
    if not equals or not path or not all(path.split(".")):
        raise UsageError(f"`{text}` is not FACT=VALUE; write it like `company.culture=relaxed`")
    if first in people and "." in path:
        path = f"people.{path}"
    if first == "events" or path in ("decision_date", "promise"):
        raise UsageError(f"`{path}` cannot be set: {EVENTS}, such as `promise by Friday`")
    if first in SETTLED:
        raise UsageError(f"`{path}` cannot be set: {SETTLED[first]}")
    return path, value.strip() or None


def _introduced(texts: Sequence[str], known: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The people by id; one who has a name of somebody known is that one."""
    names = {str(person.get("name") or "").casefold(): id_ for id_, person in known.items()}
    taken = set(known)
    for text in texts:
        try:
            id_, person = read_person(text, taken)
        except ValueError as problem:
            raise UsageError(f"--person: {problem}") from None
        id_ = names.get(person["name"].casefold(), id_)
        taken.add(id_)
        yield id_, person


def _fitting(engine: Engine, state: Mapping[str, Any], path: str, value: Any, found: Opportunity) -> Any:
    """The value as it fits: as it was typed, else as YAML reads it (`true`), else as a list."""
    from followup.states import read_data, to_data
    from followup.store.amending import amended, value_at

    def as_read(state: Mapping[str, Any]) -> Any:
        return value_at(to_data(read_data(state, engine.vocabulary).state), path)

    if value is None:
        return None
    try:
        return as_read(state)
    except StateError:
        for other in _otherwise(value, path):
            with suppress(StateError):
                return as_read(amended(found.data, {path: other}))
        raise


def _otherwise(value: str, path: str) -> Iterator[Any]:
    from followup.documents import read_document
    from followup.errors import InputError

    with suppress(InputError):
        yield read_document(value, path).core_value()
    yield [item.strip() for item in value.split(",") if item.strip()]


def _lines(before: Mapping[str, Any], changed: Mapping[str, Any]) -> Iterator[str]:
    from followup.store.amending import value_at

    for path, value in changed.items():
        old = value_at(before, path)
        was = f" (was {_shown(old)})" if old is not None else ""
        yield f"{path}: {_shown(value) if value is not None else 'taken out'}{was}"


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _stops(kept: Kept, found: Opportunity, changed: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A stop for whoever was erased and comes again by an address."""
    from followup.store.amending import amended
    from followup.store.erasing import known_again

    after = amended(found.data, changed)
    touched = dict.fromkeys(path.split(".")[1] for path in changed if path.startswith("people."))
    for id_ in touched:
        person = after.get("people", {}).get(id_)
        if person is not None and known_again(person, kept.marks):
            yield {"type": "no_contact", "who": id_}
