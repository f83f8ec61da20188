"""`followup rules diff`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.opportunities import end_for, now_for
from followup.cli.options import Options, pass_options, tell
from followup.cli.reading import read_state
from followup.errors import InputError, Problem, UsageError

if TYPE_CHECKING:
    from followup.differing import RuleChange, StateDifference
    from followup.engine import Engine
    from followup.state import InterviewState

__all__ = ["command"]

LAST = "last"
STATES = (".yaml", ".yml", ".json")


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.argument("more", metavar="", nargs=-1, type=click.Path())
@click.option(
    "--states", "states", multiple=True, type=click.Path(), metavar="STATE...",
    help="States to plan under both: files, or folders of them.",
)  # fmt: skip
@click.option("--now", metavar="TIME", help="Compare the plans of this one moment.")
@click.option(
    "--from", "start", metavar="TIME",
    help="Where the comparison begins: a time, or `last` for each state's last event. [default: now]",
)  # fmt: skip
@click.option(
    "--until", metavar="TIME", default="8 weeks", show_default=True,
    help="How far it goes: a time, a day, or a length from the beginning.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "markdown", "json"]), default="table",
    show_default=True, help="For people, for notes, for programs.",
)  # fmt: skip
@pass_options
def command(
    options: Options,
    old: str,
    new: str,
    more: tuple[str, ...],
    states: tuple[str, ...],
    now: str | None,
    start: str | None,
    until: str,
    form: str,
) -> None:
    """Show what a change of rules changes, in the rules and in the plans of your own states.

    OLD and NEW are folders of rules, settings files, `builtin`, or a folder as git had it: REVISION:FOLDER.
    A scenario in a folder stands in place of the built-in one of its name.

    Each state is planned under both, and played forward: each message is sent when it is due, nobody
    answers. Told is each follow-up that comes, goes, or goes out at another time, to another person, by
    another channel or in other words, and which rule or guard decides.

    JSON has no names, words or addresses in it: it can be shown to whoever wrote the rules.

    Exit code 0: no difference; 1: differences; 2: something cannot be read.

    \b
    Examples:
      followup rules diff builtin my-rules/ --states states/
      followup rules diff builtin settings.yaml --states initech.yaml --until 2027-01-31
      followup rules diff HEAD~1:my-rules my-rules --states states/*.yaml --from last
    """
    from followup.cli.sides import side
    from followup.differing import rule_changes

    if now is not None and start is not None:
        raise UsageError("name --now, for one moment, or --from and --until; not both")
    with side(options, old) as before, side(options, new) as after:
        rules = rule_changes(before, after)
        files = list(_files((*states, *more)))
        differences: list[StateDifference] = []
        unreadable = False
        for path in _told(files):
            try:
                differences.append(_difference(before, after, path, now or start, until if not now else ""))
            except InputError as error:
                unreadable = True
                tell(error.problems)
    _print(rules, differences, form, (old, new), asked=bool(files))
    changed = bool(rules) or any(each.changes for each in differences)
    click.get_current_context().exit(2 if unreadable else 1 if changed else 0)


def _files(paths: tuple[str, ...]) -> Iterator[str]:
    """The files of states: those named, and those in the folders that are named. Raises UsageError."""
    for path in dict.fromkeys(paths):
        folder = Path(path)
        if not folder.is_dir():
            yield path
            continue
        found = sorted(file for file in folder.iterdir() if file.suffix in STATES and file.is_file())
        if not found:
            raise UsageError(f"{path} holds no state; name a folder with .yaml or .json files in it")
        yield from map(str, found)


def _told(files: list[str]) -> Iterator[str]:
    from followup.cli.progress import counting

    with counting("states") as told:
        for done, file in enumerate(files, 1):
            yield file
            told(done, len(files))


def _difference(old: Engine, new: Engine, path: str, start: str | None, until: str) -> StateDifference:
    """What differs in one state. Raises InputError where one side cannot read it."""
    from followup.differing import compare_states

    state = read_state(new, path).state
    try:
        before = read_state(old, path).state
    except InputError as error:
        raise type(error)(
            Problem(each.code, f"under the old rules: {each.text}", each.place, each.cure)
            for each in error.problems
        ) from None
    begin = _beginning(state, start)
    end = end_for(state, until, begin) if until else begin
    return compare_states((old, before), (new, state), begin, end, name=path)


def _beginning(state: InterviewState, start: str | None) -> datetime:
    if start == LAST:
        last = max((event.at for event in state.events), default=None)
        return now_for(state, last.isoformat() if last else None)[0]
    return now_for(state, start)[0]


def _print(
    rules: Sequence[RuleChange],
    differences: Sequence[StateDifference],
    form: str,
    names: tuple[str, str],
    *,
    asked: bool,
) -> None:
    if form == "json":
        import msgspec

        from followup.differing.reporting import report

        click.echo(msgspec.json.encode(report(rules, differences)))
    elif form == "markdown":
        from followup.cli.markdown_differences import differences_markdown

        click.echo("\n".join(differences_markdown(rules, differences, names, asked=asked)))
    else:
        from followup.cli.drawing import draw
        from followup.cli.drawing_differences import draw_differences

        draw(draw_differences(rules, differences, names, asked=asked))
