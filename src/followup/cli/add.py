"""`followup add`: put opportunities into the store."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME, opened, tell_change
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.reading import NAME, read_state_file
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.store import Entry, NewEntry

__all__ = ["command"]


@click.command("add")
@click.argument("states", metavar="STATE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--name", help="Its name in the store; else made of the company's name. For one state only.")
@HOME
@FORMAT
@pass_options
def command(options: Options, states: tuple[str, ...], name: str | None, home: str | None, form: str) -> None:
    """Put opportunities into your store, each from its state file, or - for standard input.

    All are added or none. The files are not needed afterwards. A person whom you erased and who
    stands in a file again is not contacted.

    \b
    Examples:
      followup demo --state | followup add -
      followup add opportunities/*.yaml
    """
    from followup.cli.times import wall_clock
    from followup.states import to_data
    from followup.store import NewEntry, folded
    from followup.store.erasing import known_again

    if name is not None and len(states) > 1:
        raise UsageError("--name is for one state; leave it out, or add them one by one")
    if name is not None and not NAME.fullmatch(name):
        raise UsageError(f"--name: `{name}` cannot be a name; use small letters, digits and `-`")
    engine = options.engine()
    found = [to_data(read_state_file(engine, path).state) for path in states]
    now = wall_clock()

    def decide(entries: Sequence[Entry]) -> list[NewEntry]:
        kept = folded(entries)
        taken = set(kept.opportunities)
        if name in taken:
            raise UsageError(f"--name: `{name}` is taken; choose another name")
        made = []
        for data in found:
            own = name or _free(_slug(data), taken)
            taken.add(own)
            made.append(NewEntry(kind="opened", opportunity=own, data=data))
            for id_, person in data.get("people", {}).items():
                if known_again(person, kept.marks):
                    stop = {"type": "no_contact", "at": now.isoformat(), "who": id_}
                    made.append(NewEntry(kind="happened", opportunity=own, data=stop))
        return made

    with opened(home) as store:
        change = store.change(decide, now)
    assert change is not None
    lines = [
        f"added {entry.opportunity}: {entry.data['position']['title']} at {entry.data['company']['name']}"
        if entry.kind == "opened"
        else f"{entry.opportunity}: `{entry.data['who']}` was erased before and is not contacted"
        for entry in change.entries
    ]
    tell_change(form, change, lines)


def _slug(data: Mapping[str, Any]) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", data["company"]["name"]).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")[:50] or "opportunity"


def _free(slug: str, taken: set[str]) -> str:
    number = 2
    name = slug
    while name in taken:
        name, number = f"{slug}-{number}", number + 1
    return name
