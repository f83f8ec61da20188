"""The corpus: small files of every kind, good and bad, and how each kind is read.

A bad YAML file says in its first line which problems it must give, as `LINE:COLUMN CODE`, in order.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from followup.engine import Engine
from followup.errors import InputError, Problem
from followup.states import read_file
from followup.testing.scenarios import run_tests

CORPUS = Path(__file__).parent / "corpus"
KINDS = ("state", "scenario", "settings", "tests")
GOOD, BAD, BEYOND = "good", "bad", "bad-beyond-schema"
MESSAGE = "---\nsubject: Hello\n---\nHello from {{ candidate.name }}.\n"
SETTABLE = """\
format: 1
scenario: mine
parameters: {pause: 1 week}
rules:
  hello: {intent: inquiry, after: interview, to: contact, via: [email], wait: $pause, open_for: 2 weeks}
  other: {intent: inquiry, after: interview, to: contact, via: [email], message: hello}
"""


def files(kind: str, *sorts: str) -> list[Path]:
    """The files of a kind, by name."""
    return sorted(path for sort in sorts for path in (CORPUS / kind / sort).iterdir())


def name(path: Path) -> str:
    """A file as tests name it."""
    return f"{path.parent.name}/{path.name}"


def load_pack(scenario: str, *, settings: Path | None = None, message: str | bytes = MESSAGE) -> Engine:
    """An engine with one scenario only, whose one message is `hello`."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "messages").mkdir()
        (folder / "scenario.yaml").write_text(scenario, "utf-8")
        data = message.encode("utf-8", "surrogatepass") if isinstance(message, str) else message
        (folder / "messages" / "hello.md").write_bytes(data)
        return Engine.load([folder], settings=settings, builtin=False, plugins=False)


def pack_problems(
    scenario: str, *, settings: Path | None = None, message: str | bytes = MESSAGE
) -> tuple[Problem, ...]:
    """What is wrong with a scenario."""
    try:
        load_pack(scenario, settings=settings, message=message)
    except InputError as error:
        return error.problems
    return ()


def read(kind: str, path: Path) -> None:
    """Read a file as its kind is read. Raises InputError."""
    if kind == "state":
        read_file(path)
    elif kind == "settings":
        load_pack(SETTABLE, settings=path)
    elif kind == "tests":
        run_tests(load_pack(SETTABLE), path)
    else:
        with TemporaryDirectory() as made:
            folder = Path(made)
            (folder / "messages").mkdir()
            shutil.copy(path, folder / "scenario.yaml")
            (folder / "messages" / "hello.md").write_text(MESSAGE, "utf-8")
            Engine.load([folder], builtin=False, plugins=False)


def problems_of(kind: str, path: Path) -> tuple[Problem, ...]:
    """What is wrong with a file of the corpus; nothing if it is good."""
    try:
        read(kind, path)
    except InputError as error:
        return error.problems
    return ()


def summary(problems: tuple[Problem, ...]) -> str:
    """Each problem as `LINE:COLUMN CODE`."""
    return ", ".join(f"{each.place.line}:{each.place.column} {each.code}" for each in problems)
