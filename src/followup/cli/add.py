"""`followup add`: put opportunities into the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME, confirmed, opened, tell_change
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.reading import read_state_file
from followup.errors import UsageError
from followup.naming import NAME, free_name

if TYPE_CHECKING:
    from datetime import datetime

    from followup.cli.beginning import Beginning
    from followup.engine import Engine
    from followup.store import Entry, NewEntry, Store

__all__ = ["command"]

SPEAKS_GERMAN = {"AT", "DE", "LI"}
"""The countries where most are written to in German, which followup has words for as well as English."""
NEW = (
    click.option("--company", help="The company's name."),
    click.option("--position", help="What the job is called."),
    click.option("--country", metavar="CODE", help="The company's country, for public holidays: US."),
    click.option("--region", metavar="CODE", help="Its region, where holidays differ: IL."),
    click.option("--zone", "timezone", metavar="ZONE", help="Its time zone: America/Chicago."),
    click.option(
        "--person", "people", metavar="TEXT", multiple=True,
        help="Somebody there: `Dana Whitfield, hiring manager, dana@initech.example`. May be repeated.",
    ),
    click.option("--interview", metavar="TIME", help="When the interview was or will be; words will do."),
    click.option(
        "--invitation", metavar="FILE", type=click.Path(dir_okay=False),
        help="Take the interview and the people from an invitation: an .ics file, or a mail with one.",
    ),
    click.option(
        "--with", "with_", metavar="PERSON", multiple=True,
        help="Who takes part in it; else all but hr and recruiters. May be repeated.",
    ),
)  # fmt: skip


def _new(command: Any) -> Any:
    for option in reversed(NEW):
        command = option(command)
    return command


@click.command("add")
@click.argument("states", metavar="[STATE]...", nargs=-1, type=click.Path(allow_dash=True))
@_new
@click.option("--name", help="Its name in the store; else made of the company's name. For one only.")
@click.option("--yes", is_flag=True, help="Take dates in words as they are read, without asking.")
@click.option("--now", metavar="TIME", help="The moment from which words such as `tomorrow` count.")
@HOME
@FORMAT
@pass_options
def command(
    options: Options,
    /,
    states: tuple[str, ...],
    name: str | None,
    yes: bool,
    now: str | None,
    home: str | None,
    form: str,
    **said: Any,
) -> None:
    """Put an opportunity into your store: by questions, by options, or from state files (- for a pipe).

    Without anything it asks, on a terminal. Of several files all are added or none; they are not needed
    afterwards. A person whom you erased and who comes again is not contacted.

    \b
    Examples:
      followup add
      followup add --company Initech --position "Data Engineer" --interview "next Tuesday 10:00" \\
        --person "Dana Whitfield, hiring manager, dana@initech.example"
      followup add --company Hooli --position "Platform Engineer" --invitation invite.ics
      followup add opportunities/*.yaml
      followup demo --state | followup add -
    """
    from followup.cli.beginning import Beginning
    from followup.states import to_data

    known = Beginning(**{key: value for key, value in said.items() if value is not None})
    if states and known != Beginning():
        raise UsageError("a state file says it all; leave out the other options, or the file")
    if name is not None and len(states) > 1:
        raise UsageError("--name is for one state; leave it out, or add them one by one")
    if name is not None and not NAME.fullmatch(name):
        raise UsageError(f"--name: `{name}` cannot be a name; use small letters, digits and `-`")
    engine = options.engine()
    with opened(home) as store:
        if states:
            found = [to_data(read_state_file(engine, path).state) for path in states]
            profile = None
        else:
            data, profile = _begun(engine, store, known, now, yes=yes)
            found = [data]
        _add(store, found, name, profile, form, from_files=bool(states))


def _begun(
    engine: Engine, store: Store, known: Beginning, now: str | None, *, yes: bool
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A state by options and questions, and the candidate where they were asked for. Raises UsageError."""
    from followup.cli.beginning import Beginning, asked, calendar_for, state_of
    from followup.cli.times import moment_now
    from followup.cli.yourself import ask_candidate, can_ask, candidate_of
    from followup.states import read_data, to_data
    from followup.store import folded

    candidate, profile = candidate_of(folded(store.entries())), None
    asking = can_ask() and not (known.company and known.position)
    if candidate is None:
        if not can_ask():
            raise UsageError("your store does not know you yet; first: `followup init --name … --timezone …`")
        candidate = profile = ask_candidate({})
    moment = moment_now(now, calendar_for(candidate, known))
    if known == Beginning() and not asking:
        raise UsageError("name a state file, or give `--company` and `--position`; on a terminal it asks")
    if asking:
        known = asked(known, candidate, moment)
    if known.interview and known.invitation:
        raise UsageError("the invitation has the time; leave out `--interview`, or the invitation")
    data, readings = state_of(known, candidate, moment)
    if known.invitation:
        from followup.cli.inviting import with_invitation

        data, readings = with_invitation(known.invitation, data, moment)
    confirmed(readings, yes=yes)
    return to_data(read_data(data, engine.vocabulary).state), profile


def _add(
    store: Store,
    found: Sequence[Mapping[str, Any]],
    name: str | None,
    profile: dict[str, Any] | None,
    form: str,
    *,
    from_files: bool,
) -> None:
    from followup.cli.times import wall_clock
    from followup.store import NewEntry, folded
    from followup.store.erasing import known_again

    now: datetime = wall_clock()
    twins: dict[str, list[str]] = {}

    def decide(entries: Sequence[Entry]) -> list[NewEntry]:
        kept = folded(entries)
        taken = set(kept.opportunities)
        if name in taken:
            raise UsageError(f"--name: `{name}` is taken; choose another name")
        twins.clear()
        made = [] if profile is None else [NewEntry(kind="profile", data=profile)]
        for data in found:
            own = name or free_name(data["company"]["name"], taken)
            taken.add(own)
            made.append(NewEntry(kind="opened", opportunity=own, data=dict(data)))
            twins[own] = [
                f"note: `{each.name}` is that position too; if this is the same: followup undo"
                for each in kept.opportunities.values()
                if _is_twin(each.data, data)
            ]
            for id_, person in data.get("people", {}).items():
                if known_again(person, kept.marks):
                    stop = {"type": "no_contact", "at": now.isoformat(), "who": id_}
                    made.append(NewEntry(kind="happened", opportunity=own, data=stop))
        return made

    change = store.change(decide, now)
    assert change is not None
    lines = [line for entry in change.entries for line in (*_told(entry), *twins.get(entry.opportunity, ()))]
    tell_change(form, change, lines if from_files else [*lines, *_understood(found[0], next(iter(twins)))])


def _is_twin(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    keys = (("company", "name"), ("position", "title"))
    return all(one[key][name].casefold() == other[key][name].casefold() for key, name in keys)


def _told(entry: Entry) -> list[str]:
    if entry.kind == "profile":
        return [f"You are {entry.data['name']}."]
    if entry.kind == "happened":
        return [f"{entry.opportunity}: `{entry.data['who']}` was erased before and is not contacted"]
    data = entry.data
    return [f"added {entry.opportunity}: {data['position']['title']} at {data['company']['name']}"]


def _understood(data: Mapping[str, Any], name: str) -> Iterator[str]:
    """What was made of words: the people with their ids, and the interview."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from followup.wording import day_and_time

    people = [
        f"{id_} ({person.get('name') or 'no name yet'})" for id_, person in data.get("people", {}).items()
    ]
    if people:
        yield f"people: {', '.join(people)}"
    for event in data.get("events", ()):
        at, zone = datetime.fromisoformat(event["at"]), data["candidate"].get("timezone")
        local = f"{day_and_time(at.astimezone(ZoneInfo(zone)))}, {zone}" if zone else event["at"]
        yield f"interview: {local}, with {', '.join(event.get('with', ())) or 'nobody named'}"
    if data["company"].get("country") in SPEAKS_GERMAN and "language" not in data["company"]:
        yield f"You write to them in English; in German: followup set {name} company.language=de"
    yield "Next: followup today"
