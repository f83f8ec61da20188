"""`followup batch`: many states in JSON Lines, planned on all cores."""

from __future__ import annotations

import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from followup.cli.opportunities import Options, pass_options
from followup.cli.reading import STDIN
from followup.cli.wording import printable
from followup.errors import FollowupError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from followup.batch import Cases
    from followup.cli.progress import Stream

__all__ = ["command"]

TOLD = 20
"""How many bad lines are told by word; all of them stand in the output."""
_TAIL = 64 * 1024
_FIRST = b'{"line":'
_BEGINNING = re.compile(re.escape(_FIRST) + rb"(\d+),")


@click.command("batch")
@click.argument("cases", metavar="CASES", type=click.Path(allow_dash=True))
@click.option("--now", metavar="TIME", help="The moment to plan for, with its offset; else the present.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; else standard output.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on where a run that was stopped left the output.")
@click.option(
    "--drafts/--no-drafts", default=False, help="With the words of each message.  [default: without]"
)
@click.option("--reasons/--no-reasons", default=True, help="With why, and why not.  [default: with]")
@click.option(
    "--processes", type=click.IntRange(1, 256), metavar="N",
    help="How many cores to use; else all that there are.",
)  # fmt: skip
@pass_options
def command(
    options: Options,
    cases: str,
    now: str | None,
    output: Path | None,
    resume: bool,
    drafts: bool,
    reasons: bool,
    processes: int | None,
) -> None:
    """Plan many states: a state as JSON in each line of CASES, a plan in each line that comes out.

    CASES is a file, also one compressed by gzip (`.gz`), or - for standard input. The order is kept, and
    memory does not grow with the number of lines. A line that cannot be planned comes out as its problems,
    is told on standard error, and the rest goes on; then the exit code is 2.

    \b
    Examples:
      followup batch cases.jsonl --now 2026-11-27T09:00-06:00 -o plans.jsonl
      followup batch cases.jsonl -o plans.jsonl --resume
      zcat cases.jsonl.gz | followup batch - | jq -c '.plan.followups[] | select(.status == "due") | .key'
    """
    from followup.batch import Wish, plan_cases
    from followup.cli.progress import streaming

    moment = _moment(now)
    if resume and output is None:
        raise UsageError("--resume goes on with a file; name it by --output")
    if output is not None and output.exists() and not resume:
        raise UsageError(f"{output} exists; take it away, or go on with it: --resume")
    if output is not None and output.suffix == ".gz":
        raise UsageError(f"--output writes plain lines; compress them: followup batch … | gzip > {output}")
    engine = options.engine()
    wish = Wish(moment, "standard input" if cases == STDIN else cases, drafts, reasons)
    bad = 0
    with streaming("batch") as stream, _written(output) as (write, done):
        lines = _cases(cases, done, stream)
        for planned in plan_cases(engine, lines, wish, processes=processes or _cores()):
            write(planned.json)
            stream.done(planned.count)
            for problems in list(planned.bad.values())[: max(0, TOLD - bad)]:
                click.echo(printable(problems[0]), err=True)
            bad += len(planned.bad)
    if bad > TOLD:
        click.echo(f"and {bad - TOLD} lines more; all stand in the output, with their problems", err=True)
    if bad:
        click.get_current_context().exit(2)


def _moment(now: str | None) -> datetime:
    """Where many states have many zones, a time must say its own."""
    from datetime import UTC, datetime

    from followup.cli.times import wall_clock

    if now is None:
        return wall_clock().astimezone(UTC).replace(microsecond=0)
    with suppress(ValueError):
        moment = datetime.fromisoformat(now.strip())
        if moment.tzinfo is not None:
            return moment
    raise UsageError(f"--now: `{now}` is no time with an offset; write it like 2026-11-27T09:00-06:00")


def _cores() -> int:
    with suppress(AttributeError):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _cases(path: str, after: int, stream: Stream) -> Iterator[Cases]:
    """The cases of a file, after so many lines; tells how much of the file has been read."""
    import gzip

    from followup.batch import cases_in

    if path == STDIN:
        yield from cases_in(sys.stdin.buffer, after=after)
        return
    try:
        with open(path, "rb") as file:
            size = os.stat(file.fileno()).st_size
            unpacked = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if path.endswith(".gz") else file
            for cases in cases_in(unpacked, after=after):
                stream.read(file.tell(), size)
                yield cases
    except (OSError, EOFError, zlib.error) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise UsageError(f"{path} cannot be read: {reason}") from None


@contextmanager
def _written(output: Path | None) -> Iterator[tuple[Callable[[bytes], object], int]]:
    """What writes, and the number of the last line of input whose plan stands in the output already."""
    if output is None:
        yield sys.stdout.buffer.write, 0
        sys.stdout.buffer.flush()
        return
    with _told(output):
        done = _go_on(output)
        stream = output.open("ab")

    def write(line: bytes) -> None:
        with _told(output):
            stream.write(line)

    try:
        yield write, done
    except (KeyboardInterrupt, FollowupError):
        if stream.tell():
            click.echo(f"Stopped; {output} holds what is done: go on with --resume.", err=True)
        raise
    finally:
        with _told(output):
            stream.close()


@contextmanager
def _told(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise UsageError(f"{output} cannot be written: {problem.strerror or problem}") from None


def _go_on(output: Path) -> int:
    """The line of input that the last line of an output is about; half a line after it is cut off."""
    if not output.exists():
        return 0
    with output.open("r+b") as stream:
        first = stream.read(len(_FIRST))
        last, half = _last_lines(stream) if first == _FIRST else (b"", first)
        number = _BEGINNING.match(last)
        if (last and not number) or not half.startswith(_FIRST[: len(half)]):
            raise UsageError(f"{output} is no output of followup batch and is left as it is")
        stream.truncate(stream.seek(0, os.SEEK_END) - len(half))
    return int(number[1]) if number else 0


def _last_lines(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The last whole line of a file, and what stands after it, read from the end."""
    begin, text = stream.seek(0, os.SEEK_END), b""
    while begin and text.count(b"\n") < 2:
        step = min(begin, _TAIL)
        begin -= step
        stream.seek(begin)
        text = stream.read(step) + text
    *_, last, half = (b"\n" + text).split(b"\n")
    return last, half
