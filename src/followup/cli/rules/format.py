"""`followup rules format`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from followup.cli.options import Options, pass_options, tell
from followup.errors import InputError, Problem, UsageError

__all__ = ["command"]


@click.command("format")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; list the files that would change, exit code 1.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@pass_options
def command(options: Options, paths: tuple[Path, ...], check: bool, diff: bool) -> None:
    """Rewrite scenarios, tests, settings, languages and messages in one style.

    Keys stand in the order in which a rule is read, each level is indented by two spaces, short lists
    stand in a row, quotes only where they are needed. Every comment stays with its line, and blank lines
    part what they parted. What comes out says the same as what went in, else the file is left as it is;
    so is one that cannot be read.

    PATH is a file, or a folder, of which all scenarios, tests, languages and messages are taken; without
    one, the folders of --rules. Exit code 1 with --check if a file would change; 2 if one cannot be read.

    \b
    Examples:
      followup rules format my-rules/
      followup rules format my-rules/scenario.yaml settings.yaml --diff
      followup rules format my-rules/ --check
    """
    given = paths or tuple(Path(folder) for folder in options.rules)
    if not given:
        raise UsageError("name a folder or a file, as in `followup rules format my-rules/`")
    problems: list[Problem] = []
    changed = seen = 0
    for path in dict.fromkeys(_files(given)):
        seen += 1
        try:
            changed += _format(path, write=not (check or diff), show=diff)
        except InputError as error:
            problems += error.problems
    tell(problems)
    verb = "would change" if check or diff else "formatted"
    click.echo(f"{changed} of {seen} file{'s' if seen != 1 else ''} {verb}")
    click.get_current_context().exit(2 if problems else 1 if check and changed else 0)


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    from followup.formatting.files import files_in

    for path in paths:
        if path.is_dir():
            yield from files_in(path)
        else:
            yield path


def _format(path: Path, *, write: bool, show: bool) -> bool:
    """Whether the file was not yet in the style. Raises InputError."""
    from followup.formatting import formatted
    from followup.formatting.files import read_text, rewrite
    from followup.linting.kinds import kind_of

    before = read_text(path)
    after = formatted(before, kind_of(path), str(path))
    if after == before:
        return False
    if write:
        rewrite(path, after)
    if show:
        click.echo("".join(_difference(before, after, str(path))), nl=False)
    else:
        click.echo(str(path))
    return True


def _difference(before: str, after: str, name: str) -> Iterator[str]:
    """A unified diff; a line that lacks its end gets one."""
    from difflib import unified_diff

    lines = unified_diff(before.splitlines(True), after.splitlines(True), name, name)
    yield from (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
